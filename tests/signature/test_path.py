"""Paths at a moment, revocation, trust store and pins."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.signature.pki import DAY, DER, NOW, Authority, Pki, dn, pki, root, rsa_key, usage
from vn_edoc.errors import SigningError, UsageError
from vn_edoc.signature import Evidence, SignerKind, SubIndication, TrustScheme, TrustStore, validate_path
from vn_edoc.signature.certificates import facts_of, identity, parse_certificate
from vn_edoc.signature.trust import pins


def judge(certificate, p: Pki, *, at=NOW, evidence=None, **options):
    der = certificate if isinstance(certificate, bytes) else certificate.certificate_der
    options.setdefault("trust", p.trust)
    return validate_path(der, [p.ca.der], at=at, evidence=evidence, **options)


def rules(result) -> set[str]:
    return {f.rule for f in result.findings}


def test_good_path_with_revocation_known():
    p = pki()
    result = judge(p.leader, p, evidence=p.evidence())
    assert result.trusted is True and result.revocation_known and result.sub_indication is None
    assert [c.revocation for c in result.chain] == ["good", "good", "anchor"]
    assert result.scheme is TrustScheme.OFFICIAL
    assert len(result.evidence.crls) == 2
    assert not rules(result)


def test_no_anchors_is_unknown_not_bad():
    p = pki()
    result = judge(p.leader, p, trust=None)
    assert result.trusted is None and rules(result) == {"path.no_anchors"}


def test_unchecked_revocation_is_said():
    p = pki()
    result = judge(p.leader, p)
    assert result.trusted is True and not result.revocation_known
    assert result.sub_indication is SubIndication.TRY_LATER and "R19" in rules(result)


def test_foreign_root_fails():
    p = pki()
    other = root("Gốc lạ")
    key = rsa_key("lạ")
    result = judge(other.issue(dn("SỞ LẠ"), key).public_bytes(DER), p)
    assert result.trusted is False and "R14" in rules(result)
    assert result.sub_indication is SubIndication.NO_CERTIFICATE_CHAIN_FOUND


def test_same_name_other_key_is_not_the_anchor():
    p = pki()
    fake_key = rsa_key("giả")
    fake = Authority(fake_key, p.ca.cert)
    der = fake.issue(dn("SỞ GIẢ"), rsa_key("giả 2")).public_bytes(DER)
    result = judge(der, p)
    assert result.trusted is False


def test_expired_since_is_undetermined_and_claimed_after_expiry_fails():
    p = pki()
    old = p.signer("Người Cũ", start=NOW - 900 * DAY, end=NOW - 100 * DAY)
    now = judge(old, p, claimed=NOW - 200 * DAY)
    assert now.trusted is None and now.sub_indication is SubIndication.OUT_OF_BOUNDS_NO_POE and "R82" in rules(now)
    then = judge(old, p, at=NOW - 200 * DAY, claimed=NOW - 200 * DAY)
    assert then.trusted is True
    late = judge(old, p, claimed=NOW - DAY)
    assert late.trusted is False and late.sub_indication is SubIndication.EXPIRED and "R17" in rules(late)
    early = judge(old, p, at=NOW - 950 * DAY)
    assert early.trusted is False and early.sub_indication is SubIndication.NOT_YET_VALID


def test_revocation_before_after_and_claims():
    p = Pki()
    signer = p.leader
    p.ca.revoked[signer.certificate.serial_number] = NOW - 10 * DAY
    evidence = p.evidence()
    after = judge(signer, p, evidence=evidence, claimed=NOW - DAY)
    assert after.trusted is False and after.sub_indication is SubIndication.REVOKED and "R18" in rules(after)
    no_poe = judge(signer, p, evidence=evidence, claimed=NOW - 20 * DAY)
    assert no_poe.trusted is None and no_poe.sub_indication is SubIndication.REVOKED_NO_POE
    before = judge(signer, p, evidence=evidence, at=NOW - 20 * DAY, claimed=NOW - 20 * DAY)
    assert before.trusted is True and before.revoked_at == NOW - 10 * DAY and "R72" in rules(before)


def test_stale_list_cannot_prove_but_can_convict():
    p = Pki()
    signer = p.leader
    stale = p.evidence(at=NOW - 90 * DAY)
    result = judge(signer, p, evidence=stale)
    assert result.trusted is True and {"R19", "R20"} <= rules(result)
    p.ca.revoked[signer.certificate.serial_number] = NOW - 100 * DAY
    result = judge(signer, p, evidence=p.evidence(at=NOW - 90 * DAY), claimed=NOW)
    assert result.trusted is False and "R18" in rules(result)


def test_list_with_wrong_signature_is_no_evidence():
    p = Pki()
    evidence = Evidence(crls=(p.root.crl(), p.ca.crl(key=rsa_key("giả"))))
    result = judge(p.leader, p, evidence=evidence)
    assert "R19" in rules(result) and not result.revocation_known


def test_later_list_after_expiry_is_not_used():
    p = Pki()
    old = p.signer("Người Cũ", start=NOW - 900 * DAY, end=NOW - 100 * DAY)
    result = judge(old, p, at=NOW - 200 * DAY, evidence=p.evidence())
    assert result.trusted is True and "R19" in rules(result)


def test_key_usage_and_ca_constraints():
    p = Pki()
    wrong = p.signer("Sai Mục Đích", ku=usage(key_encipherment=True))
    assert "R25" in rules(judge(wrong, p))
    # a leaf that acts as CA
    leaf = p.leader
    rogue = Authority(rsa_key("Nguyễn Văn An"), leaf.certificate)
    der = rogue.issue(dn("Kẻ Mạo"), rsa_key("mạo")).public_bytes(DER)
    result = validate_path(der, [leaf.certificate_der, p.ca.der], at=NOW, trust=p.trust)
    assert result.trusted is False and "R24" in rules(result)


def test_naive_moment_is_refused():
    p = pki()
    with pytest.raises(UsageError):
        judge(p.leader, p, at=dt.datetime(2026, 1, 1))


def test_identity_masks_numbers():
    p = pki()
    who = identity(p.leader.certificate_der)
    assert who.kind is SignerKind.PERSON and who.name == "Nguyễn Văn An"
    assert who.ids == ("CCCD:00********01",) and "001099000001" not in repr(who)
    assert who.private.values("CCCD") == ("001099000001",)
    assert identity(p.agency.certificate_der).kind is SignerKind.ORGANISATION


def test_real_authorities_match_their_pins(shared):
    store = TrustStore.load(shared / "pki")
    assert len(store.anchors) >= 6
    table = pins()
    for der in (*store.anchors, *store.intermediates):
        certificate = parse_certificate(der)
        pin = table[certificate.sha256.hex()]
        about = facts_of(der).summary
        assert (pin.subject, pin.issuer, pin.key) == (about.subject, about.issuer, about.key)
        assert (pin.valid_from, pin.valid_to) == (about.valid_from.date(), about.valid_to.date())
        assert pin.signature_hash == certificate.hash_algo
        assert (pin.role == "root") == (der in store.anchors)


def test_real_leaves_chain_at_their_time(shared):
    store = TrustStore.load(shared / "pki")
    for name, at in (("vgca-g1-leaf-congthongtin-2014.cer", 2018), ("public-vnpt-leaf-org-2024-2027.cer", 2025)):
        der = (shared / "pki" / "leaf" / name).read_bytes()
        result = validate_path(der, at=dt.datetime(at, 1, 2, tzinfo=dt.UTC), trust=store)
        assert result.trusted is True, result.findings
    assert identity((shared / "pki/leaf/vgca-g1-leaf-congthongtin-2019.cer").read_bytes()).kind == "organisation"


def test_missing_known_authority_is_named(shared):
    der = (shared / "pki" / "leaf" / "vgca-g1-leaf-congthongtin-2014.cer").read_bytes()
    p = pki()
    result = validate_path(der, at=dt.datetime(2018, 1, 2, tzinfo=dt.UTC), trust=p.trust)
    assert result.trusted is None and "path.missing_ca" in rules(result)


def test_wrong_password_and_wrong_certificate(tmp_path):
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.serialization import pkcs12

    from vn_edoc.signature import PemSigner, Pkcs12Signer

    p = pki()
    key = rsa_key("Nguyễn Văn An")
    blob = pkcs12.serialize_key_and_certificates(
        b"x", key, p.leader.certificate, [p.ca.cert], serialization.BestAvailableEncryption(b"dung")
    )
    assert Pkcs12Signer(blob, "dung").sign(b"x")
    with pytest.raises(SigningError):
        Pkcs12Signer(blob, "sai")
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    with pytest.raises(SigningError):
        PemSigner(pem, p.agency.certificate_der)
    with pytest.raises(UsageError):
        PemSigner(pem, p.leader.certificate_der).sign(b"x", digest="sha1")


def test_a_certificate_that_names_two_signature_algorithms():
    """One of them is not signed: whoever alters it would have a certificate of another digest that holds as well."""
    p = pki()
    der = bytearray(p.leader.certificate_der)
    algorithm = bytes.fromhex("300d06092a864886f70d01010b0500")
    at = der.rindex(algorithm)
    assert der.index(algorithm) < at
    der[at + 1] += 2
    der[at + len(algorithm) : at + len(algorithm)] = b"\x05\x00"
    der[2:4] = (len(der) - 4).to_bytes(2, "big")
    assert judge(p.leader, p).trusted is True
    assert judge(bytes(der), p).trusted is not True


def test_a_certificate_without_the_octets_of_a_signature_spoils_no_path():
    p = pki()
    der = p.ca.der
    at = der.rindex(b"\x03\x82\x01\x01\x00")
    empty = bytearray(der[:at] + b"\x03\x00")
    empty[2:4] = (len(empty) - 4).to_bytes(2, "big")
    path = validate_path(p.leader.certificate_der, [bytes(empty), der], at=NOW, trust=p.trust)
    assert path.trusted is True
    assert judge(bytes(empty), p).trusted is not True


def test_an_altered_anchor_is_no_anchor():
    """A path of one certificate: its signature is looked at, unless it is the anchor itself."""
    p = pki()
    der = p.root.der
    altered = der[:-1] + bytes([der[-1] ^ 1])
    same, other = (validate_path(d, [p.ca.der], at=NOW, trust=p.trust, purpose="any") for d in (der, altered))
    assert same.trusted is True
    assert other.trusted is False and rules(other) == {"R14"}
