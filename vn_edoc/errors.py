"""The exceptions of the library.

Judging never raises: ``verify`` turns whatever is wrong with a file into findings. Reading raises only where nothing
can be read. Making (constructing, writing, signing) raises when it is given something wrong.

::

    VnEdocError
    ├── Unreadable        nothing can be read; ``findings`` say why
    ├── NotConforming     strict mode met an error finding; ``findings`` say which
    ├── SourceError       a path or stream cannot be opened, read or written
    ├── UsageError        an argument is wrong (also a ValueError)
    │   └── InvalidCode   a code or number does not follow its act
    ├── LimitExceeded     a bound of ``Limits`` was reached
    ├── SigningError      a key, certificate, token or signing service refused
    └── TransportError    a partner system or service could not be reached or answered wrongly

No exception of lxml, asn1crypto, pyHanko, zipfile or cryptography crosses the library's boundary.
"""

from __future__ import annotations

TYPE_CHECKING = False  # type checkers take it as true; importing typing would cost most of the import's time
if TYPE_CHECKING:
    from vn_edoc.findings import Finding

__all__ = [
    "InvalidCode",
    "LimitExceeded",
    "NotConforming",
    "SigningError",
    "SourceError",
    "TransportError",
    "Unreadable",
    "UsageError",
    "VnEdocError",
]


class VnEdocError(Exception):
    """Root of all exceptions of this library.

    ``str(error)`` is the English message; ``message_vi`` is the Vietnamese one. ``field`` names what was wrong,
    ``value`` is what was found there and ``rule`` is the rule or act that it broke, each ``None`` where it has no
    meaning.
    """

    def __init__(
        self,
        message_en: str,
        message_vi: str | None = None,
        *,
        field: str | None = None,
        value: object = None,
        rule: str | None = None,
    ) -> None:
        super().__init__(message_en)
        self.message_en = message_en
        self.message_vi = message_vi if message_vi is not None else message_en
        self.field = field
        self.value = value
        self.rule = rule

    def message(self, lang: str = "vi") -> str:
        """The message in ``"vi"`` or ``"en"``."""
        return self.message_en if lang == "en" else self.message_vi


class _WithFindings(VnEdocError):
    def __init__(self, message_en: str, message_vi: str | None = None, *, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(message_en, message_vi)
        self.findings = findings


class Unreadable(_WithFindings):
    """Nothing can be read from the source; ``findings`` say where and why."""


class NotConforming(_WithFindings):
    """Strict mode met at least one finding of severity error or fatal; ``findings`` lists all so far."""


class SourceError(VnEdocError):
    """A path or stream cannot be opened, read or written."""


class UsageError(VnEdocError, ValueError):
    """An argument has the wrong type, form or combination; ``field`` names it."""


class InvalidCode(UsageError):
    """A code or number does not follow the act that defines it.

    ``position`` is the 0-based offset in the given text, ``segment`` the part that is wrong, ``expected`` what the
    act asks for there. Each is ``None`` where it cannot be told.
    """

    def __init__(
        self,
        message_en: str,
        message_vi: str | None = None,
        *,
        field: str | None = None,
        value: object = None,
        rule: str | None = None,
        position: int | None = None,
        segment: str | None = None,
        expected: str | None = None,
    ) -> None:
        super().__init__(message_en, message_vi, field=field, value=value, rule=rule)
        self.position = position
        self.segment = segment
        self.expected = expected


class LimitExceeded(VnEdocError):
    """A bound of :class:`vn_edoc.limits.Limits` was reached; ``field`` is the bound's name, ``value`` what was met."""


class SigningError(VnEdocError):
    """A key, certificate, token or signing service refused to sign."""


class TransportError(VnEdocError):
    """A partner system or network service could not be reached, or answered wrongly."""
