"""Trust anchors and known certification authorities.

The library ships no certificate. It ships *pins* (``data/trust_pins.csv``): name, dates, SHA-256, official address and
certainty of each known Vietnamese root and CA. A certificate found elsewhere can be told apart from a forged one by
its pin. Nothing is read from the home folder unless :meth:`TrustStore.user` is called.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from vn_edoc._data import data_text
from vn_edoc._files import os_reason, read_file
from vn_edoc.errors import SourceError, UsageError
from vn_edoc.law.acts import Certainty
from vn_edoc.signature.scheme import TrustScheme

__all__ = ["Pin", "TrustStore", "pins", "user_trust_folder"]

_SUFFIXES = {".cer", ".crt", ".der", ".pem", ".p7b", ".p7c"}
_FILE_BYTES = 4 * 1024 * 1024
_FAMILIES = {s.value: s for s in (TrustScheme.OFFICIAL, TrustScheme.NATIONAL, TrustScheme.FOREIGN)}


@dataclass(frozen=True, slots=True)
class Pin:
    """What is known of one certification authority."""

    sha256: str
    """SHA-256 of the DER certificate, lower-case hex."""
    role: str
    """``root`` or ``ca`` (subordinate)."""
    scheme: TrustScheme
    """Family it belongs to."""
    subject: str
    """Subject's distinguished name."""
    issuer: str
    """Issuer's distinguished name."""
    valid_from: date
    """First day of validity."""
    valid_to: date
    """Last day of validity."""
    key: str
    """``rsa4096`` …"""
    signature_hash: str
    """Digest its own signature uses."""
    url: str | None
    """Official address; ``None`` if not known."""
    certainty: Certainty
    """How well the pin is known; ``UNVERIFIED`` ones ask for confirmation."""
    source: str
    """Where the row was taken from."""


@lru_cache(maxsize=1)
def pins() -> Mapping[str, Pin]:
    """All pins by SHA-256."""
    import csv

    text = data_text("vn_edoc.signature", "trust_pins.csv")
    return {
        row["sha256"]: Pin(
            sha256=row["sha256"],
            role=row["role"],
            scheme=TrustScheme(row["scheme"]),
            subject=row["subject"],
            issuer=row["issuer"],
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_to=date.fromisoformat(row["valid_to"]),
            key=row["key"],
            signature_hash=row["signature_hash"],
            url=row["url"] or None,
            certainty=Certainty(row["certainty"]),
            source=row["source"],
        )
        for row in csv.DictReader(text.splitlines())
    }


def user_trust_folder() -> Path:
    """Where ``vn-edoc trust`` keeps certificates: ``$VN_EDOC_TRUST`` or the user's configuration folder."""
    given = os.environ.get("VN_EDOC_TRUST")
    if given:
        return Path(given)
    base = os.environ.get("APPDATA") if os.name == "nt" else os.environ.get("XDG_CONFIG_HOME")
    return (Path(base) if base else Path.home() / ".config") / "vn-edoc" / "trust"


