"""Nothing is concluded from a packet that stands in a container: it is not the file that was signed and sent."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from tests.envelope.test_containers import multipart, zipped
from tests.validity.judged import sample
from vn_edoc.identifiers import Bindings
from vn_edoc.signature import Evidence, TrustStore
from vn_edoc.validity import DocumentValue, Verifier


@pytest.fixture(scope="module")
def verifier(tmp_path_factory: pytest.TempPathFactory) -> Verifier:
    folder: Path = tmp_path_factory.mktemp("given")
    sample().write(folder)
    return Verifier(
        trust=TrustStore.load(folder / "trust"),
        evidence=Evidence.load(folder / "evidence"),
        bindings=Bindings.load(folder / "bindings.csv"),
    )


@pytest.mark.parametrize("form", ["binary", "base64", "zip"])
def test_a_packet_in_a_container_is_undetermined(verifier: Verifier, form: str) -> None:
    one = sample()
    given = {
        "binary": multipart([("Content-Type: text/xml", one.packet)]),
        "base64": multipart(
            [("Content-Type: text/xml\nContent-Transfer-Encoding: base64", base64.encodebytes(one.packet))]
        ),
        "zip": zipped(("a.edxml", one.packet)),
    }[form]
    alone, inside = (verifier.verify(data, at=one.judged_at).document for data in (one.packet, given))
    assert alone is not None
    assert inside is not None
    assert alone.value is DocumentValue.ORIGINAL
    assert inside.value is DocumentValue.UNDETERMINED
    rule = "envelope.zip" if form == "zip" else "envelope.multipart"
    assert rule in {f.rule for f in inside.reasons}
