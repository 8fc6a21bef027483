"""Coverage-guided fuzzing of the packet reader: ``python -m tests.fuzz.fuzz_envelope CORPUS [libFuzzer options]``.

The only assertion is the boundary promise: whatever the bytes, a packet with findings or an exception of our own.
"""

from __future__ import annotations

import sys
from contextlib import suppress

import atheris

with atheris.instrument_imports(include=["vn_edoc"]):
    import vn_edoc
    from vn_edoc.envelope import redact

from vn_edoc.errors import Unreadable, VnEdocError

_BOUNDS = vn_edoc.Limits(
    seconds=5, packet_bytes=4 << 20, xml_skeleton_bytes=1 << 20, attachment_bytes=4 << 20, xml_elements=20_000
)


def one(data: bytes) -> None:
    """Read, look at everything, redact, and read what was redacted."""
    first, mark, second = data.partition(b"\0SECOND\0")
    try:
        packet = vn_edoc.read(first, limits=_BOUNDS, attachments=second if mark else None)
    except Unreadable as error:
        if not error.findings:
            raise AssertionError("unreadable without a finding") from error
        return
    with packet:
        assert packet.kind in {"document", "status", "attachments", "error_report"}
        for finding in packet.findings:
            finding.to_dict()
        if packet.message is not None:
            packet.message.to_json()
        for attachment in packet.attachments:
            if not attachment.damaged:
                attachment.read()
        with suppress(VnEdocError):
            vn_edoc.read(redact(packet)[0], limits=_BOUNDS).close()


def main() -> None:
    """Hand over to libFuzzer."""
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
