"""Number and symbol of documents (số, ký hiệu văn bản): four grammars, told apart by their shape."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from vn_edoc._unicode import composed as as_composed
from vn_edoc.errors import InvalidCode
from vn_edoc.identifiers.text import LOOKALIKES, MISSING, invisible, tone_key
from vn_edoc.identifiers.value import Identifier, shown

if TYPE_CHECKING:
    from vn_edoc.findings import Finding
    from vn_edoc.identifiers.document_type import DocumentType, TypeKind

__all__ = ["DocumentNumber", "Grammar"]

Grammar = Literal["administrative", "normative", "national_assembly", "party"]
"""Which rule the number follows."""

_LONGEST = 120
_LETTER = "A-Za-zÀ-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ"
_WORD = rf"[0-9{_LETTER}][0-9{_LETTER}.&]*"
_SYMBOL = rf"{_WORD}(?:-{_WORD})*"
_SERIAL = rf"(?P<serial>[0-9]{{1,11}})(?P<suffix>[{_LETTER}]?)"
# Compiled by re at the first use and kept there: together they take longer than the rest of the module.
_ASSEMBLY = rf"(?i:{_SERIAL}/(?P<year>[0-9]{{4}})/(?P<issuer>(?:UBTV)?QH[0-9]{{1,2}}))"
_NORMATIVE = rf"{_SERIAL}/(?P<year>[0-9]{{4}})/(?P<symbol>{_SYMBOL})"
_ADMINISTRATIVE = rf"{_SERIAL}/(?P<symbol>{_SYMBOL})"
_PARTY = rf"{_SERIAL}-(?P<type>{_WORD})/(?P<issuer>{_SYMBOL})"
_JOINT = frozenset({"ttlt", "nqlt"})
# Types whose abbreviation is often typed without the stroke of Đ; HD, DA stand for other types and are not here.
_STROKELESS = {"qd": "QĐ", "qyd": "QyĐ", "cd": "CĐ"}
_KINDS: dict[Grammar, tuple[TypeKind, ...]] = {
    "administrative": ("copy", "administrative", "consolidated"),
    "normative": ("normative", "consolidated"),
    "national_assembly": (),
    "party": ("party",),
}


class DocumentNumber(Identifier):
    """Số và ký hiệu of a document, with the parts that the type table tells.

    - ``administrative``: ``15/QĐ-UBND``, ``9318/VPCP-KSTT`` (NĐ 30/2020/NĐ-CP Phụ lục I, III). The first group is the
      type if the table has it, else the issuer: ``KH-UBND`` and ``UBND-TH`` name the issuer in different places;
    - ``normative``: ``28/2018/QĐ-TTg``, ``05/2016/TTLT-BKHCN-BTTTT``; a first group that no table has is read as the
      issuer, the type left open;
    - ``national_assembly``: ``202/2025/QH15``;
    - ``party``: ``57-NQ/TW``.

    Faults of form that leave the meaning alone do not stop :meth:`parse`: they are put right in the normal text and
    told by :attr:`findings`; ``given`` keeps the text as read. Number and symbol are unique within one issuer and year.
    """

    __slots__ = ("_faults", "copy", "given", "grammar", "issuer", "issuers", "serial", "type", "unit", "year")

    given: str
    """The text as it was read."""
    grammar: Grammar
    """The rule it follows."""
    serial: int
    """The number (số)."""
    year: int | None
    """The year in the number; only normative documents and the National Assembly's have it."""
    type: DocumentType | None
    """The type (tên loại); công văn where an administrative symbol names none; ``None`` where it cannot be told."""
    copy: DocumentType | None
    """SY, TrS or SL: the document is a copy of that form."""
    issuer: str
    """Abbreviation of the issuing body (or office of the signer, ``TTg``); empty where the symbol names none."""
    issuers: tuple[str, ...]
    """All issuers of a joint document; else the one."""
    unit: str | None
    """Drafting unit or field: ``KSTT`` in ``9318/VPCP-KSTT``."""

    _field: ClassVar[str] = "document_number"
    _schema: ClassVar[dict[str, Any]] = {
        "description": "Số, ký hiệu văn bản (NĐ 30/2020/NĐ-CP Phụ lục I, III)",
        "maxLength": _LONGEST,
        "examples": ["15/QĐ-UBND", "28/2018/QĐ-TTg", "57-NQ/TW"],
    }

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read number and symbol; :class:`~vn_edoc.errors.InvalidCode` where no grammar fits."""
        if not isinstance(text, str) or text.strip().lower() in MISSING:
            raise _refuse(text, None, "a number and a symbol", "số và ký hiệu")
        if len(text) > _LONGEST:
            raise _refuse(text, _LONGEST, f"at most {_LONGEST} characters", f"nhiều nhất {_LONGEST} ký tự")
        faults: list[str] = []
        plain = _plain(text, faults)
        match = re.fullmatch(_ASSEMBLY, plain)
        if match is not None:
            return cls._assembly(text, match, faults)
        match = re.fullmatch(_NORMATIVE, plain)
        if match is not None:
            return cls._symbol(text, "normative", match, faults)
        match = re.fullmatch(_PARTY, plain)
        if match is not None:
            return cls._party(text, match, faults)
        match = re.fullmatch(_ADMINISTRATIVE, plain)
        if match is not None:
            return cls._symbol(text, "administrative", match, faults)
        raise _explain(text, plain)

    @classmethod
    def _assembly(cls, given: str, match: re.Match[str], faults: list[str]) -> Self:
        issuer = match["issuer"].upper()
        if issuer != match["issuer"]:
            faults.append("case")
        number = _number(match, faults)
        return cls._make(
            f"{number}/{match['year']}/{issuer}",
            given=given,
            grammar="national_assembly",
            serial=int(match["serial"]),
            year=int(match["year"]),
            type=None,
            copy=None,
            issuer=issuer,
            issuers=(issuer,),
            unit=None,
            _faults=tuple(faults),
        )

    @classmethod
    def _party(cls, given: str, match: re.Match[str], faults: list[str]) -> Self:
        group = _capitals([match["type"]], faults)[0]
        kind, group = _type(group, "party", faults)
        if kind is None:
            faults.append("unknown_type")
        issuer = "-".join(_capitals(match["issuer"].split("-"), faults))
        return cls._make(
            f"{_number(match, faults)}-{group}/{issuer}",
            given=given,
            grammar="party",
            serial=int(match["serial"]),
            year=None,
            type=kind,
            copy=None,
            issuer=issuer,
            issuers=(issuer,),
            unit=None,
            _faults=tuple(faults),
        )

    @classmethod
    def _symbol(cls, given: str, grammar: Grammar, match: re.Match[str], faults: list[str]) -> Self:
        from vn_edoc.identifiers.document_type import document_types

        groups = _capitals(match["symbol"].split("-"), faults)
        kind, groups[0] = _type(groups[0], grammar, faults)
        if grammar == "normative" and kind is None:
            kind, groups[0] = _type(groups[0], "administrative", faults)
            if kind is not None:
                grammar = "administrative"
                faults.append("year")
            else:
                faults.append("unknown_type")
        issuer, unit = "", None
        issuers: tuple[str, ...] = ()
        if kind is None and grammar == "normative":
            rest = groups
        elif kind is None:
            kind = next(t for t in document_types() if t.name == "Công văn")
            needless = groups[0].upper() == "CV" and len(groups) > 1
            if needless:
                faults.append("needless_type")
            rest = groups[1:] if needless else groups
        else:
            rest = groups[1:]
        if not rest:
            faults.append("no_issuer")
        elif grammar == "normative" and groups[0].lower() in _JOINT:
            issuers = tuple(rest)
            issuer = rest[0]
        else:
            issuer = rest[0]
            issuers = (issuer,)
            unit = "-".join(rest[1:]) or None
        is_copy = kind is not None and kind.kind == "copy"
        year = match.groupdict().get("year")
        number = _number(match, faults)
        symbol = "-".join(groups)
        return cls._make(
            f"{number}/{year}/{symbol}" if year else f"{number}/{symbol}",
            given=given,
            grammar=grammar,
            serial=int(match["serial"]),
            year=int(year) if year else None,
            type=None if is_copy else kind,
            copy=kind if is_copy else None,
            issuer=issuer,
            issuers=issuers,
            unit=unit,
            _faults=tuple(faults),
        )

    @property
    def number(self) -> str:
        """The number with its leading zero, as edXML ``CodeNumber`` carries it: ``05``, ``28/2018``."""
        return self._text.split("-", 1)[0] if self.grammar == "party" else self._text.rpartition("/")[0]

    @property
    def symbol(self) -> str:
        """The symbol (ký hiệu), as edXML ``CodeNotation`` carries it: ``QĐ-UBND``, ``NQ/TW``."""
        return self._text.split("-", 1)[1] if self.grammar == "party" else self._text.rpartition("/")[2]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Faults of form, put right in the normal text, and doubts."""
        from vn_edoc.identifiers.document_findings import faults

        return faults(self, self._faults)  # type: ignore[attr-defined]

    def check_type(self, type_name: str) -> tuple[Finding, ...]:
        """Whether a stated type name (``"Quyết định"``, ``"Công văn"``, ``"QĐ"``) agrees with the symbol.

        Returns nothing if it does, else a warning that names both. A type that no table has is undetermined (info).
        """
        from vn_edoc.identifiers.document_findings import type_against_symbol

        return type_against_symbol(self, type_name)

    def format(self, style: str = "official") -> str:
        """``"official"``; ``"given"`` as read; ``"full"`` with the word: ``Số: 15/QĐ-UBND``; ``"file"`` safe in a file
        name: ``15-QĐ-UBND``."""
        if style == "given":
            return self.given
        if style == "full":
            return f"Số: {self._text}"
        if style == "file":
            return self._text.replace("/", "-")
        return super().format(style)

    def _order(self) -> tuple[Any, ...]:
        return (self.issuer, self.year or 0, tone_key(self.symbol), self.serial, self._text)


