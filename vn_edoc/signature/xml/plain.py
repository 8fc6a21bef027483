"""Enveloped signatures in the plain form: recognised in the document's own octets, without a tree of them.

Small documents are verified by the thousand, and taking a signature apart in a tree costs more than all its digests.
What this library writes is canonical as it stands: an enveloped B-B signature that ends right before the end tag of the
root. One pattern recognises it whole; the document is parsed and canonicalised without it. That is exact:

* The pattern spells out every name, namespace, attribute and transform, and leaves open only values that have one
  spelling. The signature is well-formed by itself and declares every namespace that it uses; so do its ``SignedInfo``
  and its ``SignedProperties``, whose octets are therefore their exclusive canonical form, whatever stands around them.
* Behind it stands one end tag, which can end no comment, CDATA section or instruction, and without it the document is
  well-formed: so it stands in none of these but is the last child of the root, where the enveloped-signature transform
  leaves it out (XML Signature section 6.6.4).
* No other signature and no comment stands in the document, and no identifier stands twice, the signature's included.

Whatever is not so is read in the general way. So is a signature that does not hold: no reasons are given here.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from vn_edoc.findings import Location, reckonable
from vn_edoc.limits import Limits
from vn_edoc.signature.judgement import Settings
from vn_edoc.signature.keys import DIGESTS as NEW_DIGESTS
from vn_edoc.signature.keys import Signer, default_scheme
from vn_edoc.signature.xml.algorithms import (
    DIGEST_URIS,
    DIGESTS,
    ENVELOPED,
    certificate_digest,
    new_digest,
    signature_uri,
)
from vn_edoc.signature.xml.build import SigningOptions, certificate_elements, written_time
from vn_edoc.signature.xml.core import CheckedReference, Core
from vn_edoc.signature.xml.document import Document, may_identify
from vn_edoc.signature.xml.judging import Judged, judge_plain
from vn_edoc.signature.xml.keyinfo import KeyInfo
from vn_edoc.signature.xml.names import SIGNED_PROPERTIES_TYPE, ds
from vn_edoc.signature.xml.plain_form import PATTERN, SIGNATURE, SIGNED_INFO, SIGNED_PROPERTIES, Blank
from vn_edoc.signature.xml.problems import Refusal
from vn_edoc.signature.xml.properties import Claims, parse_time
from vn_edoc.signature.xml.signed_info import Reference, SignedInfo, Transform
from vn_edoc.signature.xml.signing_certificate import CertificateDigest
from vn_edoc.signature.xml.structure import decode_text, encode
from vn_edoc.xml.c14n import Canonicalization, canonical
from vn_edoc.xml.parse import count_bytes, parse

__all__ = ["sign_plain", "verify_plain"]

_START = b"<ds:Signature "
_END = b"</ds:Signature>"
_ROOT_END = re.compile(rb"</[A-Za-z_:](?:[A-Za-z0-9_:.-]*[A-Za-z0-9_:.])?[ \t\r\n]*>[ \t\r\n]*")
"""An end tag with nothing behind it, and without what could end a comment, a CDATA section or an instruction."""
_CERTIFICATE = re.compile(rb">([A-Za-z0-9+/=]+)<")
_MOST_CERTIFICATES = 8
_STEP = Transform(Canonicalization.EXCLUSIVE.value)
_DATA_STEPS = (Transform(ENVELOPED), _STEP)


def verify_plain(data: bytes, settings: Settings) -> Judged | None:
    """Judge the only signature of a document of the plain form; ``None`` if it is of another, or does not hold."""
    end = data.rfind(_END) + len(_END)
    start = data.rfind(_START, 0, end)
    if start < 0 or not _ROOT_END.fullmatch(data, end):
        return None
    found = PATTERN.fullmatch(data, start, end)
    if found is None or not _within(data, settings.limits):
        return None
    try:
        octets = _signed_octets(data[:start] + data[end:], _identifiers(found), settings.limits)
        core = _core(found, octets)
        claims = _claims(found)
        key_info = KeyInfo(certificates=list(_certificates(found["certificates"])))
    except (Refusal, ValueError, KeyError):
        return None
    return judge_plain(core, claims, key_info, settings, Location(signature=found["id"].decode()))


def sign_plain(data: bytes, signer: Signer, options: SigningOptions, limits: Limits) -> tuple[str, bytes] | None:
    """Sign a document in the plain form: the identifier of the signature, and the signed document. ``None`` where
    another form is needed, or the document or the options are none to sign, which the general way then tells.

    Raises :class:`~vn_edoc.errors.SigningError` when the key refuses, :class:`~vn_edoc.errors.UsageError` for a scheme
    that it has not.
    """
    end = data.rfind(b"<")
    if options.roles or options.place or options.commitments or not _ROOT_END.fullmatch(data, end):
        return None
    scheme, digest = default_scheme(signer, options.scheme), options.digest
    blank = _blank(scheme, digest, (signer.certificate_der, *signer.chain))
    if blank is None:
        return None
    try:
        octets = canonical(_read(data, limits)[0], Canonicalization.EXCLUSIVE, document=True)
    except (Refusal, ValueError):
        return None
    name = "S-" + secrets.token_hex(8)
    said = {b"id": name.encode(), b"time": written_time(options.signed_at).encode()}
    said[b"data_digest"] = encode(_computed(digest, octets)).encode()
    said[b"properties"] = properties = blank.properties.write(said)
    said[b"properties_digest"] = encode(_computed(digest, properties)).encode()
    said[b"signed_info"] = signed_info = blank.signed_info.write(said)
    said[b"value"] = encode(signer.sign(signed_info, digest=digest, scheme=scheme)).encode()
    return name, data[:end] + blank.signature.write(said) + data[end:]


class _Blanks(NamedTuple):
    """The form with all that a signer's signatures have in common; identifier, time, digests and value are open."""

    properties: Blank
    signed_info: Blank
    signature: Blank


