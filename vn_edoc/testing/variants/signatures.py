"""Who signed, in which order, in which form, with which time stamp."""

from __future__ import annotations

from datetime import timedelta

from vn_edoc.testing.attacks import add_empty_field, archive, embed_evidence
from vn_edoc.testing.cms import CmsForm
from vn_edoc.testing.recipe import AGENCY_SIGNED, JUDGED, PERSON_SIGNED, signed_by
from vn_edoc.testing.variants.catalogue import declare, positive, undecided, void

PERSON, AGENCY = signed_by("person"), signed_by("agency")

# --- who ---
declare("signatures", "no-signature", "Không có chữ ký số nào", "No signature at all", void("R04"), signatures=())
declare(
    "signatures",
    "agency-signature-missing",
    "Thiếu chữ ký số của cơ quan",
    "The agency's signature is missing",
    void("R05"),
    signatures=(PERSON,),
)
declare(
    "signatures",
    "person-signature-missing",
    "Thiếu chữ ký số của người có thẩm quyền",
    "The competent person's signature is missing",
    void("R05"),
    signatures=(AGENCY,),
)
declare(
    "signatures",
    "agency-before-person",
    "Cơ quan ký số trước người có thẩm quyền",
    "The agency signed before the person",
    positive("R07"),
    signatures=(signed_by("agency", at=PERSON_SIGNED), signed_by("person", at=AGENCY_SIGNED)),
)
declare(
    "signatures",
    "person-signs-twice",
    "Một người ký hai lần",
    "One person signs twice",
    positive("R77"),
    signatures=(PERSON, signed_by("person", at=PERSON_SIGNED + timedelta(minutes=1)), AGENCY),
)
declare(
    "signatures",
    "two-persons",
    "Hai người cùng ký, rồi cơ quan ký",
    "Two persons sign, then the agency",
    positive(),
    signatures=(signed_by("deputy", at=PERSON_SIGNED - timedelta(minutes=9)), PERSON, AGENCY),
)
declare(
    "signatures",
    "empty-field",
    "Còn một trường chữ ký bỏ trống",
    "A signature field was left empty",
    positive("R79"),
    before_signing=(add_empty_field,),
)

# --- in which form ---
declare(
    "signatures",
    "adbe",
    "Dạng adbe.pkcs7.detached chỉ kèm chứng thư người ký",
    "The form adbe.pkcs7.detached with the signer's certificate alone, as official tools write it",
    positive(),
    signatures=(
        signed_by("person", subfilter="adbe", chain="leaf"),
        signed_by("agency", subfilter="adbe", chain="leaf"),
    ),
)
declare(
    "signatures",
    "certified",
    "Chữ ký đầu là chữ ký chứng thực DocMDP P=2",
    "The first signature certifies with DocMDP P=2",
    positive("R12"),
    signatures=(signed_by("person", certify=2), AGENCY),
)
declare(
    "signatures",
    "certified-locked",
    "Chữ ký đầu khóa tài liệu (DocMDP P=1), sau đó cơ quan vẫn ký",
    "The first signature locks the document (DocMDP P=1), yet the agency signs",
    void("R12"),
    signatures=(signed_by("person", certify=1), AGENCY),
)
declare(
    "signatures",
    "pss",
    "Ký theo RSASSA-PSS",
    "Signed with RSASSA-PSS",
    positive(),
    signatures=(signed_by("person", form=CmsForm(scheme="pss")), signed_by("agency", form=CmsForm(scheme="pss"))),
)
declare(
    "signatures",
    "ecdsa",
    "Ký bằng khóa ECDSA",
    "Signed with ECDSA keys",
    positive(),
    signatures=(signed_by("person-ec"), signed_by("agency-ec", form=CmsForm(digest="sha384"))),
)
declare(
    "signatures",
    "sha1-digest",
    "Cơ quan ký bằng SHA-1",
    "The agency signed with SHA-1",
    positive("R22"),
    signatures=(PERSON, signed_by("agency", subfilter="adbe", form=CmsForm(digest="sha1"))),
)
declare(
    "signatures",
    "no-signing-certificate",
    "Thiếu thuộc tính signing-certificate",
    "The signing-certificate attribute is missing",
    positive("R30"),
    signatures=(PERSON, signed_by("agency", subfilter="adbe", form=CmsForm(signing_certificate=False))),
)
declare(
    "signatures",
    "wrong-signing-certificate",
    "Thuộc tính signing-certificate chỉ tới chứng thư khác",
    "The signing-certificate attribute names another certificate",
    void("R30"),
    signatures=(PERSON, signed_by("agency", form=CmsForm(certificate_digest=bytes(32)))),
)
declare(
    "signatures",
    "broken-value",
    "Giá trị chữ ký bị hỏng",
    "The signature value is broken",
    void("R09"),
    signatures=(PERSON, signed_by("agency", form=CmsForm(break_signature=True))),
)
declare(
    "signatures",
    "wrong-digest",
    "Giá trị băm trong chữ ký là của nội dung khác",
    "The digest in the signature is another content's",
    void("R08"),
    signatures=(PERSON, signed_by("agency", form=CmsForm(message_digest=bytes(32)))),
)
for _coverage, _vi, _en in (
    ("late_start", "Phạm vi ký không bắt đầu từ đầu tệp", "The byte range does not begin at the beginning"),
    (
        "wide_gap",
        "Khoảng trống của phạm vi ký rộng hơn giá trị chữ ký",
        "The byte range leaves out more than the value",
    ),
    ("short", "Phạm vi ký không tới cuối phiên bản", "The byte range does not reach the end of the revision"),
):
    declare(
        "signatures",
        f"byte-range-{_coverage.replace('_', '-')}",
        _vi,
        _en,
        void("R10"),
        signatures=(PERSON, signed_by("agency", coverage=_coverage)),
    )
