"""Codes of agencies and organisations (mã định danh điện tử): QCVN 102:2016 and QĐ 20/2020/QĐ-TTg articles 4, 5, 6."""

from __future__ import annotations

import re

from vn_edoc.errors import InvalidCode
from vn_edoc.identifiers.value import Identifier

TYPE_CHECKING = False  # type checkers take it as true; importing typing would cost most of the import's time
if TYPE_CHECKING:
    from typing import Any, ClassVar, Literal, Self

    from vn_edoc.findings import Finding
    from vn_edoc.identifiers.lenient import Lenient

    Scheme = Literal["qcvn102", "qd20", "enterprise", "other", "technical"]

__all__ = ["AgencyCode"]

MAX_LENGTH = 35
"""Longest code: QĐ 20/2020/QĐ-TTg Điều 4, Điều 6."""

_FORM = re.compile(
    r"(?P<qd20>(?=.{3,35}\Z)[A-Y][0-9]{2}(?:\.[0-9A-Z]+)*)"
    r"|(?P<qcvn102>[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Y][0-9]{2})"
    r"|(?P<enterprise>(?:02)?[0-9]{10}(?:-?(?!000)[0-9]{3})?)"
    r"|(?P<other>Z(?!00)[0-9]{2}.{1,32})"
    r"|(?P<technical>(?:[0-9]{2}\.){2,3}W[0-9]{2}|(?=.{5,35}\Z)vxp(?:\.[a-z0-9]+)+)"
)
_match = _FORM.fullmatch
_new = object.__new__
_put = object.__setattr__
_SCHEME_ORDER = {"qd20": 0, "qcvn102": 1, "enterprise": 2, "other": 3, "technical": 4}