@lru_cache(maxsize=64)
def _blank(scheme: str, digest: str, certificates: tuple[bytes, ...]) -> _Blanks | None:
    """The form for a signer; ``None`` where it has no place for what has to be said. Kept, for who signs does so more
    than once."""
    method, uri = signature_uri(scheme, digest), DIGEST_URIS.get(digest)
    if method is None or uri is None or scheme == "ecdsa" or digest not in NEW_DIGESTS:
        return None
    known = {
        "qualified": "%(id)s",
        "value_id": "%(id)s-v",
        "data_id": "%(id)s-r0",
        "described": "%(id)s-r0",
        "target": "%(id)s-p",
        "properties_id": "%(id)s-p",
        "method": method,
        "data_method": uri,
        "properties_method": uri,
        "certificate_method": uri,
        "certificate_digest": encode(certificate_digest(digest, certificates[0])),
        "certificates": certificate_elements(certificates),
        "media_type": "application/xml",
    }
    return _Blanks(*(form.filled(known) for form in (SIGNED_PROPERTIES, SIGNED_INFO, SIGNATURE)))


def _computed(name: str, octets: bytes) -> bytes:
    running = new_digest(name)
    running.update(octets)
    return running.digest()


def _within(data: bytes, limits: Limits) -> bool:
    """Whether the signature breaks no bound; what stands around it is measured when it is parsed."""
    return (
        count_bytes(data, b"<") <= limits.xml_elements
        and limits.xml_depth > 10
        and limits.xml_attributes >= 4
        and limits.xml_name_bytes >= 64
        and limits.references >= 2
        and limits.certificates >= _MOST_CERTIFICATES
        and limits.signatures >= 1
    )


def _identifiers(found: re.Match[bytes]) -> set[str]:
    """The identifiers of the signature; :class:`ValueError` where one stands twice, or points elsewhere."""
    name, target, *others = (text.decode() for text in found.group("id", "properties_id", "data_id", "value_id"))
    identifiers = {name, target, *others}
    if len(identifiers) < 4 or found["qualified"] != found["id"] or found["target"] != found["properties_id"]:
        raise ValueError("not the identifiers of one signature")
    return identifiers


def _signed_octets(around: bytes, identifiers: set[str], limits: Limits) -> bytes:
    """The canonical octets of the document without its signature; :class:`ValueError` or :class:`Refusal` where it has
    none, or holds another signature, a comment or one of the identifiers."""
    root, present = _read(around, limits)
    if not identifiers.isdisjoint(present) or next(root.iter(ds("Signature"), etree.Comment), None) is not None:
        raise ValueError("not the only signature")
    return canonical(root, Canonicalization.EXCLUSIVE, document=True)


def _read(data: bytes, limits: Limits) -> tuple[etree._Element, Collection[str]]:
    """The root of a document, and its identifiers; :class:`ValueError` or :class:`Refusal` where it cannot be read, or
    has an identifier twice."""
    parsed = parse(data, limits)
    if parsed.root is None or not parsed.exact:
        raise ValueError("not exactly readable")
    if not may_identify(data):
        return parsed.root, ()
    document = Document(parsed.root)
    document.index()
    return parsed.root, document.ids


def _core(found: re.Match[bytes], octets: bytes) -> Core:
    """The signature with its two references checked; :class:`ValueError` where one does not hold."""
    method, identifier, target = (text.decode() for text in found.group("method", "data_id", "target"))
    whole = Reference("", None, identifier, _DATA_STEPS, *_digest(found, "data"))
    properties = Reference("#" + target, SIGNED_PROPERTIES_TYPE, None, (_STEP,), *_digest(found, "properties"))
    references = (_checked(whole, octets), _checked(properties, found["properties"]))
    signed_info = SignedInfo(
        found["signed_info"], Canonicalization.EXCLUSIVE, method, tuple(checked.reference for checked in references)
    )
    return Core(_octets(found["value"]), signed_info, references)


def _checked(reference: Reference, octets: bytes) -> CheckedReference:
    computed = _computed(DIGESTS[reference.digest_method], octets)
    if not hmac.compare_digest(computed, reference.digest_value):
        raise ValueError("it does not match")
    return CheckedReference(reference, True, None, octets, computed)


def _digest(found: re.Match[bytes], what: str) -> tuple[str, bytes]:
    """Method and value of a digest."""
    return found[what + "_method"].decode(), _octets(found[what + "_digest"])


def _octets(text: bytes) -> bytes:
    octets = decode_text(text.decode())
    if octets is None:
        raise ValueError("not canonical base64")
    return octets


def _claims(found: re.Match[bytes]) -> Claims:
    moment = parse_time(found["time"].decode())
    if not reckonable(moment):
        raise ValueError("no time with a zone")
    method, value = _digest(found, "certificate")
    return Claims(moment, (CertificateDigest(DIGESTS[method], value),), (), None, (), ())


@lru_cache(maxsize=64)
def _certificates(elements: bytes) -> tuple[bytes, ...]:
    """The certificates, each once; :class:`ValueError` if there are more than a signature carries. Kept, for one signer
    signs many documents."""
    texts = _CERTIFICATE.findall(elements)
    if len(texts) > _MOST_CERTIFICATES:
        raise ValueError("many certificates")
    return tuple(dict.fromkeys(map(_octets, texts)))
