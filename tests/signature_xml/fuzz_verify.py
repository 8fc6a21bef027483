"""Coverage-guided fuzzing of the verifiers: ``python -m tests.signature_xml.fuzz_verify -max_total_time=600``.

The only promise: no exception leaves, and nothing that was not signed passes.
"""

from __future__ import annotations

import inspect
import io
import sys

import atheris

with atheris.instrument_imports(include=["vn_edoc.signature.xml", "vn_edoc.signature.packet", "vn_edoc.xml"]):
    pass

from tests.signature.cast import EVIDENCE, TRUST, signer
from vn_edoc.signature import sign_xml, verify_packet, verify_xml


def _seed() -> bytes:
    out = io.BytesIO()
    sign_xml(b'<r xmlns="urn:r"><a Id="x">1</a></r>', out, signer("agency"))
    return out.getvalue()


SEED = _seed()
CONTENT = b'<r xmlns="urn:r"><a Id="x">1</a></r>'


def one_input(data: bytes) -> None:
    """The input as a document, as a packet, and as a patch on a signed document."""
    verify_packet(data)
    patches = [data]
    if len(data) > 4:
        at = int.from_bytes(data[:2], "big") % len(SEED)
        patches.append(SEED[:at] + data[3:] + SEED[at + data[2] :])
    for patched in patches:
        for one in verify_xml(patched, trust=TRUST, evidence=EVIDENCE).signatures:
            if one.indication == "TOTAL-PASSED" and one.content.read() != CONTENT:
                raise AssertionError("something that was not signed passes")


if __name__ == "__main__":
    for module in [m for name, m in sys.modules.items() if name.startswith(("vn_edoc.signature.", "vn_edoc.xml."))]:
        for value in list(vars(module).values()):
            if inspect.isfunction(value) and value.__module__ == module.__name__:
                atheris.instrument_func(value)
            elif inspect.isclass(value) and value.__module__ == module.__name__:
                for method in vars(value).values():
                    if inspect.isfunction(method):
                        atheris.instrument_func(method)
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