def _plain(text: str, faults: list[str]) -> str:
    composed = as_composed(text)
    if composed != text:
        faults.append("unicode")
    same = "".join(c for c in composed.translate(LOOKALIKES) if not invisible(c) or c.isspace())
    if same != composed:
        faults.append("lookalike")
    bare = "".join(same.split())
    head = bare[:3].lower()
    if head.startswith("số"):
        bare = bare[2:].lstrip(":")
        faults.append("label")
    if bare != same and "label" not in faults:
        faults.append("spaces")
    for dash in "\u2010\u2011\u2012\u2013\u2014\u2212":
        if dash in bare:
            bare = bare.replace(dash, "-")
            faults.append("dash")
    return bare


def _number(match: re.Match[str], faults: list[str]) -> str:
    serial, suffix = match["serial"], match["suffix"]
    value = int(serial)
    right = f"{value:02d}"
    if value == 0:
        faults.append("zero")
    elif len(serial) == 1:
        faults.append("leading_zero")
    elif serial != right:
        faults.append("extra_zero")
    if suffix:
        faults.append("suffix")
    return right + suffix


def _capitals(groups: list[str], faults: list[str]) -> list[str]:
    """Groups typed all in small letters in capitals; small letters inside an abbreviation (TTg, QyĐ) stay."""
    out = []
    for group in groups:
        right = group
        if group.lower() == "ttg":
            right = "TTg"
        elif not any(c.isupper() for c in group) and any(c.islower() for c in group):
            right = group.upper()
        out.append(right)
    if out != groups:
        faults.append("case")
    return out


