"""Agency codes as real systems emit them: repairs that have one certain reading, and what is odd about a good code."""

from __future__ import annotations

import re
import unicodedata

from vn_edoc.errors import InvalidCode
from vn_edoc.findings import Finding, Location, Severity
from vn_edoc.identifiers.agency import AgencyCode
from vn_edoc.identifiers.lenient import Lenient
from vn_edoc.identifiers.text import LOOKALIKES, MISSING, invisible
from vn_edoc.identifiers.value import shown

__all__ = ["finding", "oddities", "read"]

_SHORTENED = re.compile(r"[0-9]{2}\.[0-9]{2}\.[A-VXY][0-9]{2}")
_UNDOTTED = re.compile(r"([0-9]{3})\.?([0-9]{2})\.?([0-9]{2})\.?([A-Y][0-9]{2})")
_LONGEST = 200


def finding(rule: str, severity: Severity, vi: str, en: str, act: str | None = None, **data: object) -> Finding:
    """A finding about an identifier; ``act`` in the notation of :func:`vn_edoc.law.basis`."""
    if not act:
        return Finding(rule, severity, Location(), vi, en, (), data)
    from vn_edoc.law import basis  # the table of acts, for those of whom something is told

    return Finding(rule, severity, Location(), vi, en, (basis(act),), data)


def read(text: object) -> Lenient[AgencyCode]:
    """See :meth:`AgencyCode.parse_lenient`."""
    if not isinstance(text, str) or text.strip().lower() in MISSING:
        return _missing(text)
    if len(text) > _LONGEST:
        return _unfit(text, [], InvalidCode("longer than any code", "dài hơn mọi mã định danh"))
    if AgencyCode.is_valid(text):
        return Lenient(AgencyCode.parse(text), ())
    done: list[Finding] = []
    value = _letters(text, done)
    if value.lower() in MISSING:
        return _missing(text)
    try:
        return Lenient(AgencyCode.parse(_groups(value, done)), tuple(done))
    except InvalidCode as error:
        return _unfit(text, done, error)


def _missing(text: object) -> Lenient[AgencyCode]:
    found = finding(
        "identifier.missing",
        Severity.ERROR,
        "Không có mã định danh: giá trị trống hoặc chữ mà phần mềm ghi khi không có giá trị.",
        "There is no code: an empty value, or the word that software writes where it has none.",
        found=shown(text),
    )
    return Lenient(None, (found,))


def _unfit(text: str, done: list[Finding], error: InvalidCode) -> Lenient[AgencyCode]:
    found = finding(
        "identifier.unfit",
        Severity.ERROR,
        error.message_vi,
        error.message_en,
        "qd20-2020",
        found=shown(text),
        position=error.position,
        segment=error.segment,
        expected=error.expected,
    )
    return Lenient(None, (*done, found))


def _repaired(done: list[Finding], rule: str, vi: str, en: str, before: str, after: str) -> None:
    done.append(finding(rule, Severity.WARNING, vi, en, found=shown(before), repaired=shown(after)))


def _letters(text: str, done: list[Finding]) -> str:
    value = text
    same = unicodedata.normalize("NFKC", "".join(c for c in value if not invisible(c) or c.isspace()))
    same = same.translate(LOOKALIKES)
    if same != value:
        _repaired(
            done,
            "identifier.unicode",
            "Mã có ký tự ẩn, chữ trông giống hoặc dạng Unicode khác; đã đổi về chữ và số thường.",
            "The code holds invisible or look-alike characters or another Unicode form; plain ones were put.",
            value,
            same,
        )
        value = same
    bare = "".join(value.split())
    if bare != value:
        _repaired(
            done, "identifier.spaces", "Mã có khoảng trắng; đã bỏ.", "The code holds spaces; left out.", value, bare
        )
        value = bare
    right = value.lower() if value.lower().startswith("vxp.") else value.upper()
    if right != value and not value.startswith(("Z", "z")):
        _repaired(
            done,
            "identifier.case",
            "Mã viết sai chữ hoa, chữ thường; đã đổi.",
            "The code is in the wrong case; changed.",
            value,
            right,
        )
        value = right
    elif value.startswith("z"):
        _repaired(
            done, "identifier.case", "Mã lược đồ phải viết hoa; đã đổi.", "The prefix is a capital; changed.", value,
            right := "Z" + value[1:],
        )  # fmt: skip
        value = right
    return value


