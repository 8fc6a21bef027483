"""CMS SignedData under a strict profile: one signer, one certificate, attributes once each, DER where it is hashed.

The octets are never re-encoded. Real government signatures are BER with indefinite lengths and carry unsigned
attributes that are not even ASN.1 (``R31``), so each unsigned attribute is read by itself and nothing else depends on
it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import Any

from asn1crypto import cms, parser

from vn_edoc.findings import Location, Severity, reckonable
from vn_edoc.limits import DEFAULT_LIMITS, Limits
from vn_edoc.signature.certificates import parse_certificate
from vn_edoc.signature.cms_facts import FOREIGN, Examined, digest_with, token_info
from vn_edoc.signature.cms_octets import definite, hashed_forms, may_be_attributes
from vn_edoc.signature.ess import check_binding
from vn_edoc.signature.primitives import ContradictoryScheme, UnsupportedScheme, scheme_of, verify
from vn_edoc.signature.result import SubIndication
from vn_edoc.signature.unsigned_attributes import read_unsigned

__all__ = ["FOREIGN", "Examined", "digest_with", "examine", "token_info"]

_ONCE = ("content_type", "message_digest", "signing_time", "signing_certificate", "signing_certificate_v2",
         "cms_algorithm_protection")  # fmt: skip


class _Refused(Exception):
    """The profile is broken; details are in the findings already."""


def examine(
    raw: bytes,
    digest_of: Callable[[str], bytes | None] | None,
    *,
    where: Location,
    others: Iterable[bytes] = (),
    expected_type: str = "data",
    attributes_required: bool = False,
    limits: Limits = DEFAULT_LIMITS,
) -> Examined:
    """Read and check one CMS SignedData. Never raises for content.

    ``digest_of`` gives the digest of detached content for an algorithm (``None``: not at hand); without it the content
    must be inside. ``others`` are certificates for a signer whose certificate is not embedded.
    """
    facts = Examined(where=where)
    if len(raw) > limits.cms_bytes:
        facts.say("pdf.limit", "Khối chữ ký quá lớn nên không kiểm tra.", "The signature is too big to be checked.")
        facts.sub_indication = SubIndication.CUSTOM
        return facts
    further = digest_of, tuple(others), expected_type, attributes_required, limits
    try:
        try:
            _examine(facts, raw, *further)
        except FOREIGN:
            # Some forms of BER are beyond the ASN.1 library.
            plain = definite(raw)
            if plain is None:
                raise
            facts = Examined(where=where)
            _examine(facts, plain, *further)
    except _Refused:
        pass
    except FOREIGN as error:
        facts.fail(
            SubIndication.FORMAT_FAILURE,
            "cms.unreadable",
            "Khối chữ ký CMS không đọc được.",
            f"The CMS signature cannot be read: {type(error).__name__}: {str(error)[:200]}",
        )
    return facts


def _refuse(facts: Examined, sub: SubIndication, rule: str, vi: str, en: str, **data: Any) -> None:
    facts.fail(sub, rule, vi, en, **data)
    raise _Refused


def _examine(
    facts: Examined,
    raw: bytes,
    digest_of: Callable[[str], bytes | None] | None,
    others: tuple[bytes, ...],
    expected_type: str,
    attributes_required: bool,
    limits: Limits,
) -> None:
    size = parser.peek(raw)
    if raw[size:].strip(b"\x00"):
        facts.say(
            "cms.padding",
            "Sau khối chữ ký còn dữ liệu lạ.",
            "There is stray data after the CMS signature.",
            bytes=len(raw) - size,
        )
        _refuse(
            facts,
            SubIndication.FORMAT_FAILURE,
            "cms.structure",
            "Vùng chữ ký chứa dữ liệu ngoài khối CMS.",
            "The signature's place holds data besides the CMS object.",
        )
    info = cms.ContentInfo.load(raw[:size])
    if info["content_type"].native != "signed_data":
        _refuse(
            facts,
            SubIndication.FORMAT_FAILURE,
            "cms.structure",
            "Khối CMS không phải SignedData.",
            "The CMS object is not SignedData.",
        )
    data = info["content"]
    signers = data["signer_infos"]
    if len(signers) != 1:
        _refuse(
            facts,
            SubIndication.FORMAT_FAILURE,
            "cms.structure",
            f"Khối CMS có {len(signers)} người ký; chỉ chấp nhận đúng một.",
            f"The CMS object has {len(signers)} signers; exactly one is accepted.",
            signers=len(signers),
        )
    signer = signers[0]
    facts.certificates, facts.crls, facts.ocsps = _carried(data, limits)
    encapsulated = data["encap_content_info"]
    facts.content_type = encapsulated["content_type"].native
    inside = encapsulated["content"]
    facts.content = bytes(inside) if inside.native is not None else None
    facts.digest = signer["digest_algorithm"]["algorithm"].native
    facts.signature = signer["signature"].native
    if facts.content_type != expected_type:
        _refuse(
            facts,
            SubIndication.FORMAT_FAILURE,
            "cms.structure",
            f"Loại nội dung CMS là {facts.content_type}, cần {expected_type}.",
            f"The CMS content type is {facts.content_type}, expected {expected_type}.",
        )
    if digest_of is not None and facts.content is not None:
        _refuse(
            facts,
            SubIndication.FORMAT_FAILURE,
            "cms.structure",
            "Chữ ký rời nhưng khối CMS lại mang nội dung bên trong.",
            "The signature is detached, yet the CMS object carries content of its own.",
        )
    if facts.digest not in {d["algorithm"].native for d in data["digest_algorithms"]}:
        facts.say(
            "cms.digest_unlisted",
            f"Khối CMS không khai báo hàm băm {facts.digest} của người ký (digestAlgorithms); phần mềm khác có thể từ "
            "chối (RFC 5652, 5.1).",
            f"The CMS object does not list the signer's digest {facts.digest} (digestAlgorithms); other software may "
            "refuse it (RFC 5652, 5.1).",
        )
    read_unsigned(facts, signer, limits)
    certificate = _signer_certificate(facts, signer, others)
    attributes = _signed_attributes(facts, signer)
    _content_digest(facts, attributes, digest_of)
    _scheme_and_value(facts, signer, attributes, certificate, attributes_required)


def _carried(data: Any, limits: Limits) -> tuple[tuple[bytes, ...], tuple[bytes, ...], tuple[bytes, ...]]:
    certificates: list[bytes] = []
    choices = data["certificates"]
    if choices.contents:  # not ``native``: ten thousand certificates would be turned into Python values
        first = itertools.islice(choices, limits.certificates)
        certificates += dict.fromkeys(c.chosen.dump() for c in first if c.name == "certificate")
    crls: list[bytes] = []
    ocsps: list[bytes] = []
    try:
        for choice in itertools.islice(data["crls"] or (), limits.certificates):
            if choice.name == "crl":
                crls.append(choice.chosen.dump())
            elif choice.name == "other":
                ocsps.append(choice.chosen["other_rev_info"].dump())
    except FOREIGN:
        pass
    return tuple(certificates), tuple(crls), tuple(ocsps)


def _signer_certificate(facts: Examined, signer: Any, others: tuple[bytes, ...]) -> Any:
    """The one certificate that issuer and serial number (or key identifier) of the signer name."""
    sid = signer["sid"]
    matching: dict[bytes, Any] = {}
    for der in (*facts.certificates, *others):
        try:
            certificate = parse_certificate(der)
        except ValueError:
            continue
        if sid.name == "issuer_and_serial_number":
            named = sid.chosen
            hit = (
                certificate.serial_number == named["serial_number"].native
                and certificate.issuer.hashable == named["issuer"].hashable
            )
        else:
            hit = certificate.key_identifier == sid.chosen.native
        if hit:
            matching[der] = certificate
    if not matching:
        facts.intact = None
        facts.sub_indication = SubIndication.NO_SIGNING_CERTIFICATE_FOUND
        facts.say(
            "cms.no_certificate",
            "Không có chứng thư số của người ký trong tệp.",
            "The signer's certificate is not in the file.",
        )
        raise _Refused
    if len(matching) > 1:
        _refuse(
            facts,
            SubIndication.FORMAT_FAILURE,
            "cms.structure",
            "Có nhiều chứng thư số khác nhau cùng cơ quan cấp và số sê-ri.",
            "Several different certificates share the signer's issuer and serial number.",
        )
    facts.certificate, certificate = next(iter(matching.items()))
    return certificate


def _signed_attributes(facts: Examined, signer: Any) -> dict[str, Any]:
    """Signed attributes by name; each of the important ones exactly once with one value."""
    attributes: dict[str, Any] = {}
    present = signer["signed_attrs"]
    if not present.contents:
        return attributes
    for attribute in present:
        name = attribute["type"].native
        if name in _ONCE and (name in attributes or len(attribute["values"]) != 1):
            _refuse(
                facts,
                SubIndication.FORMAT_FAILURE,
                "cms.structure",
                f"Thuộc tính ký {name} xuất hiện nhiều lần.",
                f"The signed attribute {name} occurs more than once.",
            )
        attributes[name] = attribute["values"][0] if len(attribute["values"]) else None
    for name in ("content_type", "message_digest"):
        if name not in attributes:
            _refuse(
                facts,
                SubIndication.FORMAT_FAILURE,
                "cms.structure",
                f"Thiếu thuộc tính ký bắt buộc {name}.",
                f"The mandatory signed attribute {name} is missing.",
            )
    if attributes["content_type"].native != facts.content_type:
        _refuse(
            facts,
            SubIndication.FORMAT_FAILURE,
            "cms.structure",
            "Thuộc tính content-type không khớp nội dung.",
            "The content-type attribute does not match the content.",
        )
    if "signing_time" in attributes:
        moment = attributes["signing_time"].native
        facts.signed_at = moment if reckonable(moment) and moment.tzinfo is not None else None
    revocation = attributes.get("adobe_revocation_info_archival")
    if revocation is not None:
        try:
            facts.crls += tuple(c.dump() for c in revocation["crl"] or ())
            facts.ocsps += tuple(o.dump() for o in revocation["ocsp"] or ())
        except FOREIGN:
            pass
    return attributes


def _content_digest(
    facts: Examined, attributes: dict[str, Any], digest_of: Callable[[str], bytes | None] | None
) -> None:
    """R08: the digest of the content is the one that was signed."""
    hasher = digest_with(facts.digest)
    if hasher is None:
        facts.sub_indication = SubIndication.CRYPTO_CONSTRAINTS_FAILURE
        facts.say(
            "R22",
            f"Hàm băm {facts.digest} không được hỗ trợ.",
            f"The digest algorithm {facts.digest} is not supported.",
            severity=Severity.ERROR,
        )
        raise _Refused
    if not attributes:
        return
    if digest_of is None:
        if facts.content is None:
            computed = None
        else:
            hasher.update(facts.content)
            computed = hasher.digest()
    else:
        computed = digest_of(facts.digest)
    if computed is None:
        facts.sub_indication = SubIndication.SIGNED_DATA_NOT_FOUND
        facts.say(
            "cms.no_content",
            "Không có nội dung được ký để đối chiếu.",
            "The signed content is not at hand.",
        )
        return
    facts.digest_matches = computed == attributes["message_digest"].native
    if not facts.digest_matches:
        facts.fail(
            SubIndication.HASH_FAILURE,
            "R08",
            "Nội dung đã bị thay đổi: mã băm không khớp với mã băm đã ký.",
            "The content has been changed: its digest is not the signed one.",
        )


def _scheme_and_value(
    facts: Examined, signer: Any, attributes: dict[str, Any], certificate: Any, attributes_required: bool
) -> None:
    """R09, R30: the signature value, the algorithms and the certificate it names."""
    try:
        scheme = scheme_of(signer["signature_algorithm"], facts.digest)
    except ContradictoryScheme as error:
        _refuse(
            facts,
            SubIndication.SIG_CRYPTO_FAILURE,
            "R09",
            "Thuật toán chữ ký không đọc được hoặc mâu thuẫn với hàm băm.",
            f"The signature algorithm cannot be read or contradicts the digest: {error}",
        )
        return
    except UnsupportedScheme as error:
        _unsupported(facts, error)
        return
    facts.scheme = scheme.label
    if attributes:
        protection = attributes.get("cms_algorithm_protection")
        used = signer["signature_algorithm"]["algorithm"].native
        if protection is not None and (
            protection["digest_algorithm"]["algorithm"].native != facts.digest
            or protection["signature_algorithm"]["algorithm"].native != used
        ):
            facts.fail(
                SubIndication.FORMAT_FAILURE,
                "cms.structure",
                "Thuộc tính bảo vệ thuật toán mâu thuẫn với thuật toán của chữ ký.",
                "The algorithm protection attribute contradicts the signature's algorithms.",
            )
        signed = hashed_forms(signer["signed_attrs"])
    else:
        signed = iter((_bare_content(facts, attributes_required),))
    key = certificate.public_key.dump()
    try:
        valid = any(verify(key, facts.signature, octets, scheme) for octets in signed)
    except UnsupportedScheme as error:
        _unsupported(facts, error)
        return
    if not valid:
        facts.fail(
            SubIndication.SIG_CRYPTO_FAILURE,
            "R09",
            "Chữ ký không khớp với khóa công khai trong chứng thư số của người ký.",
            "The signature value does not verify with the key of the signer's certificate.",
        )
    check_binding(facts, attributes, certificate)
    if valid and facts.intact is None and (facts.digest_matches or not attributes):
        facts.intact = True


def _unsupported(facts: Examined, error: UnsupportedScheme) -> None:
    """Nothing was found wrong, and nothing was verified (ETSI EN 319 102-1, 5.2.8)."""
    facts.sub_indication = facts.sub_indication or SubIndication.CRYPTO_CONSTRAINTS_FAILURE
    facts.say(
        "R22",
        "Không kiểm tra được chữ ký vì thuật toán hoặc khóa không được hỗ trợ.",
        f"The signature cannot be checked, its algorithm or key is not supported: {error}",
        severity=Severity.ERROR,
    )


def _bare_content(facts: Examined, attributes_required: bool) -> bytes:
    """A signature straight over the content: old form, and one that could be confused with signed attributes."""
    if attributes_required or facts.content is None:
        _refuse(
            facts,
            SubIndication.FORMAT_FAILURE,
            "cms.structure",
            "Chữ ký không có thuộc tính ký (thiếu messageDigest).",
            "The signature has no signed attributes (messageDigest is missing).",
        )
    facts.say(
        "cms.no_signed_attributes",
        "Chữ ký kiểu cũ, không có thuộc tính ký.",
        "An old form of signature without signed attributes.",
    )
    assert facts.content is not None
    if may_be_attributes(facts.content):
        _refuse(
            facts,
            SubIndication.FORMAT_FAILURE,
            "cms.structure",
            "Nội dung có thể bị nhầm với tập thuộc tính ký.",
            "The content could be mistaken for a set of signed attributes.",
        )
    return facts.content