class TrustStore:
    """Anchors (trusted by themselves) and intermediates (only help to build a path). Immutable and thread-safe."""

    def __init__(
        self,
        anchors: Iterable[bytes] = (),
        intermediates: Iterable[bytes] = (),
        *,
        schemes: Mapping[str, TrustScheme] | None = None,
    ) -> None:
        """``anchors`` and ``intermediates`` are DER or PEM certificates (bundles allowed). ``schemes`` gives the family
        of anchors by SHA-256; pinned ones have theirs. ``UsageError`` for what is not a certificate."""
        self._anchors = self._unique(anchors, "anchors")
        others = self._unique(intermediates, "intermediates")
        self._intermediates = {k: v for k, v in others.items() if k not in self._anchors}
        self._schemes = dict(schemes or {})

    @staticmethod
    def _unique(sources: Iterable[bytes], field: str) -> dict[str, bytes]:
        sources = tuple(sources)
        found: dict[str, bytes] = {}
        if not sources:
            return found
        from vn_edoc.signature.certificates import parse_certificate, split_certificates

        for source in sources:
            try:
                for der in split_certificates(source):
                    found.setdefault(parse_certificate(der).sha256.hex(), der)
            except ValueError as error:
                raise UsageError(
                    f"{field}: not a certificate: {error}", f"{field}: không phải chứng thư số: {error}", field=field
                ) from error
        return found

    @classmethod
    def load(cls, *paths: str | Path, scheme: TrustScheme | None = None) -> TrustStore:
        """Certificates of files and folders (searched through). Self-signed CA certificates become anchors, other CA
        certificates intermediates; end-entity certificates are not taken. ``scheme`` names the family of anchors that
        no pin knows; without it, a folder called ``official``, ``national`` or ``foreign`` names that of the anchors
        in it. ``SourceError`` if a path cannot be read or a named file holds no certificate."""
        from vn_edoc.signature.certificates import is_ca, is_self_signed, parse_certificate

        anchors: list[bytes] = []
        intermediates: list[bytes] = []
        schemes: dict[str, TrustScheme] = {}
        for path in paths:
            for family, der in cls._read(Path(path)):
                certificate = parse_certificate(der)
                if not is_ca(certificate):
                    continue
                if is_self_signed(certificate):
                    anchors.append(der)
                    sha256 = certificate.sha256.hex()
                    named = scheme or (family if sha256 not in pins() else None)
                    if named is not None:
                        schemes[sha256] = named
                else:
                    intermediates.append(der)
        return cls(anchors, intermediates, schemes=schemes)

    @staticmethod
    def _read(path: Path) -> Iterator[tuple[TrustScheme | None, bytes]]:
        """Certificates, each with the family that its folder is named after."""
        from vn_edoc.signature.certificates import split_certificates

        named = not path.is_dir()
        candidates = (
            [path] if named else sorted(p for p in path.rglob("*") if p.suffix.lower() in _SUFFIXES and p.is_file())
        )
        for candidate in candidates:
            try:
                if not named and candidate.stat().st_size > _FILE_BYTES:
                    continue
                family = _FAMILIES.get(candidate.parent.name)
                for der in split_certificates(read_file(candidate, _FILE_BYTES)):
                    yield family, der
            except OSError as error:
                en, vi = os_reason(error)
                raise SourceError(
                    f"cannot read {candidate}: {en}", f"không đọc được {candidate}: {vi}", field="trust"
                ) from error
            except ValueError as error:
                if named:
                    raise SourceError(
                        f"{candidate.name} holds no certificate: {error}",
                        f"{candidate.name} không chứa chứng thư số",
                        field="trust",
                    ) from error

    @classmethod
    def user(cls) -> TrustStore:
        """The store that ``vn-edoc trust`` keeps; empty if there is none."""
        folder = user_trust_folder()
        return cls.load(folder) if folder.is_dir() else cls()

    def with_certificates(
        self, anchors: Iterable[bytes] = (), intermediates: Iterable[bytes] = (), *, scheme: TrustScheme | None = None
    ) -> TrustStore:
        """A new store with further certificates."""
        added = tuple(anchors)
        schemes = dict(self._schemes)
        if scheme is not None:
            schemes.update(dict.fromkeys(self._unique(added, "anchors"), scheme))
        return TrustStore(
            (*self._anchors.values(), *added), (*self._intermediates.values(), *intermediates), schemes=schemes
        )

    @property
    def anchors(self) -> tuple[bytes, ...]:
        """Trusted certificates, DER."""
        return tuple(self._anchors.values())

    @property
    def intermediates(self) -> tuple[bytes, ...]:
        """Certificates that help to build paths, DER."""
        return tuple(self._intermediates.values())

    def scheme(self, sha256: str) -> TrustScheme:
        """Family of an anchor: as given, else as pinned, else ``UNSPECIFIED``."""
        given = self._schemes.get(sha256)
        if given is not None:
            return given
        pin = pins().get(sha256)
        return pin.scheme if pin is not None else TrustScheme.UNSPECIFIED

    def same_key(self, certificate: Any) -> tuple[str, ...]:
        """SHA-256 of other certificates of the store that carry the same public key."""
        from vn_edoc.signature.certificates import parse_certificate

        key = certificate.public_key.sha256
        mine = certificate.sha256.hex()
        return tuple(
            sha
            for sha, der in (*self._anchors.items(), *self._intermediates.items())
            if sha != mine and parse_certificate(der).public_key.sha256 == key
        )

    @cached_property
    def engine(self) -> Any:
        """Prepared path building over this store (internal)."""
        from vn_edoc.signature.pyhanko_adapter.paths import PathEngine

        return PathEngine(self.anchors, self.intermediates)

    def __bool__(self) -> bool:
        return bool(self._anchors)

    def __len__(self) -> int:
        return len(self._anchors) + len(self._intermediates)

    def __repr__(self) -> str:
        return f"<TrustStore: {len(self._anchors)} anchors, {len(self._intermediates)} intermediates>"
