"""Evidence: the certificates, CRLs, OCSP responses and time-stamp tokens that a verification rests on.

TT 15/2025/TT-BKHCN Điều 6.2 has verifying software keep them, so that a verification can be repeated offline years
later. A bundle is a ZIP file with one entry per item, named by its SHA-256, and ``result.json``.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from vn_edoc._files import new_file, os_reason, read_file
from vn_edoc.errors import SourceError, Unreadable
from vn_edoc.findings import jsonable

__all__ = ["NO_EVIDENCE", "Evidence"]

_SCHEMA = "vn-edoc/evidence/1"
_KINDS = {"certificates": "cer", "crls": "crl", "ocsps": "ors", "tokens": "tst"}
_ITEM_BYTES = 64 * 1024 * 1024
_TOTAL_BYTES = 512 * 1024 * 1024
_ITEMS = 10_000
_DIRECTORY_BYTES = _ITEMS * 512
"""Octets of the list of entries: that of 10,000 of our own names takes a third of it."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """An immutable bundle; all items are DER."""

    certificates: tuple[bytes, ...] = ()
    """Certificates met on the way."""
    crls: tuple[bytes, ...] = ()
    """Certificate revocation lists."""
    ocsps: tuple[bytes, ...] = ()
    """OCSP responses."""
    tokens: tuple[bytes, ...] = ()
    """RFC 3161 time-stamp tokens."""
    result_json: str | None = None
    """Stored result of the verification, JSON."""

    def __or__(self, other: Evidence) -> Evidence:
        """Both bundles in one, each item once."""
        if not (self or other or self.result_json or other.result_json):
            return self
        return Evidence(
            _both(self.certificates, other.certificates),
            _both(self.crls, other.crls),
            _both(self.ocsps, other.ocsps),
            _both(self.tokens, other.tokens),
            other.result_json or self.result_json,
        )

    def __bool__(self) -> bool:
        return bool(self.certificates or self.crls or self.ocsps or self.tokens)

    def with_result(self, result: Any, *, at: datetime | None = None) -> Evidence:
        """The bundle with a stored result: any dataclass, mapping or list of them."""
        document = {"schema": _SCHEMA, "stored_for": jsonable(at), "result": jsonable(result)}
        return Evidence(
            self.certificates,
            self.crls,
            self.ocsps,
            self.tokens,
            json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True),
        )

    @classmethod
    def of(cls, items: Iterable[bytes]) -> Evidence:
        """Sort DER or PEM items into certificates, CRLs, OCSP responses and tokens; ``Unreadable`` for others."""
        found = cls()
        for item in items:
            found = found | _sniff(item, "item")
        return found

    @classmethod
    def load(cls, *paths: str | Path) -> Evidence:
        """A stored bundle, or files and folders of single items. ``SourceError`` if unreadable, ``Unreadable`` for a
        file that is none of these (in a folder such files are passed over)."""
        found = cls()
        for given in paths:
            path = Path(given)
            try:
                if path.is_dir():
                    for entry in sorted(p for p in path.rglob("*") if p.is_file()):
                        try:
                            found = found | cls._load_file(entry)
                        except Unreadable:
                            continue
                else:
                    found = found | cls._load_file(path)
            except OSError as error:
                en, vi = os_reason(error)
                place = error.filename or path
                raise SourceError(
                    f"cannot read {place}: {en}", f"không đọc được {place}: {vi}", field="evidence"
                ) from error
        return found

    @classmethod
    def _load_file(cls, path: Path) -> Evidence:
        if path.stat().st_size > _TOTAL_BYTES:
            raise Unreadable(f"{path.name} is too big for evidence", f"{path.name} quá lớn")
        raw = read_file(path, _TOTAL_BYTES)
        return _unpack(raw) if raw[:4] in _ZIP else _sniff(raw, path.name)

    def save(self, path: str | Path) -> None:
        """Write the bundle; it appears whole or not at all. ``SourceError`` if it cannot be written."""
        import zipfile

        target = Path(path)
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for kind, suffix in _KINDS.items():
                for item in getattr(self, kind):
                    name = f"{kind}/{hashlib.sha256(item).hexdigest()}.{suffix}"
                    archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), item)
            if self.result_json is not None:
                archive.writestr(zipfile.ZipInfo("result.json", (1980, 1, 1, 0, 0, 0)), self.result_json.encode())
        write_whole(target, buffer.getvalue())


NO_EVIDENCE = Evidence()
"""The empty bundle."""
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
"""How a bundle begins: with its first entry, or, where it keeps nothing, with its end."""


def _both(mine: tuple[bytes, ...], theirs: tuple[bytes, ...]) -> tuple[bytes, ...]:
    return tuple(dict.fromkeys((*mine, *theirs))) if mine or theirs else ()


def write_whole(target: Path, data: bytes) -> None:
    """Write a file so that it appears whole or not at all; ``SourceError`` if that fails."""
    part = target.parent / f".{target.name[:40]}.{os.urandom(8).hex()}.part"
    try:
        try:
            with new_file(part) as stream:
                stream.write(data)
            part.replace(target)
        except BaseException:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise SourceError(
            f"{target.name} cannot be written: {error}", f"không ghi được {target.name}: {error}", field="target"
        ) from error


def _unpack(raw: bytes) -> Evidence:
    import struct
    import zipfile
    import zlib

    items: dict[str, list[bytes]] = {kind: [] for kind in _KINDS}
    result: str | None = None
    total = 0
    seen: set[str] = set()
    try:
        if _directory_size(raw) > _DIRECTORY_BYTES:
            raise _too_many()
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = archive.infolist()
            if len(entries) > _ITEMS:
                raise _too_many()
            for entry in entries:
                kind, _, name = entry.filename.partition("/")
                total += entry.file_size
                if entry.file_size > _ITEM_BYTES or total > _TOTAL_BYTES:
                    raise Unreadable("the evidence bundle is too big", "gói chứng cứ quá lớn")
                if entry.is_dir() and not entry.file_size:
                    continue
                if entry.filename in seen:
                    raise Unreadable(
                        f"the evidence bundle has two entries {entry.filename!r}",
                        f"gói chứng cứ có hai mục {entry.filename!r}",
                    )
                seen.add(entry.filename)
                if kind not in _KINDS and entry.filename != "result.json":
                    # Passed over, it would be missing without a word: a CRL in a renamed folder is one.
                    raise Unreadable(
                        f"{entry.filename!r} is no entry of an evidence bundle; put single files in a folder",
                        f"{entry.filename!r} không phải mục của gói chứng cứ; tệp rời thì để trong thư mục",
                    )
                if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise Unreadable("an evidence entry is packed in another way", "mục chứng cứ nén theo cách khác")
                with archive.open(entry) as stream:
                    data = stream.read(_ITEM_BYTES + 1)
                if entry.filename == "result.json":
                    result = data.decode("utf-8")
                    continue
                if hashlib.sha256(data).hexdigest() != name.partition(".")[0]:
                    raise Unreadable(
                        f"evidence entry {entry.filename!r} does not match its digest",
                        f"mục {entry.filename!r} của gói chứng cứ không khớp mã băm",
                    )
                items[kind].append(data)
    except (zipfile.BadZipFile, zlib.error, struct.error, RuntimeError, EOFError, OSError, *_ODD) as error:
        raise Unreadable(f"damaged evidence bundle: {error}", f"gói chứng cứ hỏng: {error}") from error
    return Evidence(
        tuple(items["certificates"]), tuple(items["crls"]), tuple(items["ocsps"]), tuple(items["tokens"]), result
    )


def _too_many() -> Unreadable:
    return Unreadable("the evidence bundle has too many entries", "gói chứng cứ có quá nhiều mục")


def _directory_size(raw: bytes) -> int:
    """How long a ZIP says that its list of entries is, before it is read: entries cost time and memory, and half a
    gigabyte holds millions. Found as zipfile finds it; with ZIP64, for which bundles are too small, it is endless."""
    end = len(raw) - 22
    if raw[end : end + 4] != b"PK\x05\x06" or raw[-2:] != b"\0\0":
        end = raw.rfind(b"PK\x05\x06", max(0, len(raw) - 65_557))
    if end < 0:
        return 0
    return (
        _TOTAL_BYTES
        if raw[end - 20 : end - 16] == b"PK\x06\x07"
        else int.from_bytes(raw[end + 12 : end + 16], "little")
    )


def _sniff(raw: bytes, name: str) -> Evidence:
    from asn1crypto import pem

    from vn_edoc.signature.certificates import split_certificates

    try:
        blocks = [(kind, der) for kind, _, der in pem.unarmor(raw, multiple=True)] if b"-----BEGIN" in raw else []
    except ValueError as error:
        raise Unreadable(f"{name}: damaged PEM: {error}", f"{name}: tệp PEM hỏng") from error
    if not blocks:
        blocks = [("", raw)]
    found = NO_EVIDENCE
    for _, der in blocks:
        if _is_token(der):
            found = found | Evidence(tokens=(der,))
        elif _is_crl(der):
            found = found | Evidence(crls=(der,))
        elif _is_ocsp(der):
            found = found | Evidence(ocsps=(der,))
        else:
            try:
                found = found | Evidence(certificates=tuple(split_certificates(der)))
            except ValueError as error:
                raise Unreadable(
                    f"{name} is neither certificate, CRL, OCSP response nor token: {error}",
                    f"{name} không phải chứng thư số, CRL, phản hồi OCSP hay dấu thời gian",
                ) from error
    return found


_ODD = (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError, OverflowError)


def _is_token(der: bytes) -> bool:
    from asn1crypto import cms

    try:
        content = cms.ContentInfo.load(der)["content"]
        return bool(content["encap_content_info"]["content_type"].native == "tst_info")
    except _ODD:
        return False


def _is_crl(der: bytes) -> bool:
    from asn1crypto import crl

    try:
        return crl.CertificateList.load(der)["tbs_cert_list"]["this_update"].native is not None
    except _ODD:
        return False


def _is_ocsp(der: bytes) -> bool:
    from asn1crypto import ocsp

    try:
        basic = ocsp.OCSPResponse.load(der)["response_bytes"]["response"].parsed
        return basic["tbs_response_data"]["produced_at"].native is not None
    except _ODD:
        return False
