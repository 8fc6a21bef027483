"""What a packet says and what is told of it, made when somebody asks.

Reading a packet finds its structure, and decodes and checks its attachments. The values of its message, and the
findings about these and about the structure, follow from the parsed tree alone: they are the same whenever they are
made, also after the packet was closed.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

from vn_edoc.envelope.dialects.base import Dialect
from vn_edoc.envelope.elements import Values, group_named
from vn_edoc.envelope.grouping import Reader
from vn_edoc.envelope.notes import Notes
from vn_edoc.envelope.packet import SignatureState
from vn_edoc.envelope.structure import Structure, child
from vn_edoc.findings import Finding
from vn_edoc.xml.parse import local_name
from vn_edoc.xml.ranges import Skeleton

__all__ = ["Telling"]

_HELD = 1024 * 1024
"""Largest skeleton whose nodes are all held while it is read: they take as much memory as the tree itself."""


class Telling:
    """The message's values and the findings of one packet.

    ``before`` and ``after`` hold what was noted on the way to the message, and about manifest and attachments;
    ``read_on`` is the day of reading, in Vietnam.
    """

    def __init__(
        self,
        found: Structure,
        dialect: Dialect,
        skeleton: Skeleton,
        before: Notes,
        after: Notes,
        state: SignatureState,
        read_on: date,
    ) -> None:
        self._found = found
        self._dialect = dialect
        self._skeleton = skeleton
        self._before = before
        self._after = after
        self._state = state
        self._read_on = read_on

    @cached_property
    def _read(self) -> tuple[Values | None, Notes]:
        return self._told(Reader(self._dialect, self._skeleton, Notes(self._before.limits)))

    def take(self, reader: Reader) -> None:
        """Make the values now, with a reader that has given back texts from the source already."""
        told_elsewhere = reader.notes
        reader.tell(Notes(self._before.limits))
        self.__dict__["_read"] = self._told(reader)
        reader.tell(told_elsewhere)

    def _told(self, reader: Reader) -> tuple[Values | None, Notes]:
        # Held, because lxml makes the object of a node anew in each walk unless somebody does.
        nodes = list(self._found.root.iter()) if len(self._skeleton.data) <= _HELD else []
        values = _message(self._found, reader)
        del nodes
        return values, reader.notes

    def __deepcopy__(self, memo: object) -> Telling:
        # Nothing in it changes, and copies of single elements would have lost the tree around them.
        return self

    @property
    def values(self) -> Values | None:
        """The values of the message; ``None`` for a file of attachments."""
        return self._read[0]

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, the gravest first."""
        # The checks bring in all of the identifiers, which nobody needs who does not ask what is wrong.
        from vn_edoc.envelope.checks import check_message
        from vn_edoc.envelope.shape import check_shape

        values, told = self._read
        notes = Notes(told.limits)
        for part in (self._before, told, self._after):
            notes.join(part)
        check_shape(self._found, self._state, self._dialect, values, notes)
        check_message(values, notes, read_on=self._read_on)
        return notes.findings()


_NO_VALUES = frozenset({"messageheader", "traceheaderlist"})
"""Elements beside an error report that are no values of it."""


def _message(found: Structure, reader: Reader) -> Values | None:
    if found.kind == "attachments":
        return None
    if found.kind == "error_report":
        assert found.errors is not None
        report = group_named("ErrorReport")
        return report(reader.values(found.errors, report, local_name(found.errors.tag), _NO_VALUES))
    message = group_named("StatusMessage" if found.kind == "status" else "DocumentMessage")
    values: dict[str, Any] = {}
    if found.message is not None:
        values = reader.values(found.message, message, "MessageHeader")
    extensions = list(values.get("extensions", ()))
    if found.trace is not None:
        trace = reader.group(found.trace, group_named("TraceHeaderList"), "TraceHeaderList")
        if found.kind == "document":
            values["trace"] = trace
        else:
            extensions.append(reader.extension(found.trace, "TraceHeaderList"))
    body = child(found.body, "content")
    if found.kind == "document" and body is not None:
        text, _ = reader.text(body, "edXMLBody/Content")
        if text := text.strip(" \t\r\n"):
            values["body_content"] = text
    unknown = list(found.unknown)
    if found.errors is not None and (errors := child(found.errors, "errorlist")) is not None:
        unknown.append((f"{local_name(found.errors.tag)}/{local_name(errors.tag)}", errors))
    most = reader.notes.limits.findings
    for path, element in unknown[:most]:
        extensions.append(reader.extension(element, path))
        reader.told.unknown(path)
    reader.notes.unlisted += len(unknown[most:])
    if extensions:
        values["extensions"] = tuple(extensions)
    return message(values)
