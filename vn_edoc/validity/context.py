"""What only the host system knows about an exchange."""

from __future__ import annotations

import json
import re
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    WithJsonSchema,
)

from vn_edoc._data import data_text
from vn_edoc.findings import reckonable

__all__ = ["Context", "PaperList", "StatusEvent", "Transport"]


class Transport(StrEnum):
    """The channel a document travelled by. QĐ 28/2018/QĐ-TTg Điều 1.1, 4.1."""

    AXIS = "axis"
    """Trục liên thông văn bản quốc gia."""
    LGSP = "lgsp"
    """Nền tảng tích hợp, chia sẻ dữ liệu của bộ, tỉnh, nối hai hệ thống quản lý văn bản."""
    DOCUMENT_SYSTEM = "document_system"
    """Within one document-management system, or between two that are connected."""
    EMAIL = "email"
    """Thư điện tử."""
    MESSENGER = "messenger"
    """Mạng xã hội, ứng dụng nhắn tin."""
    PORTABLE = "portable"
    """USB, đĩa."""
    OTHER = "other"
    """Any other channel."""

    @property
    def connected_systems(self) -> bool:
        """Whether it counts as "qua hệ thống quản lý văn bản và điều hành" of Điều 4.1."""
        return self in {Transport.AXIS, Transport.LGSP, Transport.DOCUMENT_SYSTEM}


def _reckonable(moment: datetime) -> datetime:
    if not reckonable(moment):
        raise ValueError("no year that every time zone has (2 to 9998)")
    return moment


_ISO = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})$"
"""Time of day with its zone (RFC 3339; seconds may be left out)."""


def _written(value: object) -> object:
    """A moment or its text; never a number, of which nobody sees that it is one."""
    if isinstance(value, datetime) or (isinstance(value, str) and re.match(_ISO, value, re.ASCII)):
        return value
    raise ValueError("a time is written with its zone, such as 2026-10-15T10:45:00+07:00")


Moment = Annotated[
    AwareDatetime,
    BeforeValidator(_written),
    AfterValidator(_reckonable),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": _ISO}),
]


def _said(value: object) -> object:
    """A blank says nothing; it is no code of an agency that nobody has."""
    return None if isinstance(value, str) and not value.strip() else value


Said = Annotated[str | None, BeforeValidator(_said)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class StatusEvent(_Model):
    """One status that was sent about the document (edXML StatusCode)."""

    code: Annotated[str, Field(pattern=r"^[0-9]{1,2}$")]
    """StatusCode, ``01`` to ``16``."""
    at: Moment
    """When it was sent; an aware datetime."""
    organ_id: Said = None
    """Code of the agency that sent it."""
    description: Said = None
    """Its Description (diễn giải, lý do)."""


class PaperList(_Model):
    """A published list under QĐ 28/2018/QĐ-TTg Điều 7.2: kinds of documents that are also sent on paper."""

    issuer: str
    """Agency code of the body whose list it is; it applies to that body and the units below it."""
    type_names: tuple[str, ...] = ()
    """Tên loại văn bản on the list, as NĐ 30/2020/NĐ-CP Điều 7 spells them."""
    source: str = ""
    """The act that set the list."""


class Context(_Model):
    """What only the host system knows. Every field may be left out; what is missing is not guessed.

    Times are aware datetimes; they are shown with +07:00.
    """

    @staticmethod
    def json_schema() -> dict[str, Any]:
        """The published JSON Schema (2020-12) of the JSON form."""
        text = data_text("vn_edoc.validity", "context.schema.json")
        schema: dict[str, Any] = json.loads(text)
        return schema

    transport: Transport | None = None
    """Channel the packet came by."""
    sent_at: Moment | None = None
    """When it left the sender's system (Luật 20/2023/QH15 Điều 15)."""
    received_at: Moment | None = None
    """When it entered the receiver's system and was accessible (Luật 20/2023/QH15 Điều 17)."""
    receiver_code: Said = None
    """Agency code of the body that checks: the receiver's own code."""
    issuer_code: Said = None
    """Agency code of the issuer, for a file that comes without a packet."""
    issuer_name: Said = None
    """Name of the issuer, for a file that comes without a packet."""
    paper_sent: StrictBool | None = None
    """Whether a paper copy was sent as well."""
    paper_lists: tuple[PaperList, ...] = ()
    """Lists of kinds that are also sent on paper (Điều 7.2)."""
    already_registered: StrictBool | None = None
    """Register look-up: the document id, or number, symbol and issuer, is already there."""
    status_history: tuple[StatusEvent, ...] = ()
    """Statuses exchanged about the document so far."""
    submitted_at: Moment | None = None
    """When the receiver's clerk submitted it to the person in charge."""
    recall_requested_at: Moment | None = None
    """When the sender asked to recall it."""
    cancelled_at: Moment | None = None
    """When the receiver cancelled it on its system after a recall."""
    delegations: tuple[str, ...] = ()
    """Full names that hold a written delegation (thừa ủy quyền) at the time."""
    tls_version: Said = None
    """TLS version of the connection on record, such as ``1.3``."""
    peer_authenticated: StrictBool | None = None
    """Whether the connected peer was authenticated."""
    receipt_evidence_at: Moment | None = None
    """Time of a receipt that proves the signed file existed then (for instance the axis' signed log)."""
