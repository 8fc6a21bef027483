"""Every worked example of the reference, through the public ``deadline``."""

from __future__ import annotations

import csv
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

from vn_edoc.calendar import Timeliness, deadline, timeliness
from vn_edoc.findings import VIETNAM

RULES: dict[str, tuple[str, str | None]] = {
    "civil_days": ("civil.days", "days"),
    "civil_weeks": ("civil.weeks", "weeks"),
    "civil_months": ("civil.months", "months"),
    "civil_years": ("civil.years", "years"),
    "civil_hours": ("civil.hours", "hours"),
    "working_days": ("working.days", "days"),
    "working_hours": ("working.hours", "hours"),
    "working_days_before": ("working.days_before", "days"),
    "one_stop_working_days": ("onestop.process", "days"),
    "one_stop_transfer_after_15h": ("onestop.transfer", None),
    "one_stop_return_incomplete": ("onestop.return_incomplete", None),
    "pause_resume": ("onestop.process", "days"),
    "apology_letter_latest": ("onestop.apology", None),
    "certification_same_day_15h": ("certification.same_day", None),
    "civil_status_same_day_15h": ("civil_status.same_day", None),
    "secured_transaction_15h": ("secured_transaction", None),
    "edoc_send_next_morning": ("qd28.send", None),
    "nd30_submit_next_working_day": ("nd30.submit", None),
    "nd30_ack_same_day": ("nd30.acknowledge", None),
    "complaint_accept": ("complaint.accept", None),
    "complaint_resolve_first": ("complaint.first", None),
    "complaint_resolve_second": ("complaint.second", None),
    "complaint_send_decision": ("complaint.send_decision", None),
    "denunciation_resolve": ("denunciation.resolve", None),
    "vbqppl_effective_central": ("law.effective_central", None),
    "vbqppl_effective_local": ("law.effective_local", None),
    "archive_submit": ("archive.submit", None),
    "tax_due_roll": ("tax.due", None),
}


def test_every_worked_example(shared: Path) -> None:
    text = (shared / "data" / "deadline_examples.csv").read_text(encoding="utf-8")
    examples = list(csv.DictReader(text.splitlines()))
    assert len(examples) >= 47
    for row in examples:
        name = re.match(r"\w+", row["rule"])
        assert name is not None
        if name[0] == "return_status":
            due = datetime(2026, 3, 12, 16, tzinfo=VIETNAM)
            for came, expected in ((11, "truoc_han"), (12, row["expected_deadline"]), (13, "qua_han")):
                assert timeliness(due, datetime(2026, 3, came, 9, tzinfo=VIETNAM)).timeliness == Timeliness(expected)
            continue
        rule, keyword = RULES[name[0]]
        more: dict[str, Any] = {}
        if keyword is not None:
            amount = re.search(r"\((\d+)", row["rule"])
            assert amount is not None
            more[keyword] = int(amount[1])
        if name[0] == "pause_resume":
            more |= {"used": 3, "supplemented_at": date(2026, 3, 16)}
        at = row["start"]
        start = datetime.fromisoformat(at).replace(tzinfo=VIETNAM) if "T" in at else date.fromisoformat(at)
        due = deadline(rule, start, **more)
        found = f"{due.at:%Y-%m-%dT%H:%M}" if due.at else due.day.isoformat()
        assert found == row["expected_deadline"], row
        assert due.steps and due.basis
