"""Acts, their articles' notation and their dates in force, as data (``data/acts.csv``).

>>> from datetime import date
>>> from vn_edoc.law import act, basis, in_force
>>> act("nd30").number
'30/2020/NĐ-CP'
>>> basis("nd30:32.2d").cite()
'điểm d khoản 2 Điều 32 Nghị định số 30/2020/NĐ-CP'
>>> in_force("tt22-2020", date(2025, 9, 1))
False
"""

from __future__ import annotations

from vn_edoc._lazy import lazily
from vn_edoc.law.acts import Act, Certainty, act, acts, basis, ended, in_force

TYPE_CHECKING = False  # type checkers take it as true; importing typing would cost most of the import's time
if TYPE_CHECKING:
    from vn_edoc.law.paper import no_paper_kinds as no_paper_kinds
    from vn_edoc.law.rules import RuleText as RuleText
    from vn_edoc.law.rules import RuleTexts as RuleTexts
    from vn_edoc.law.rules import rule_texts as rule_texts
    from vn_edoc.law.succession import governed_on as governed_on

_HOME = {
    "RuleText": "rules",
    "RuleTexts": "rules",
    "governed_on": "succession",
    "no_paper_kinds": "paper",
    "rule_texts": "rules",
}

__all__ = [
    "Act",
    "Certainty",
    "RuleText",
    "RuleTexts",
    "act",
    "acts",
    "basis",
    "ended",
    "governed_on",
    "in_force",
    "no_paper_kinds",
    "rule_texts",
]

__getattr__, __dir__ = lazily(__name__, _HOME)
