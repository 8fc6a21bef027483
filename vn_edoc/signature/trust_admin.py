"""Putting certificates into the user's trust folder: only what a pin knows, unless somebody insists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vn_edoc._files import os_reason
from vn_edoc._files import read_file as octets_of
from vn_edoc.errors import SourceError, UsageError
from vn_edoc.law.acts import Certainty
from vn_edoc.signature.trust import Pin, pins

if TYPE_CHECKING:
    from vn_edoc.signature.fetch import Fetcher
    from vn_edoc.signature.result import CertificateSummary

__all__ = ["Judged", "add", "fetch", "judge_certificates", "stored"]

_SIZE = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Judged:
    """A certificate beside the pins."""

    der: bytes
    """The certificate."""
    about: CertificateSummary
    """Its names, dates and SHA-256."""
    pin: Pin | None
    """The pin with its SHA-256."""
    impostor_of: Pin | None
    """A pin with the same subject and another SHA-256: another certificate, or a forged one."""
    role: str
    """``root``, ``ca`` or ``end_entity``."""

    @property
    def status(self) -> str:
        """``pinned``, ``unconfirmed`` (a pin seen in one source only), ``other_certificate`` or ``unpinned``."""
        if self.pin is not None:
            return "unconfirmed" if self.pin.certainty is Certainty.UNVERIFIED else "pinned"
        return "other_certificate" if self.impostor_of is not None else "unpinned"


def judge_certificates(octets: bytes) -> list[Judged]:
    """Every certificate of a file (PEM, DER, PKCS#7) beside the pins; ``UsageError`` if there is none."""
    from vn_edoc.signature.certificates import facts_of, is_ca, is_self_signed, parse_certificate, split_certificates

    try:
        found = split_certificates(octets)
    except ValueError as error:
        raise UsageError(
            f"no certificate found: {error}", f"không tìm thấy chứng thư số: {error}", field="certificate"
        ) from error
    table = pins()
    judged = []
    for der in found:
        certificate = parse_certificate(der)
        about = facts_of(der).summary
        role = ("root" if is_self_signed(certificate) else "ca") if is_ca(certificate) else "end_entity"
        pin = table.get(about.sha256)
        namesake = next((p for p in table.values() if p.subject == about.subject), None) if pin is None else None
        judged.append(Judged(der, about, pin, namesake, role))
    return judged


def read_file(path: Path) -> bytes:
    """Octets of a certificate file; ``SourceError`` if it cannot be read or is too big."""
    try:
        return octets_of(path, _SIZE)
    except OSError as error:
        en, vi = os_reason(error)
        raise SourceError(f"{path}: {en}", f"không đọc được {path}: {vi}", field="certificate") from error


def add(
    folder: Path, judged: Iterable[Judged], *, unpinned: bool = False, confirmed: Iterable[str] = ()
) -> list[Judged]:
    """Store CA certificates; those added. Refused with ``UsageError``: end-entity certificates; what no pin knows
    unless ``unpinned``; a pin seen in one source only unless its SHA-256 is among ``confirmed``."""
    from vn_edoc.signature.evidence import write_whole

    given = {c.lower().replace(":", "") for c in confirmed}
    chosen = list(judged)
    for one in chosen:
        sha = one.about.sha256
        if one.role == "end_entity":
            raise UsageError(
                f"“{one.about.subject}” is not a certification authority",
                f"«{one.about.subject}» không phải chứng thư của tổ chức chứng thực",
                field="certificate",
                value=sha,
            )
        if one.status == "unconfirmed" and sha not in given:
            raise UsageError(
                f"the pin of “{one.about.subject}” was seen in one source only: compare SHA-256 {sha} with the "
                "authority's own publication and confirm it",
                f"mã ghim của «{one.about.subject}» mới thấy ở một nguồn: đối chiếu SHA-256 {sha} với công bố của tổ "
                "chức chứng thực rồi xác nhận",
                field="confirm",
                value=sha,
            )
        if one.pin is None and not unpinned:
            what = "another certificate than the pinned one" if one.impostor_of else "not pinned"
            vi = "không phải chứng thư đã ghim cùng tên" if one.impostor_of else "chưa có trong danh sách ghim"
            raise UsageError(
                f"“{one.about.subject}” is {what} (SHA-256 {sha}); use --unpinned only if you are sure",
                f"«{one.about.subject}» {vi} (SHA-256 {sha}); chỉ dùng --unpinned khi chắc chắn",
                field="certificate",
                value=sha,
            )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SourceError(f"{folder}: {error}", f"không tạo được {folder}: {error}", field="folder") from error
    for one in chosen:
        write_whole(folder / f"{one.about.sha256}.cer", one.der)
    return chosen


def fetch(
    folder: Path, fetcher: Fetcher, *, confirmed: Iterable[str] = ()
) -> tuple[list[Judged], list[tuple[str, str, str]]]:
    """Fetch the pinned certificates that have an official address; those stored, and (address, Vietnamese, English)
    of what failed. What does not match its pin is never stored."""
    from vn_edoc.errors import VnEdocError

    added: list[Judged] = []
    failed: list[tuple[str, str, str]] = []
    for url in dict.fromkeys(p.url for p in pins().values() if p.url):
        try:
            known = [j for j in judge_certificates(fetcher.get(url)) if j.pin is not None]
            if not known:
                raise UsageError("nothing there matches a pin", "không có chứng thư nào khớp mã ghim", field="url")
            added += add(folder, known, confirmed=confirmed)
        except VnEdocError as error:
            failed.append((url, error.message_vi, error.message_en))
    return added, failed


def stored(folder: Path) -> list[Judged]:
    """What the folder holds."""
    found: list[Judged] = []
    if folder.is_dir():
        for path in sorted(folder.glob("*.cer")):
            found += judge_certificates(read_file(path))
    return found