class AgencyCode(Identifier):
    """The code of an agency or organisation on an e-document.

    ``scheme`` tells the rule that the code follows:

    - ``qcvn102``: ``VVV.ZZ.YY.MXX``, lowest level first, 13 characters (QCVN 102:2016/BTTTT, TT 10/2016/TT-BTTTT);
    - ``qd20``: ``MXX[.g2[.g3…]]``, highest level first, at most 35 (QĐ 20/2020/QĐ-TTg Điều 4);
    - ``enterprise``: the registration number of an enterprise, cooperative or household business, 10 digits, 13 for a
      dependent unit, 12 for a household on its owner's personal number (Điều 5); the exchange axis writes ``02`` before
      it. The check digit is not judged here but told by :attr:`findings`: the article names no algorithm;
    - ``other``: ``Zxy`` and up to 32 characters (Điều 6);
    - ``technical``: nodes of the exchange axis, ``02.29.W00`` and ``vxp.saas.03``: no act defines them.

    Neither act gives a check digit for agency codes: only :class:`AgencyRegistry` finds a wrong but well-formed code.
    """

    __slots__ = ("scheme",)

    scheme: Scheme
    """The rule that the code follows."""

    _field: ClassVar[str] = "agency_code"
    _schema: ClassVar[dict[str, Any]] = {
        "description": "Mã định danh điện tử của cơ quan, tổ chức (QĐ 20/2020/QĐ-TTg; QCVN 102:2016/BTTTT)",
        "minLength": 3,
        "maxLength": MAX_LENGTH,
        "pattern": (
            r"^(?:[A-Y][0-9]{2}(?:\.[0-9A-Z]+)*|[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Y][0-9]{2}"
            r"|(?:02)?[0-9]{10}(?:-?[0-9]{3})?|[0-9]{12}|Z[0-9]{2}.{1,32}|(?:[0-9]{2}\.){2,3}W[0-9]{2}"
            r"|vxp(?:\.[a-z0-9]+)+)$"
        ),
        "examples": ["H29.12", "000.00.12.H29", "0100233488"],
    }

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a code as the acts write it.

        Raises :class:`~vn_edoc.errors.InvalidCode`: ``position``, ``segment``, ``expected`` and ``rule`` (the act) say
        where and why. Case, spaces and Unicode forms are not repaired here: see :meth:`parse_lenient`.
        """
        try:
            match = _match(text)
        except TypeError:
            match = None
        if match is None:
            if type(text) is str and len(text) == 12 and text.isascii() and text.isdigit():
                return cls._make(text, scheme="enterprise")
            from vn_edoc.identifiers.agency_errors import diagnose

            raise diagnose(text)
        scheme = match.lastgroup
        self = _new(cls)
        if scheme == "enterprise":
            if len(text) in (13, 15) and text[-4] != "-":
                text = f"{text[:-3]}-{text[-3:]}"
        elif scheme == "other":
            from vn_edoc.identifiers.agency_errors import require_plain

            require_plain(text)
        _put(self, "_text", text)
        _put(self, "scheme", scheme)
        return self

    @classmethod
    def parse_lenient(cls, text: object) -> Lenient[AgencyCode]:
        """Read what real systems emit, repair what has one certain reading, and tell every repair.

        Repaired: case, spaces, Unicode forms and look-alike letters, a dropped leading zero group (``28.22.H17``), a
        missing dot (``000.1137.H53``). ``null`` and the like, and what fits no scheme, give ``code=None`` and an error
        finding. Never raises.
        """
        from vn_edoc.identifiers.agency_lenient import read

        return read(text)

    @property
    def groups(self) -> tuple[str, ...]:
        """The parts between dots, highest level first in both schemes: ``("H29", "12")``; zero groups at the end of an
        old code are left out."""
        if self.scheme == "qd20":
            return tuple(self._text.split("."))
        if self.scheme == "qcvn102":
            parts = self._text.split(".")[::-1]
            while len(parts) > 1 and not parts[-1].strip("0"):
                parts.pop()
            return tuple(parts)
        return (self._text,)

    @property
    def level(self) -> int | None:
        """1 for a body of the central list, 2 for the units below it, and so on; ``None`` where the scheme has none."""
        return len(self.groups) if self.scheme in ("qd20", "qcvn102") else None

    @property
    def root(self) -> AgencyCode:
        """The level-1 code, ``H29``: letter and number are the same in both schemes. Of a dependent unit of an
        enterprise the enterprise, else the code itself."""
        if self.scheme == "qd20":
            return AgencyCode._make(self._text[:3], scheme="qd20")
        if self.scheme == "qcvn102":
            return AgencyCode._make(self._text[-3:], scheme="qd20")
        return self.parent or self

    @property
    def parent(self) -> AgencyCode | None:
        """The code one level up in the same scheme; ``None`` at the top."""
        if self.scheme == "qd20":
            head = self._text.rpartition(".")[0]
            return AgencyCode._make(head, scheme="qd20") if head else None
        if self.scheme == "qcvn102":
            level = len(self.groups)
            if level == 1:
                return None
            parts = self._text.split(".")
            parts[4 - level] = "0" * len(parts[4 - level])
            return AgencyCode._make(".".join(parts), scheme="qcvn102")
        if self.scheme == "enterprise" and "-" in self._text:
            return AgencyCode._make(self._text[:-4], scheme="enterprise")
        return None

    @property
    def ancestors(self) -> tuple[AgencyCode, ...]:
        """Parent, its parent, up to level 1; in the same scheme."""
        above: list[AgencyCode] = []
        code = self.parent
        while code is not None:
            above.append(code)
            code = code.parent
        return tuple(above)

    def is_under(self, other: AgencyCode) -> bool:
        """Whether ``other`` is among the ancestors, read by position in either scheme."""
        if self.scheme not in ("qd20", "qcvn102"):
            return other in self.ancestors
        mine, its = self.groups, other.groups
        return len(mine) > len(its) and mine[: len(its)] == its

    def to_qd20(self) -> AgencyCode | None:
        """The code in the scheme of QĐ 20/2020: groups turned round, zero groups at the end left out.

        A candidate only: the decision has no rule of conversion and a body may renumber; certain at level 1. ``None``
        for codes that belong to neither agency scheme.
        """
        if self.scheme == "qd20":
            return self
        if self.scheme == "qcvn102":
            return AgencyCode._make(".".join(self.groups), scheme="qd20")
        return None

    def to_qcvn102(self) -> AgencyCode | None:
        """The code in the old scheme, a candidate as in :meth:`to_qd20`.

        ``None`` where none exists: more than four levels, a level 2 or 3 that is not two digits, a level 4 of more than
        three digits, letters, or a last group of zeros, which would mean "no unit" in the old scheme.
        """
        if self.scheme == "qcvn102":
            return self
        if self.scheme != "qd20":
            return None
        groups = self._text.split(".")
        root, low = groups[0], groups[1:]
        widths = (2, 2, 3)
        if len(low) > 3 or (low and not low[-1].strip("0")):
            return None
        padded = []
        for group, width in zip(low, widths, strict=False):
            if not group.isdigit() or (len(group) > width if width == 3 else len(group) != width):
                return None
            padded.append(group.rjust(width, "0"))
        padded += ["0" * width for width in widths[len(padded) :]]
        return AgencyCode._make(".".join([*padded[::-1], root]), scheme="qcvn102")

    def format(self, style: str = "official") -> str:
        """``"official"`` as written; ``"qd20"`` and ``"qcvn102"`` the candidate in that scheme, raising
        :class:`~vn_edoc.errors.InvalidCode` where there is none; ``"compact"`` without dots and hyphens."""
        if style == "qd20" or style == "qcvn102":
            other = self.to_qd20() if style == "qd20" else self.to_qcvn102()
            if other is None:
                raise InvalidCode(
                    f"{self._text} has no form in the scheme {style}",
                    f"mã {self._text} không có dạng tương ứng theo cấu trúc {style}",
                    field=self._field,
                    value=self._text,
                    rule="20/2020/QĐ-TTg" if style == "qd20" else "10/2016/TT-BTTTT",
                )
            return other._text
        if style == "compact":
            return self._text.replace(".", "").replace("-", "")
        return super().format(style)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is odd about the form: a gap in the chain of levels, unusual widths, zero groups, letters without a
        group of bodies, a failing check digit of an enterprise. Warnings and infos, never errors."""
        from vn_edoc.identifiers.agency_lenient import oddities

        return oddities(self)

    def _order(self) -> tuple[Any, ...]:
        return (self.groups, _SCHEME_ORDER[self.scheme], self._text)
