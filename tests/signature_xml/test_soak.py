"""A packet of a gigabyte: signed and verified in little memory; and longer random runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.duration import turns
from tests.signature.cast import EVIDENCE, PKI, TRUST
from tests.signature_xml.test_packet import HEADED, SEALED
from tests.signature_xml.test_xml import FLIPPED, only
from vn_edoc.signature import verify_packet, verify_xml

SCRIPT = """
import os, resource, sys
from datetime import date
from pathlib import Path
import vn_edoc
from vn_edoc.envelope import AttachmentSource, DocumentMessage, Organization
from vn_edoc.signature import PacketSealer, Pkcs12Signer, sign_packet, verify_packet

folder, size = Path(sys.argv[1]), int(sys.argv[2])
signer = Pkcs12Signer(folder / "agency.p12", "test")
organ = Organization(organ_id="000.00.12.H29", organ_name="Sở Nội vụ")
message = DocumentMessage.new(sender=organ, receivers=[organ], number=1, notation="QĐ", date=date(2026, 5, 4),
                              type_name="Quyết định", subject="Gói tin lớn", signer="Nguyễn Văn Thử")

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

with (folder / "big.pdf").open("wb") as big:
    big.write(b"%PDF-1.4\\n")
    block = os.urandom(1 << 20)
    for _ in range(size >> 20):
        big.write(block)

def run(attachment, name):
    file = folder / f"{name}.edxml"
    for form in ("seal", "header"):
        vn_edoc.write(message, file, attachments=[AttachmentSource(attachment, name="a.pdf")],
                      sealer=PacketSealer(signer, form=form))
        assert verify_packet(file).state == "verifies"
        sign_packet(file, folder / "twice.edxml", signer, form=form)
        assert verify_packet(folder / "twice.edxml").state == "verifies"
        file.unlink()

run(b"%PDF-1.4 small", "small")
before = peak()
run(folder / "big.pdf", "big")
print(peak() - before)
"""


@pytest.mark.soak
def test_a_gigabyte_in_little_memory(tmp_path: Path) -> None:
    (tmp_path / "agency.p12").write_bytes(PKI["agency"].pkcs12(b"test"))
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path), str(1 << 30)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) < 64, f"{run.stdout.strip()} MiB above the imported library"


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_changes_of_every_kind(data: st.DataObject) -> None:
    """Cuts, repetitions, flips and exchanges never make a verifier fall over, nor a changed content pass."""
    base = data.draw(st.sampled_from([FLIPPED, SEALED, HEADED]))
    changed = bytearray(base)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, max(len(changed) - 1, 0)))
        length = data.draw(st.integers(1, 200))
        kind = data.draw(st.sampled_from(["cut", "repeat", "flip", "move"]))
        piece = bytes(changed[at : at + length])
        if kind == "cut":
            del changed[at : at + length]
        elif kind == "repeat":
            changed[at:at] = piece
        elif kind == "flip" and changed:
            changed[at] ^= 1 << data.draw(st.integers(0, 7))
        elif kind == "move":
            del changed[at : at + length]
            to = data.draw(st.integers(0, len(changed)))
            changed[to:to] = piece
    if base is FLIPPED:
        content = only(FLIPPED).content.read()
        for one in verify_xml(bytes(changed), trust=TRUST, evidence=EVIDENCE).signatures:
            assert one.indication != "TOTAL-PASSED" or one.content.read() == content
    else:
        verify_packet(bytes(changed), trust=TRUST, evidence=EVIDENCE)


@pytest.mark.fuzz
def test_many_changes_of_every_kind() -> None:
    for _ in turns():
        test_changes_of_every_kind()
