"""Whose certificates, in which state, and what is known of their revocation."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from vn_edoc.findings import VIETNAM
from vn_edoc.testing.cms import CmsForm
from vn_edoc.testing.recipe import AGENCY_SIGNED, GOOD, PERSON_SIGNED, RECEIVED, Crl, Expected, Ocsp, signed_by
from vn_edoc.testing.variants.catalogue import declare, positive, undecided, void

PERSON, AGENCY = signed_by("person"), signed_by("agency")


def _agency(name: str, vi: str, en: str, expected: Expected, **changes: Any) -> None:
    declare("certificates", name, vi, en, expected, signatures=(PERSON, signed_by(name)), **changes)


def _person(name: str, vi: str, en: str, expected: Expected, **changes: Any) -> None:
    declare("certificates", name, vi, en, expected, signatures=(signed_by(name), AGENCY), **changes)


# --- whose ---
declare(
    "certificates",
    "another-agency",
    "Chứng thư của cơ quan khác",
    "Another agency's certificate",
    void("R81"),
    signatures=(PERSON, signed_by("other-agency")),
    bindings=(
        *GOOD.bindings,
        {
            "agency_code": "H01.16",
            "organisation": "SỞ XÂY DỰNG",
            "parent_organisation": "ỦY BAN NHÂN DÂN TỈNH AN GIANG",
            "mst": "9900000023",
            "mns": "9900002",
            "source": "mẫu thử nghiệm",
        },
    ),
)
declare(
    "certificates",
    "agency-not-bound",
    "Không có bảng gắn kết cơ quan với chứng thư",
    "No register binds the agency to its certificate",
    undecided("R81"),
    bindings=(),
)
_agency("device", "Chứng thư của thiết bị", "A device's certificate", void("R05", "R26"))
_person("deputy", "Người ký khác tên ghi trên văn bản", "The signer is not the one the document names", positive("R28"))
_agency("agency-renewed", "Chứng thư gia hạn trên cùng khóa", "A renewed certificate on the same key", positive())
_agency("agency-2014", "Chứng thư chỉ có nonRepudiation", "A certificate with nonRepudiation only", positive())
_agency("agency-2019", "Chứng thư có nhiều mục đích", "A certificate with several purposes", positive())
_agency("public-agency", "Chữ ký số công cộng của cơ quan", "The agency's public signature", positive("R16"),
        trust=("root", "national-root"),
        crls=(*GOOD.crls, Crl(issuer="public-ca"), Crl(issuer="national-root")))  # fmt: skip
declare(
    "certificates",
    "public-signatures",
    "Mọi chữ ký đều là chữ ký số công cộng",
    "All signatures are public ones",
    positive("R16"),
    signatures=(signed_by("public-person"), signed_by("public-agency")),
    annex_signature=signed_by("public-agency"),
    trust=("root", "national-root"),
    crls=(*GOOD.crls, Crl(issuer="public-ca"), Crl(issuer="national-root")),
)
declare(
    "certificates",
    "official-root",
    "Chứng thư gốc được khai báo thuộc hệ thống công vụ",
    "The anchor is said to be the official-duty root",
    positive(),
    trust=("official/root",),
)
declare(
    "certificates",
    "public-agency-untrusted",
    "Chữ ký số công cộng, chưa tin cậy chứng thư gốc quốc gia",
    "A public signature, and the national root is not trusted",
    void("R14"),
    signatures=(PERSON, signed_by("public-agency")),
)

# --- dates ---
_agency("agency-expired", "Chứng thư cơ quan đã hết hạn khi ký", "The agency's certificate had expired", void("R17"))
_agency(
    "agency-future", "Chứng thư cơ quan chưa có hiệu lực", "The agency's certificate was not valid yet", void("R17")
)
_person("person-expired", "Chứng thư cá nhân đã hết hạn khi ký", "The person's certificate had expired", void("R17"))
_person(
    "person-future", "Chứng thư cá nhân chưa có hiệu lực", "The person's certificate was not valid yet", void("R17")
)
declare(
    "certificates",
    "expired-since",
    "Chứng thư nay đã hết hạn, không có dấu thời gian",
    "The certificates have expired since, and there is no time stamp",
    undecided("R82"),
    signatures=(replace(PERSON, stamp_after=None), replace(AGENCY, stamp_after=None)),
    judged_at=datetime(2030, 1, 15, 9, 0, tzinfo=VIETNAM),
)

# --- revocation ---
_agency("agency-revoked", "Chứng thư cơ quan đã bị thu hồi", "The agency's certificate was revoked", void("R18"))
_agency("agency-suspended", "Chứng thư cơ quan đang tạm dừng", "The agency's certificate was on hold", void("R18"))
_person("person-revoked", "Chứng thư cá nhân đã bị thu hồi", "The person's certificate was revoked", void("R18"))
_LATER: dict[str, Any] = {
    "crls": (Crl(at=datetime(2026, 11, 12, 8, 0, tzinfo=VIETNAM)), Crl(issuer="root", lasts=timedelta(days=60))),
    "judged_at": datetime(2026, 11, 13, 9, 0, tzinfo=VIETNAM),
}
_agency("agency-revoked-later", "Chứng thư bị thu hồi sau khi ký, có dấu thời gian",
        "Revoked after signing, and the time stamp proves it", positive(), **_LATER)  # fmt: skip
declare(
    "certificates",
    "revoked-later-unproven",
    "Chứng thư bị thu hồi sau khi ký, không có dấu thời gian",
    "Revoked after signing, and nothing proves when it was signed",
    undecided("R82"),
    signatures=(PERSON, signed_by("agency-revoked-later", stamp_after=None)),
    **_LATER,
)
_agency("agency-of-revoked-ca", "CA cấp chứng thư đã bị thu hồi", "The issuing CA was revoked", void("R18"),
        crls=(*GOOD.crls, Crl(issuer="revoked-ca")))  # fmt: skip
declare(
    "certificates",
    "no-crl",
    "Không có CRL",
    "There is no CRL",
    undecided("R19"),
    crls=(),
)
declare(
    "certificates",
    "stale-crl",
    "CRL đã cũ trước khi ký",
    "The CRL was stale before signing",
    undecided("R19"),
    crls=(Crl(at=datetime(2026, 9, 1, 8, 0, tzinfo=VIETNAM)), Crl(issuer="root")),
)
declare(
    "certificates",
    "forged-crl",
    "CRL không do CA ký",
    "The CRL is not signed by the CA",
    undecided("R19"),
    crls=(Crl(signed_by="rogue-ca"), Crl(issuer="root")),
)

_agency(
    "agency-revoked-then", "Chứng thư bị thu hồi đúng giây ký", "Revoked in the very second of signing", void("R18")
)
_ANSWERS = (Ocsp(about="person"), Ocsp(about="agency"))
declare(
    "certificates",
    "ocsp",
    "Tình trạng chứng thư theo OCSP, không có CRL của CA cấp",
    "Revocation status by OCSP, without a CRL of the issuing CA",
    positive(),
    crls=(Crl(issuer="root"),),
    ocsps=_ANSWERS,
)
declare(
    "certificates",
    "ocsp-revoked",
    "OCSP cho biết chứng thư đã bị thu hồi",
    "OCSP says that the certificate was revoked",
    void("R18"),
    signatures=(PERSON, signed_by("agency-revoked")),
    crls=(Crl(issuer="root"),),
    ocsps=(Ocsp(about="person"), Ocsp(about="agency-revoked"), Ocsp(about="agency")),
)
declare(
    "certificates",
    "ocsp-unknown",
    "OCSP không biết chứng thư",
    "OCSP does not know the certificate",
    undecided("R19"),
    crls=(Crl(issuer="root"),),
    ocsps=(Ocsp(about="person"), Ocsp(about="agency", status="unknown")),
)
declare(
    "certificates",
    "ocsp-forged",
    "Trả lời OCSP do nơi khác ký",
    "The OCSP response is signed by somebody else",
    undecided("R19"),
    crls=(Crl(issuer="root"),),
    ocsps=(Ocsp(about="person"), Ocsp(about="agency", responder="rogue-agency")),
)
declare(
    "certificates",
    "one-key-two-certificates",
    "Hai chứng thư chung một khóa, chữ ký không nêu chứng thư",
    "Two certificates share the key, and the signature does not name its own",
    positive("R30", "R78"),
    signatures=(
        PERSON,
        signed_by("agency", subfilter="adbe", chain="leaf", form=CmsForm(signing_certificate=False)),
    ),
    certificates=("state-ca", "agency-renewed"),
)

# --- strength and purpose ---
_agency("agency-long", "Chứng thư có thời hạn mười năm", "A certificate of ten years", positive("R36"))
_agency("agency-rsa1024", "Khóa RSA 1024 bit", "An RSA key of 1024 bits", positive("R21"))
_agency("agency-sha1", "Chứng thư ký bằng SHA-1", "A certificate signed with SHA-1", positive("R22"))
_agency("agency-wrong-usage", "Mục đích khóa không cho phép ký", "Key usage does not allow signing", positive("R25"))
_person("person-wrong-usage", "Mục đích khóa không cho phép ký", "Key usage does not allow signing", positive("R25"))
_person("person-rsa1024", "Khóa RSA 1024 bit của cá nhân", "The person's RSA key of 1024 bits", positive("R21"))

# --- path ---
_agency("rogue-agency", "Cây chứng thư giả trùng tên", "A false tree with the same names", void("R14"))
_person("rogue-person", "Cây chứng thư giả trùng tên", "A false tree with the same names", void("R14"))
_agency("agency-self-signed", "Chứng thư tự ký", "A self-signed certificate", void("R14"))
_agency("agency-issued-by-person", "Chứng thư do một cá nhân cấp", "A certificate issued by a person", void("R24"))
declare(
    "certificates",
    "no-trust",
    "Chưa cung cấp chứng thư gốc tin cậy",
    "No trust anchor is given",
    undecided(),
    trust=(),
)

# --- what an examiner tries next to these ---
declare(
    "certificates",
    "another-agency-unlisted",
    "Chứng thư của cơ quan khác, bảng gắn kết chỉ có dòng của cơ quan ban hành",
    "Another agency's certificate, and the register has the row of the issuing agency alone",
    void("R81"),
    signatures=(PERSON, signed_by("other-agency")),
)
declare(
    "certificates",
    "two-persons-no-agency",
    "Hai cá nhân ký, không có cơ quan",
    "Two persons signed, and no agency",
    void("R05"),
    signatures=(PERSON, signed_by("deputy", at=AGENCY_SIGNED)),
)
declare(
    "certificates",
    "agency-twice-no-person",
    "Cơ quan ký hai lần, không có người có thẩm quyền",
    "The agency signed twice, and no person",
    void("R05"),
    signatures=(signed_by("agency", at=PERSON_SIGNED), AGENCY),
)
declare(
    "certificates",
    "expired-since-stamped",
    "Chứng thư nay đã hết hạn, có dấu thời gian",
    "The certificates have expired since, and time stamps prove when they were used",
    positive(),
    judged_at=datetime(2030, 1, 15, 9, 0, tzinfo=VIETNAM),
)
_person(
    "person-revoked-later",
    "Chứng thư cá nhân bị thu hồi sau khi ký, có dấu thời gian",
    "The person's certificate was revoked after signing, and the time stamp proves it",
    positive(),
    **_LATER,
)
declare(
    "certificates",
    "revoked-later-received",
    "Chứng thư bị thu hồi sau khi ký, không có dấu thời gian nhưng có chứng cứ nhận",
    "Revoked after signing, without a time stamp, but a receipt is on record",
    positive(),
    signatures=(signed_by("person-revoked-later", stamp_after=None), AGENCY),
    context={"receipt_evidence_at": RECEIVED.isoformat()},
    **_LATER,
)
declare(
    "certificates",
    "tsa-revoked",
    "Chứng thư cấp dấu thời gian đã bị thu hồi",
    "The certificate of the time-stamp authority was revoked",
    positive("R32"),
    signatures=(PERSON, signed_by("agency", tsa="tsa-revoked")),
)
declare(
    "certificates",
    "binding-ended",
    "Dòng gắn kết của cơ quan đã hết hiệu lực trước khi ký",
    "The agency's row in the register had ended before it signed",
    undecided("R81"),
    bindings=({**GOOD.bindings[0], "valid_to": "2026-01-01"},),
)
declare(
    "certificates",
    "no-root-crl",
    "Không có CRL của chứng thư gốc nên chưa rõ tình trạng CA cấp",
    "Without a CRL of the root nothing is known of the issuing CA",
    undecided("R19"),
    crls=(Crl(),),
)
declare(
    "certificates",
    "other-root-only",
    "Chỉ tin cậy một chứng thư gốc khác",
    "Another root is the only one that is trusted",
    void("R14"),
    trust=("national-root",),
)
