"""Which certificate belongs to which agency: dated rows agency code ↔ certificate subject, and the names of the lists.

An agency's signature counts only if its certificate is that agency's (NĐ 30/2020/NĐ-CP Điều 5.1). What binds them is a
dated row (certificate, tax code, budget code, name) or the exact name of the organisation; anything less is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vn_edoc.errors import UsageError
from vn_edoc.identifiers.agency import AgencyCode
from vn_edoc.identifiers.binding import (
    Binding,
    BindingResult,
    CertificateSubject,
    Means,
    another_holder,
    hex_of,
    honest,
    identities,
    number_of,
    row_of,
)
from vn_edoc.identifiers.days import as_day
from vn_edoc.identifiers.names import name_key, same_without_accents
from vn_edoc.identifiers.value import shown
from vn_edoc.limits import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    from vn_edoc.identifiers.registry import AgencyRegistry

__all__ = ["Bindings"]


# Names of a registry that are only derived, second-hand or unverified neither bind nor contradict.
_SURE = ("official", "own")
_HIGHEST = 16
"""Bodies above one another that are looked through."""


class Bindings:
    """A register of bindings, asked as of a date. Immutable and safe to share between threads.

    ``registry`` adds the exact names of its agencies as of the date, and its old-scheme aliases. Without any row and
    registry every answer is ``unknown``.
    """

    def __init__(self, rows: Iterable[Binding] = (), *, registry: AgencyRegistry | None = None) -> None:
        self._registry = registry
        self.rows: tuple[Binding, ...] = tuple(rows)
        """All rows, in the order given."""
        self._other_codes = {str(row.other_code): str(row.agency_code) for row in self.rows if row.other_code}
        self._by_agency: dict[str, list[Binding]] = {}
        self._by: dict[Means, dict[str, list[Binding]]] = {"certificate": {}, "mst": {}, "mns": {}, "name": {}}
        for row in self.rows:
            self._by_agency.setdefault(self._key(row.agency_code), []).append(row)
            for means, value in identities(row).items():
                self._by[means].setdefault(value, []).append(row)
        self._refuse_shared_certificates()

    @classmethod
    def load(
        cls, path: str | Path, *, registry: AgencyRegistry | None = None, limits: Limits | None = None
    ) -> Bindings:
        """Read a CSV or Excel file with a heading, or a JSON file with a list of objects (or ``{"rows": […]}``).

        Columns are the fields of :class:`Binding`; dates ISO 8601. Raises :class:`~vn_edoc.errors.SourceError` if the
        file cannot be read, :class:`~vn_edoc.errors.UsageError` for a wrong row.
        """
        from vn_edoc.identifiers.tables import read_table

        return cls.from_rows(read_table(Path(path), limits or DEFAULT_LIMITS), registry=registry)

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, Any]], *, registry: AgencyRegistry | None = None) -> Bindings:
        """Make a register from mappings with the fields of :class:`Binding` as text (or dates)."""
        return cls((row_of(number, row) for number, row in enumerate(rows, 1)), registry=registry)

    def to_rows(self) -> list[dict[str, str]]:
        """All rows as text, as :meth:`from_rows` takes them."""
        return [
            {f.name: "" if (value := getattr(row, f.name)) is None else str(value) for f in fields(row)}
            for row in self.rows
        ]

    def check(self, agency_code: AgencyCode | str | None, subject: CertificateSubject, *, on: date) -> BindingResult:
        """Whether the certificate with that subject was the agency's on that day. Never raises for content.

        In order: the certificate's own hash; rows of the agency that the subject meets in every field both state (the
        code of an enterprise is itself a tax code); identities that rows give to other agencies only; the exact name in
        the registry; number and name that both differ from all rows of the agency. A name below level 1 counts only
        with the body above it in O or OU. ``on`` is a date or an aware time.
        """
        code = agency_code if isinstance(agency_code, AgencyCode) else AgencyCode.parse_lenient(agency_code).code
        if code is None:
            return _unknown("không đọc được mã định danh của cơ quan", "the agency's code cannot be read")
        me, on = self._key(code), as_day(on)
        known = self._listed("certificate", hex_of(subject.certificate_sha256))
        listed = [row for row in known if row.valid_on(on)]
        if listed:
            mine = next((row for row in listed if self._key(row.agency_code) == me), None)
            return self._bound(mine, "certificate") if mine else self._not_mine(code, listed, "certificate")
        if known:
            return _unknown(
                f"dòng ghi chính chứng thư này không có hiệu lực vào ngày {on:%d/%m/%Y}",
                f"the row of this very certificate is not valid on {on.isoformat()}",
            )
        mine_row = next(((r, m) for r in self._of(me, on) for m in [self._meets(r, subject, on)] if m), None)
        mine_row = mine_row or _registrationnumber_of(code, subject)
        theirs = self._theirs(me, subject, on)
        if mine_row and theirs:
            other = theirs[0][0].agency_code
            return _unknown(
                f"chứng thư khớp dòng của {code} nhưng cũng mang thông tin của {other}",
                f"the certificate meets a row of {code}, but also carries what belongs to {other}",
            )
        if mine_row:
            shared = self._shared if mine_row[1] == "name" else self._contested
            return shared(code, me, subject, on) or self._bound(*mine_row)
        if theirs:
            return self._not_mine(code, *theirs)
        return (
            self._by_registry(code, me, subject, on)
            or self._refuted(code, me, subject, on)
            or self._why_unknown(code, me, subject, on)
        )

    def _key(self, code: AgencyCode) -> str:
        """One key for the codes of one agency: level 1 is the same in both schemes, else what registry or rows tell."""
        if code.level == 1:
            return str(code.root)
        if self._registry is not None:
            listed = self._registry.get(code)
            if listed is not None and listed.match != "candidate":
                return str(listed.code)
        return self._other_codes.get(str(code), str(code))

    def _of(self, me: str, on: date) -> list[Binding]:
        return [row for row in self._by_agency.get(me, ()) if row.valid_on(on)]

    def _listed(self, means: Means, value: str | None) -> list[Binding]:
        return self._by[means].get(value, []) if value else []

    def _theirs(self, me: str, subject: CertificateSubject, on: date) -> tuple[list[Binding], Means] | None:
        """Rows of other agencies that have the subject's tax code, budget code or name, where the agency has none."""
        asked: tuple[tuple[Means, str | None], ...] = (
            ("mst", number_of(subject.mst)),
            ("mns", number_of(subject.mns)),
            ("name", name_key(subject.holder) if subject.holder else None),
        )
        for means, value in asked:
            rows = [row for row in self._listed(means, value) if row.valid_on(on)]
            if means == "name":
                rows = [row for row in rows if self._named(row, subject, on)]
            if rows and all(self._key(row.agency_code) != me for row in rows):
                return rows, means
        return None

    def _not_mine(self, code: AgencyCode, rows: list[Binding], means: Means) -> BindingResult:
        """What the subject carries is in rows of other codes: another agency, unless one may be the same agency."""
        for row in rows:
            if _candidates(code, row.agency_code):
                return _unknown(
                    f"thông tin trong chứng thư thuộc dòng của {row.agency_code}, có thể là mã khác của {code}; "
                    "cần ghi cả hai mã (other_code)",
                    f"what the certificate carries is in the row of {row.agency_code}, which may be the other code of "
                    f"{code}; give both codes (other_code)",
                )
        return self._contradicted(rows[0], means)

    def _meets(self, row: Binding, subject: CertificateSubject, on: date) -> Means | None:
        """What binds the subject to the row, if every field that both state agrees."""
        if row.certificate_sha256 is not None:
            return None  # the row is about one certificate, which was asked before
        if row.organisation and subject.misleads:
            return None
        met: Means | None = None
        for means, own, carried in (("mns", row.mns, subject.mns), ("mst", row.mst, subject.mst)):
            if own and carried:
                if number_of(own) != number_of(carried):
                    return None
                met = means  # type: ignore[assignment]
        if row.organisation and subject.holder:
            if name_key(row.organisation) != name_key(subject.holder):
                return None
            if met is None and self._named(row, subject, on):
                met = "name"
        return met

    def _named(self, row: Binding, subject: CertificateSubject, on: date) -> bool:
        """Whether the row's name, which the subject has, identifies the agency."""
        return row.organisation is not None and self._above(
            row.agency_code, row.organisation, row.parent_organisation, subject, on
        )

    def _above(self, code: AgencyCode, name: str, parent: str | None, subject: CertificateSubject, on: date) -> bool:
        """Whether the certificate puts its holder directly under the body that stands above the agency.

        O is above what OU names. What stands between the two, or above in another body, makes it another holder: every
        department has its Văn phòng, and every province its Sở Y tế.
        """
        if len({name_key(text) for text in subject.organisations}) > 1:
            return False  # two bodies above: the certificate does not say whose the holder is
        if not all(honest(text) for text in (*subject.organisations, *subject.units)):
            return False
        own = {name_key(name)}
        top = {name_key(text) for text in subject.organisations if text} - own
        between = {name_key(text) for text in subject.units if text} - own
        if code.level == 1 and parent is None:
            return not top and not between
        bodies = self._bodies_above(code, on)
        direct = self._names_of(bodies[0], on) if parent is None and bodies else {name_key(parent or "")} - {""}
        if top & direct:
            return between <= direct
        if not between & direct:
            return False
        higher = {key for one in bodies[1:] for key in self._names_of(one, on)}
        return (top | between) - direct <= higher

    def _bodies_above(self, code: AgencyCode, on: date) -> list[AgencyCode]:
        """The bodies above, the nearest first: as the registry states them, else as the code itself tells."""
        bodies: list[AgencyCode] = []
        step: AgencyCode | None = code
        while step is not None and len(bodies) < _HIGHEST:
            listed = self._registry.get(step, on=on) if self._registry is not None else None
            step = listed.parent if listed is not None and listed.certainty in _SURE else step.parent
            if step is not None:
                bodies.append(step)
        return bodies

    def _names_of(self, code: AgencyCode, on: date) -> set[str]:
        """What a body is called on that day, as the registry surely knows or the rows say."""
        names = {name_key(row.organisation) for row in self._of(self._key(code), on) if row.organisation}
        listed = self._registry.get(code, on=on) if self._registry is not None else None
        if listed is not None and listed.certainty in _SURE and listed.name:
            names.add(name_key(listed.name))
        return names

    def _by_registry(self, code: AgencyCode, me: str, subject: CertificateSubject, on: date) -> BindingResult | None:
        if self._registry is None or not subject.holder:
            return None
        named = [
            agency
            for agency in self._registry.named(subject.holder, on=on)
            if agency.certainty in _SURE and self._above(agency.code, agency.name, None, subject, on)
        ]
        rows = [(Binding(agency_code=a.code, organisation=a.name, source=a.source), self._key(a.code)) for a in named]
        mine = next((row for row, key in rows if key == me), None)
        if mine is not None:
            others = [row.agency_code for row, key in rows if key != me and not _candidates(code, row.agency_code)]
            return (
                self._denied(code, me, subject, on)
                or (_of_both(code, others[0]) if others else None)
                or self._shared(code, me, subject, on)
                or self._bound(mine, "name")
            )
        return self._contradicted(rows[0][0], "name") if rows else None

    def _shared(self, code: AgencyCode, me: str, subject: CertificateSubject, on: date) -> BindingResult | None:
        """That rows give the holder's name to another agency as well: it tells them apart no longer."""
        for row in self._listed("name", name_key(subject.holder) if subject.holder else None):
            stranger = self._key(row.agency_code) != me and not _candidates(code, row.agency_code)
            if stranger and row.valid_on(on) and self._named(row, subject, on):
                return _of_both(code, row.agency_code)
        return None

    def _contested(self, code: AgencyCode, me: str, subject: CertificateSubject, on: date) -> BindingResult | None:
        """That rows give the same number to an agency elsewhere. A body and its office may have one tax code in common;
        those of two ministries or provinces cannot be told apart by it, and one of the rows is wrong."""
        rows = (*self._listed("mst", number_of(subject.mst)), *self._listed("mns", number_of(subject.mns)))
        for row in rows:
            elsewhere = row.agency_code.root != code.root and self._key(row.agency_code) != me
            if elsewhere and row.valid_on(on) and self._meets(row, subject, on):
                vi, en = _MEANS["mst" if row.mst else "mns"]
                other = row.agency_code
                return _unknown(
                    f"{vi} được gán cho cả {code} và {other}", f"the {en} is given to {code} and to {other}"
                )
        return None

    def _denied(self, code: AgencyCode, me: str, subject: CertificateSubject, on: date) -> BindingResult | None:
        """That the agency's rows give other numbers than the certificate carries: its name alone binds nothing then."""
        rows = [row for row in self._of(me, on) if row.certificate_sha256 is None]
        for means, carried, own in (
            ("mst", number_of(subject.mst), {number_of(row.mst) for row in rows} - {None}),
            ("mns", number_of(subject.mns), {number_of(row.mns) for row in rows} - {None}),
        ):
            if carried and own and carried not in own:
                vi, en = _MEANS[means]  # type: ignore[index]
                return _unknown(f"{vi} không phải của {code}", f"the {en} is not that of {code}")
        return None

    def _refuted(self, code: AgencyCode, me: str, subject: CertificateSubject, on: date) -> BindingResult | None:
        rows = [row for row in self._of(me, on) if row.certificate_sha256 is None]
        means = another_holder(rows, subject)
        if means is None:
            return None
        (vi, en), name = _MEANS[means], shown(subject.holder or "")
        return BindingResult(
            "contradicted",
            means,
            next(row for row in rows if row.organisation),
            f"{vi} và tên {name} đều khác dòng của {code}",
            f"the {en} and the name {name} both differ from the row of {code}",
        )

    def _why_unknown(self, code: AgencyCode, me: str, subject: CertificateSubject, on: date) -> BindingResult:
        own = self._by_agency.get(me, [])
        holder = subject.holder or ""
        if own and not any(row.valid_on(on) for row in own):
            return _unknown(
                f"các dòng của {code} không có hiệu lực vào ngày {on:%d/%m/%Y}",
                f"no row of {code} is valid on {on.isoformat()}",
            )
        if any(row.organisation and same_without_accents(row.organisation, holder) for row in own) and not any(
            row.organisation and name_key(row.organisation) == name_key(holder) for row in own
        ):
            return _unknown(
                f"tên {shown(holder)} chỉ trùng với tên đã đăng ký của {code} khi bỏ dấu",
                f"the name {shown(holder)} agrees with the registered name of {code} only without accents",
            )
        if own:
            return _unknown(
                f"chứng thư không khớp trọn vẹn dòng nào của {code}",
                f"the certificate meets no row of {code} wholly",
            )
        return _unknown(
            f"bảng gắn kết không có dòng nào cho mã {code}", f"the register of bindings has no row for {code}"
        )

    @staticmethod
    def _bound(row: Binding, means: Means) -> BindingResult:
        vi, en = _MEANS[means]
        code = row.agency_code
        return BindingResult("bound", means, row, f"{vi} là của {code}", f"the {en} is that of {code}")

    @staticmethod
    def _contradicted(row: Binding, means: Means) -> BindingResult:
        vi, en = _MEANS[means]
        code = row.agency_code
        return BindingResult(
            "contradicted", means, row, f"{vi} là của cơ quan khác: {code}", f"the {en} is another agency's: {code}"
        )

    def _refuse_shared_certificates(self) -> None:
        for rows in self._by["certificate"].values():
            first = rows[0]
            for row in rows[1:]:
                overlap = (row.valid_from or date.min) <= (first.valid_to or date.max) and (
                    first.valid_from or date.min
                ) <= (row.valid_to or date.max)
                if overlap and self._key(row.agency_code) != self._key(first.agency_code):
                    raise UsageError(
                        f"one certificate is given to {first.agency_code} and {row.agency_code} at the same time",
                        f"một chứng thư được gán cho cả {first.agency_code} và {row.agency_code} cùng lúc",
                        field="certificate_sha256",
                        value=row.certificate_sha256,
                        rule="bindings.certificate",
                    )


