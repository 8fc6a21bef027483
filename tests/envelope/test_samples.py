"""Every sample is read with the kind and dialect that its table tells."""

from __future__ import annotations

import csv
from pathlib import Path

import vn_edoc


def test_kind_and_dialect_of_every_sample(shared: Path) -> None:
    folder = shared / "samples" / "edxml"
    rows = list(csv.DictReader((folder / "expected.csv").read_text("utf-8").splitlines()))
    assert len(rows) >= 18
    for row in rows:
        with vn_edoc.read(folder / row["file"]) as packet:
            assert (packet.kind, packet.dialect) == (row["kind"], row["dialect"]), row["file"]
            assert all(not a.damaged for a in packet.attachments)