def _type(group: str, grammar: Grammar, faults: list[str]) -> tuple[DocumentType | None, str]:
    from vn_edoc.identifiers.document_type import by_abbreviation

    table = by_abbreviation(*_KINDS[grammar])
    kind = table.get(group.lower())
    if kind is None:
        stroke = "NĐ" if grammar == "normative" and group.lower() == "nd" else _STROKELESS.get(group.lower())
        kind = table.get(stroke.lower()) if stroke else None
        if kind is not None:
            faults.append("stroke")
    if kind is None:
        return None, group
    if kind.abbreviation != group and "stroke" not in faults and "case" not in faults:
        faults.append("case")
    return kind, kind.abbreviation


def _refuse(text: object, position: int | None, en: str, vi: str, segment: str | None = None) -> InvalidCode:
    rule = "Phụ lục I Nghị định số 30/2020/NĐ-CP"
    return InvalidCode(
        f"{shown(text)} is no document number: expected {en} ({rule})",
        f"{shown(text)} không phải số, ký hiệu văn bản: cần {vi} ({rule})",
        field="document_number",
        value=text if isinstance(text, str) else None,
        rule=rule,
        position=position,
        segment=segment,
        expected=en,
    )


def _explain(text: str, plain: str) -> InvalidCode:
    digits = len(plain) - len(plain.lstrip("0123456789"))
    if digits == 0:
        return _refuse(text, 0, "a number first", "số đứng trước", plain[:1])
    if digits > 11:
        return _refuse(text, 11, "at most 11 digits", "số không quá 11 chữ số", plain[:digits])
    if "/" not in plain:
        return _refuse(text, digits, "a slash before the symbol", "dấu gạch chéo trước ký hiệu", plain[digits:][:40])
    at = next((i for i, c in enumerate(plain) if not (c.isalnum() or c in "/-.&")), None)
    if at is not None:
        return _refuse(text, at, "letters, digits, / and -", "chữ, số, dấu / và -", plain[at])
    return _refuse(text, digits, "groups joined by - after the number", "các nhóm nối bằng dấu - sau số", plain[digits:][:40])  # fmt: skip  # noqa: E501