def _groups(value: str, done: list[Finding]) -> str:
    if AgencyCode.is_valid(value):
        return value
    if value.strip(".") != value:
        bare = value.strip(".")
        _repaired(
            done, "identifier.dots", "Mã có dấu chấm thừa ở đầu hoặc cuối; đã bỏ.",
            "The code has a dot at its edge; left out.", value, bare,
        )  # fmt: skip
        value = bare
    if _SHORTENED.fullmatch(value):
        full = f"000.{value}"
        _repaired(
            done,
            "identifier.leading_group",
            f"Mã thiếu nhóm 000 đứng đầu; đọc là {full}.",
            f"The leading group 000 was dropped; read as {full}.",
            value,
            full,
        )
        return full
    match = _UNDOTTED.fullmatch(value)
    if match is not None:
        full = ".".join(match.groups())
        if full != value:
            _repaired(
                done,
                "identifier.missing_dot",
                f"Mã thiếu dấu chấm; đọc là {full}.",
                f"A dot is missing; read as {full}.",
                value,
                full,
            )
        return full
    return value


def oddities(code: AgencyCode) -> tuple[Finding, ...]:
    """See :attr:`AgencyCode.findings`."""
    found: list[Finding] = []

    def say(rule: str, severity: Severity, vi: str, en: str, act: str, **data: object) -> None:
        found.append(finding(rule, severity, vi, en, act, code=str(code), **data))

    if code.scheme in ("qcvn102", "qd20"):
        _hierarchy(code, say)
        if str(code.root)[0] >= "L":
            say(
                "agency.letter",
                Severity.WARNING,
                f"Chữ {str(code.root)[0]} được phép dùng nhưng chưa có nhóm cơ quan nào.",
                f"The letter {str(code.root)[0]} is allowed, but no group of bodies has it.",
                "qd20-2020:4",
            )
    elif code.scheme == "enterprise":
        from vn_edoc.identifiers.enterprise import check_digit_fails

        number = str(code).replace("-", "")
        plain = number if len(number) in (10, 13) else number[2:] if len(number) == 15 else None
        if plain is not None and check_digit_fails(plain):
            say(
                "enterprise.check_digit",
                Severity.WARNING,
                "Số kiểm tra của mã số doanh nghiệp không đúng.",
                "The check digit of the registration number is wrong.",
                "qd20-2020:5",
            )
    elif code.scheme == "technical":
        say(
            "agency.technical",
            Severity.INFO,
            "Mã kỹ thuật của trục liên thông, không phải mã của cơ quan.",
            "A technical code of the exchange axis, not the code of an agency.",
            "qd20-2020",
        )
    return tuple(found)


def _hierarchy(code: AgencyCode, say: object) -> None:
    assert callable(say)
    groups = code.groups
    below = groups[1:]
    if code.scheme == "qcvn102":
        if any(not g.strip("0") for g in below):
            say(
                "agency.chain",
                Severity.WARNING,
                "Có nhóm khác 0 nằm dưới nhóm bằng 0: thiếu cấp ở giữa.",
                "A group that is not zero stands below a zero group: a level is missing.",
                "tt10-2016",
            )
        return
    if any(not g.strip("0") for g in below):
        say(
            "agency.zero_group",
            Severity.WARNING,
            "Có nhóm toàn số 0: chưa thấy trong danh mục nào.",
            "A group of zeros: seen in no list.",
            "qd20-2020:4",
        )
    if any(len(g) not in (2, 3) for g in below):
        say(
            "agency.width",
            Severity.WARNING,
            "Có nhóm không phải 2 hoặc 3 ký tự.",
            "A group has other than 2 or 3 characters.",
            "qd20-2020:4",
        )
    if len(groups) > 4:
        say(
            "agency.depth",
            Severity.WARNING,
            f"Mã có {len(groups)} cấp; thường không quá 4.",
            f"The code has {len(groups)} levels; seldom more than 4.",
            "qd20-2020:4",
        )