_MEANS: dict[Means, tuple[str, str]] = {
    "certificate": ("chứng thư này", "certificate"),
    "mst": ("mã số thuế trong chứng thư", "tax code in the certificate"),
    "mns": ("mã đơn vị quan hệ ngân sách trong chứng thư", "budget-unit code in the certificate"),
    "name": ("tên tổ chức trong chứng thư", "name of the organisation in the certificate"),
}


def _registrationnumber_of(code: AgencyCode, subject: CertificateSubject) -> tuple[Binding, Means] | None:
    """The code of an enterprise is its registration number, which is its tax code: the code itself is the row."""
    carried = number_of(subject.mst)
    number = str(code).replace("-", "")
    plain = number[2:] if len(number) in (12, 15) and number.startswith("02") else number
    if code.scheme != "enterprise" or carried is None or carried not in (number, plain):
        return None
    return Binding(agency_code=code, mst=carried, source="QĐ 20/2020/QĐ-TTg Điều 5"), "mst"


def _candidates(one: AgencyCode, other: AgencyCode) -> bool:
    """Whether two codes may be those of one agency in the two schemes."""
    candidate = one.to_qd20()
    return candidate is not None and other.to_qd20() == candidate


def _of_both(code: AgencyCode, other: AgencyCode) -> BindingResult:
    return _unknown(
        f"tên trong chứng thư là của cả {code} và {other}", f"the certificate's name is that of {code} and of {other}"
    )


def _unknown(vi: str, en: str) -> BindingResult:
    return BindingResult("unknown", None, None, vi, en)
