"""Findings by what the checking agency has to do about them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from vn_edoc.findings import Check, Finding, Outcome, Severity
from vn_edoc.law import rule_texts

__all__ = ["Action", "action_of", "grouped", "to_supply"]

_OWN_DUTIES = frozenset({"R40", "R41", "R42", "R43", "R50", "R60"})
"""Duties of the receiver: acknowledging, giving reasons, submitting, cancelling, registering once."""


class Action(StrEnum):
    """What to do about a finding."""

    REFUSE = "refuse"
    """Từ chối tiếp nhận, yêu cầu gửi lại: a ground (QĐ 28/2018/QĐ-TTg Điều 5.4, 9.1)."""
    SUPPLY = "supply"
    """Bổ sung dữ kiện rồi kiểm tra lại: a question that keeps the value of the document open."""
    ASK_SENDER = "ask_sender"
    """Yêu cầu bên gửi khắc phục: a duty of the sender is breached, the document stands."""
    OWN_DUTY = "own_duty"
    """Bên nhận tự khắc phục: a duty of the receiver is breached."""
    LOOK = "look"
    """Xem xét: a fault of form or a doubt, for a person to weigh."""
    KNOW = "know"
    """Để biết: nothing to do."""

    def label(self, lang: str = "vi") -> str:
        """The heading of the group, in ``"vi"`` or ``"en"``."""
        return _LABELS[self][lang == "en"]


_LABELS = {
    Action.REFUSE: (
        "Căn cứ để từ chối tiếp nhận, yêu cầu gửi lại",
        "Grounds to refuse the document and ask for it again",
    ),
    Action.SUPPLY: ("Cần bổ sung dữ kiện rồi kiểm tra lại", "Supply what is missing, then check again"),
    Action.ASK_SENDER: ("Yêu cầu bên gửi khắc phục", "Ask the sender to put right"),
    Action.OWN_DUTY: ("Việc của bên nhận", "For the receiver to put right"),
    Action.LOOK: ("Cần người xem xét: thể thức, nghi vấn", "For a person to weigh: form and doubts"),
    Action.KNOW: ("Để biết, không phải làm gì", "Worth knowing, nothing to do"),
}


def action_of(finding: Finding, checks: Iterable[Check] = ()) -> Action:
    """What to do about one finding. ``checks`` tell which deciding rules are still open: their doubts ask for facts,
    those of a rule that was evaluated ask for a person's judgement."""
    text = rule_texts().rules.get(finding.rule)
    severity = finding.severity
    if severity is Severity.FATAL or (severity is Severity.ERROR and text is not None and text.refusal):
        return Action.REFUSE
    if finding.rule in _OWN_DUTIES and severity is not Severity.INFO:
        return Action.OWN_DUTY
    if severity is Severity.ERROR:
        return Action.ASK_SENDER
    if severity is Severity.WARNING:
        waits = text is not None and (text.undecides or (text.decides and finding.rule in _unanswered(checks)))
        return Action.SUPPLY if waits else Action.LOOK
    return Action.KNOW


def _unanswered(checks: Iterable[Check]) -> set[str]:
    return {c.rule for c in checks if c.outcome is Outcome.NOT_EVALUATED}


def grouped(findings: Iterable[Finding], checks: Iterable[Check]) -> list[tuple[Action, list[Finding]]]:
    """Findings by what to do, the most pressing first; empty groups left out."""
    groups: dict[Action, list[Finding]] = {action: [] for action in Action}
    waiting = [c for c in checks if c.outcome is Outcome.NOT_EVALUATED]
    for finding in findings:
        groups[action_of(finding, waiting)].append(finding)
    return [(action, found) for action, found in groups.items() if found]


def to_supply(checks: Iterable[Check], findings: Iterable[Finding]) -> list[Check]:
    """Deciding rules that could not be evaluated and of which no finding speaks: facts to supply."""
    texts = rule_texts().rules
    said = {f.rule for f in findings}
    return [
        c
        for c in checks
        if c.outcome is Outcome.NOT_EVALUATED
        and c.rule in texts
        and (texts[c.rule].decides or texts[c.rule].undecides or c.rule == "R03")
        and c.rule not in said
    ]
