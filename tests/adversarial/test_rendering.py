"""Hostile text in a report: shown, never obeyed."""

from __future__ import annotations

import json

from vn_edoc import verify
from vn_edoc.testing import SampleBuilder


def test_controls_and_directions_are_escaped_in_every_form() -> None:
    hostile = "\u009b2J\u202e\u200b"
    sample = SampleBuilder().make("good")
    packet = sample.packet.replace("rà soát".encode(), f"&lt;script>{hostile}".encode(), 1)
    report = verify(packet)
    for text in (report.to_json(), report.to_text("vi"), report.to_text("en"), report.to_html("vi")):
        assert not set("\u009b\u202e\u200b") & set(text)
    assert "<script>" not in report.to_html("vi")
    assert hostile in json.loads(report.to_json())["packet"]["subject"]
