"""Facts, rules, conclusions and the legal report.

>>> from vn_edoc.validity import RulePack
>>> RulePack.bundled().rule("R37").text.basis[0].cite()
'khoản 2 Điều 6 Quyết định số 28/2018/QĐ-TTg'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vn_edoc._lazy import lazily

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
    from vn_edoc.validity.many import Judged as Judged
    from vn_edoc.validity.many import verify_many as verify_many
    from vn_edoc.validity.pack import Override as Override
    from vn_edoc.validity.pack import Rule as Rule
    from vn_edoc.validity.pack import RulePack as RulePack
    from vn_edoc.validity.report import PackUsed as PackUsed
    from vn_edoc.validity.report import Report as Report
    from vn_edoc.validity.revocation import RevocationSource as RevocationSource
    from vn_edoc.validity.timeline import Event as Event
    from vn_edoc.validity.timeline import EventKind as EventKind
    from vn_edoc.validity.todo import Action as Action
    from vn_edoc.validity.verifier import Verifier as Verifier
    from vn_edoc.validity.verifier import verify as verify

_HOME = {
    "Action": "todo",
    "Context": "context",
    "DocumentConclusion": "conclusions",
    "DocumentValue": "conclusions",
    "Event": "timeline",
    "EventKind": "timeline",
    "ExchangeConclusion": "conclusions",
    "ExchangeValue": "conclusions",
    "Facts": "facts",
    "Judged": "many",
    "Override": "pack",
    "PackUsed": "report",
    "PaperList": "context",
    "Report": "report",
    "RevocationSource": "revocation",
    "Rule": "pack",
    "RulePack": "pack",
    "StatusEvent": "context",
    "Transport": "context",
    "Verifier": "verifier",
    "averify": "aio",
    "averify_many": "aio",
    "verify": "verifier",
    "verify_many": "many",
}

__all__ = [
    "Action",
    "Context",
    "DocumentConclusion",
    "DocumentValue",
    "Event",
    "EventKind",
    "ExchangeConclusion",
    "ExchangeValue",
    "Facts",
    "Judged",
    "Override",
    "PackUsed",
    "PaperList",
    "Report",
    "RevocationSource",
    "Rule",
    "RulePack",
    "StatusEvent",
    "Transport",
    "Verifier",
    "averify",
    "averify_many",
    "verify",
    "verify_many",
]

__getattr__, __dir__ = lazily(__name__, _HOME)
