"""The certificate that the signer meant: ESS signing-certificate, version 1 (RFC 2634) and 2 (RFC 5035)."""

from __future__ import annotations

from typing import Any

from vn_edoc.findings import Severity
from vn_edoc.signature.cms_facts import Examined, digest_with
from vn_edoc.signature.result import SubIndication

__all__ = ["check_binding"]


def check_binding(facts: Examined, attributes: dict[str, Any], certificate: Any) -> None:
    """R30: the certificate that the signer meant is the one used (RFC 5035). Where both forms of the attribute are
    there, both have to name it."""
    named = {name: attributes[name] for name in ("signing_certificate", "signing_certificate_v2") if name in attributes}
    if not named:
        facts.say(
            "R30",
            "Chữ ký không có thuộc tính gắn chứng thư số của người ký (ESS signing-certificate).",
            "The signature has no attribute that binds the signer's certificate (ESS signing-certificate).",
        )
        return
    if not all(_names(name, value, facts.certificate or b"", certificate) for name, value in named.items()):
        facts.fail(
            SubIndication.FORMAT_FAILURE,
            "R30",
            "Chứng thư số đính kèm không phải chứng thư mà người ký đã gắn vào chữ ký.",
            "The certificate attached is not the one that the signer bound to the signature.",
            severity=Severity.FATAL,
        )
        return
    # Of two certificates with one MD5, which one is bound?
    facts.has_ess = any(_ess_digest(name, value) not in ("md2", "md5") for name, value in named.items())
    if not facts.has_ess:
        facts.say(
            "R30",
            "Thuộc tính gắn chứng thư số của người ký dùng hàm băm đã bị phá (MD5) nên không gắn được chứng thư nào.",
            "The attribute that binds the signer's certificate uses a broken digest (MD5), so it binds none.",
        )


def _ess_digest(name: str, attribute: Any) -> str:
    return "sha1" if name == "signing_certificate" else str(attribute["certs"][0]["hash_algorithm"]["algorithm"].native)


def _names(name: str, attribute: Any, der: bytes, certificate: Any) -> bool:
    """Whether an ESS attribute names this certificate; the signer's is the first in it."""
    first = attribute["certs"][0]
    hasher = digest_with(_ess_digest(name, attribute))
    if hasher is None:
        return False
    hasher.update(der)
    if hasher.digest() != first["cert_hash"].native:
        return False
    issuer_serial = first["issuer_serial"]
    if issuer_serial.native is None:
        return True
    names = [n.chosen.hashable for n in issuer_serial["issuer"] if n.name == "directory_name"]
    serial = issuer_serial["serial_number"].native == certificate.serial_number
    return bool(serial and (not names or certificate.issuer.hashable in names))