declare(
    "signatures",
    "old-tools",
    "CMS kiểu phần mềm cũ: BER, thuộc tính lạ, không có signing-certificate",
    "A CMS of older tools: BER, an odd attribute, no signing-certificate",
    positive("R30", "R31"),
    signatures=(
        PERSON,
        signed_by(
            "agency",
            subfilter="adbe",
            chain="leaf",
            form=CmsForm(signing_certificate=False, odd_attribute=True, indefinite=True),
        ),
    ),
)
declare(
    "signatures",
    "two-signer-infos",
    "CMS có hai SignerInfo",
    "The CMS has two SignerInfos",
    void("cms.structure"),
    signatures=(PERSON, signed_by("agency", form=CmsForm(signers=2))),
)
declare(
    "signatures",
    "attached-content",
    "CMS mang cả nội dung (không tách rời)",
    "The CMS carries the content itself",
    void("cms.structure"),
    signatures=(PERSON, signed_by("agency", attached=True, contents_bytes=600_000)),
)
declare(
    "signatures",
    "field-not-listed",
    "Trường chữ ký đầu không có trong AcroForm, nên không xét được thay đổi sau đó",
    "The form does not list the first signature field, so what came after it cannot be analysed",
    undecided("R11", "R13"),
    signatures=(signed_by("person", listed=False), AGENCY),
)
declare(
    "signatures",
    "signed-in-the-future",
    "Thời gian ký ở tương lai",
    "The claimed signing time lies in the future",
    undecided("R35"),
    signatures=(PERSON, signed_by("agency", at=JUDGED + timedelta(days=30), stamp_after=None)),
)
declare(
    "signatures",
    "long-term",
    "Ký mức B-LT: kèm CRL và chứng thư trong tệp, không có CRL bên ngoài",
    "Signed at level B-LT: CRLs and certificates inside, none beside the package",
    positive(),
    after_signing=(embed_evidence,),
    annex=None,
    crls=(),
)
declare(
    "signatures",
    "archived",
    "Ký mức B-LTA: thêm dấu thời gian lưu trữ",
    "Signed at level B-LTA: an archive time stamp as well",
    positive(),
    after_signing=(embed_evidence, archive),
    annex=None,
    crls=(),
)

# --- time stamps ---
declare(
    "signatures",
    "no-timestamp",
    "Không có dấu thời gian",
    "No time stamps",
    positive(),
    signatures=(signed_by("person", stamp_after=None), signed_by("agency", stamp_after=None)),
)
for _tsa, _vi, _en in (
    ("tsa-wrong-purpose", "Chứng thư cấp dấu thời gian sai mục đích", "The TSA certificate has another purpose"),
    ("tsa-expired", "Chứng thư cấp dấu thời gian đã hết hạn", "The TSA certificate had expired"),
    ("rogue-tsa", "Dấu thời gian của nơi không được tin cậy", "The time stamp is of an untrusted authority"),
):
    declare("signatures", _tsa, _vi, _en, positive("R32"), signatures=(PERSON, signed_by("agency", tsa=_tsa)))
declare(
    "signatures",
    "timestamp-wrong-imprint",
    "Dấu thời gian được chép từ chữ ký khác",
    "The time stamp was copied from another signature",
    positive("R32"),
    signatures=(PERSON, signed_by("agency", stamp_other=True)),
)
declare(
    "signatures",
    "timestamp-sha1",
    "Dấu thời gian dùng SHA-1",
    "The time stamp uses SHA-1",
    positive("R33"),
    signatures=(PERSON, signed_by("agency", imprint="sha1")),
)
for _name, _after, _vi, _en in (
    ("timestamp-early", -timedelta(hours=2), "Dấu thời gian trước thời điểm ký hai giờ", "Stamped two hours before"),
    ("timestamp-late", timedelta(hours=30), "Dấu thời gian sau thời điểm ký 30 giờ", "Stamped thirty hours after"),
    (
        "signed-in-another-zone",
        -timedelta(hours=7),
        "Giờ Việt Nam ghi thành UTC: lệch đúng 7 giờ",
        "Vietnam time written as UTC: exactly seven hours off",
    ),
):
    declare(
        "signatures",
        _name,
        _vi,
        _en,
        positive("R34"),
        signatures=(
            signed_by("person", stamp_after=_after),
            signed_by("agency", at=AGENCY_SIGNED, stamp_after=_after),
        ),
        judged_at=JUDGED + timedelta(days=1),
    )
