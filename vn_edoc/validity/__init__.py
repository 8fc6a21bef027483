"""Facts, rules, conclusions and the legal report.

>>> from vn_edoc.validity import RulePack
>>> RulePack.bundled().rule("R37").text.basis[0].cite()
'khoản 2 Điều 6 Quyết định số 28/2018/QĐ-TTg'
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vn_edoc.validity.aio import averify as averify
    from vn_edoc.validity.aio import averify_many as averify_many
    from vn_edoc.validity.conclusions import DocumentConclusion as DocumentConclusion
    from vn_edoc.validity.conclusions import DocumentValue as DocumentValue
    from vn_edoc.validity.conclusions import ExchangeConclusion as ExchangeConclusion
    from vn_edoc.validity.conclusions import ExchangeValue as ExchangeValue
    from vn_edoc.validity.context import Context as Context
    from vn_edoc.validity.context import PaperList as PaperList
    from vn_edoc.validity.context import StatusEvent as StatusEvent
    from vn_edoc.validity.context import Transport as Transport
    from vn_edoc.validity.facts import Facts as Facts
    from vn_edoc.validity.pack import Rule as Rule
    from vn_edoc.validity.pack import RulePack as RulePack
    from vn_edoc.validity.report import Report as Report
    from vn_edoc.validity.verifier import Verifier as Verifier
    from vn_edoc.validity.verifier import verify as verify

_HOME = {
    "Context": "context",
    "DocumentConclusion": "conclusions",
    "DocumentValue": "conclusions",
    "ExchangeConclusion": "conclusions",
    "ExchangeValue": "conclusions",
    "Facts": "facts",
    "PaperList": "context",
    "Report": "report",
    "Rule": "pack",
    "RulePack": "pack",
    "StatusEvent": "context",
    "Transport": "context",
    "Verifier": "verifier",
    "averify": "aio",
    "averify_many": "aio",
    "verify": "verifier",
}

__all__ = [
    "Context",
    "DocumentConclusion",
    "DocumentValue",
    "ExchangeConclusion",
    "ExchangeValue",
    "Facts",
    "PaperList",
    "Report",
    "Rule",
    "RulePack",
    "StatusEvent",
    "Transport",
    "Verifier",
    "averify",
    "averify_many",
    "verify",
]


def __getattr__(name: str) -> Any:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
