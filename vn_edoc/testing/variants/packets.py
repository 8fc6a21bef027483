"""What the packet says and carries."""

from __future__ import annotations

from dataclasses import replace

from vn_edoc.testing import attacks
from vn_edoc.testing.recipe import GOOD, RECEIVED, SENT, Expected
from vn_edoc.testing.variants.catalogue import declare, positive, undecided, void

_EARLIER = "H53.09,2026/10/01,1200/SNV-VP"
"""Another document of the same agency."""

declare(
    "packets",
    "attachment-missing",
    "Thiếu tệp mà danh mục tệp có nêu",
    "A file that the manifest names is missing",
    positive("R44"),
    packet=(attacks.drop_attachment(2),),
)
declare(
    "packets",
    "attachment-damaged",
    "Nội dung tệp gửi kèm bị hỏng mã base64",
    "The base64 of the attachment is damaged",
    positive("R44"),
    packet=(attacks.damage_base64,),
)
declare(
    "packets",
    "document-missing",
    "Gói tin không có tệp văn bản",
    "The packet has no document file",
    void("R04"),
    drop_document=True,
    annex=None,
)
for _element in ("Subject", "CodeNumber", "PromulgationDate"):
    declare(
        "packets",
        f"no-{_element.lower()}",
        f"Gói tin thiếu trường {_element}",
        f"The packet lacks {_element}",
        positive("R47"),
        packet=(attacks.drop_element(_element),),
    )
declare(
    "packets",
    "odd-organ-id",
    "Mã định danh bên gửi không theo quy định nào",
    "The sender's code fits no scheme",
    Expected("undetermined", "undetermined", ("R48", "R81")),
    packet=(attacks.replace_once(b"<edXML:OrganId>H53.09<", b"<edXML:OrganId>SNV-TN?<"),),
)
declare(
    "packets",
    "old-organ-id",
    "Mã định danh 13 ký tự theo QCVN 102:2016",
    "A code of 13 characters of QCVN 102:2016",
    positive("R48"),
    packet=(attacks.replace_once(b"<edXML:OrganId>H53.09<", b"<edXML:OrganId>000.00.09.H53<"),),
)
declare(
    "packets",
    "odd-document-id",
    "Mã văn bản không nêu cơ quan và năm",
    "The document id names neither agency nor year",
    positive("R49"),
    packet=(attacks.replace_once(b"H53.09,2026/10/15,1286/SNV-VP", b"d2f1c0b4"),),
)
declare(
    "packets",
    "other-number",
    "Số trong gói tin khác số trên văn bản",
    "The packet's number differs from the document's",
    positive("R52"),
    packet=(attacks.replace_once(b"<edXML:CodeNumber>1286<", b"<edXML:CodeNumber>1268<"),),
)
declare(
    "packets",
    "other-date",
    "Ngày trong gói tin khác ngày trên văn bản",
    "The packet's date differs from the document's",
    positive("R52"),
    packet=(attacks.replace_once(b"PromulgationDate>2026/10/15<", b"PromulgationDate>2026/10/14<"),),
)
declare(
    "packets",
    "other-agency-name",
    "Tên cơ quan trong gói tin khác chứng thư",
    "The agency's name in the packet is not the certificate's",
    positive("R27"),
    packet=(attacks.replace_once("<edXML:OrganName>Sở Nội vụ<".encode(), b"<edXML:OrganName>So NV<"),),
)
declare(
    "packets",
    "no-trace",
    "Gói tin không có lưu vết của bên gửi",
    "The packet has no trace entry of the sender",
    positive("R68"),
    packet=(attacks.drop_element("TraceHeader"),),
)
declare(
    "packets",
    "dummy-signature",
    "Gói tin có khối chữ ký XML giả",
    "The packet has a dummy XML signature",
    positive("R64"),
    packet=(
        attacks.replace_once(
            b"</edXML:edXMLHeader>",
            b"<Signature><SignedInfo/><SignatureValue>RFVNTVk=</SignatureValue><KeyInfo><X509Data>"
            b"<X509SubjectName>CN=user05</X509SubjectName><X509Certificate>MIIFqTCCBJG</X509Certificate>"
            b"</X509Data></KeyInfo></Signature></edXML:edXMLHeader>",
        ),
    ),
)
declare(
    "packets",
    "doctype",
    "Gói tin có khai báo DTD với thực thể",
    "The packet has a DTD with an entity",
    undecided("xml.doctype"),
    packet=(attacks.insert_before_envelope(b'<!DOCTYPE edXML [<!ENTITY a "a">]>\n'),),
)

# --- sealed packets ---
for _form, _vi, _en in (
    ("seal", "Gói tin có tệp niêm phong của cơ quan", "The packet carries the agency's seal"),
    ("header", "Gói tin được cơ quan ký trong phần đầu", "The agency signed the packet in its header"),
):
    declare("packets", f"{_form}ed" if _form == "seal" else "header-signed", _vi, _en, positive(), sealed=_form)
declare(
    "packets",
    "sealed-and-forwarded",
    "Gói tin niêm phong, trục liên thông thêm lưu vết",
    "A sealed packet to which the axis added its trace entry",
    positive(),
    sealed="seal",
    packet=(attacks.add_trace,),
)
declare(
    "packets",
    "header-signed-and-forwarded",
    "Gói tin ký trong phần đầu, trục liên thông thêm lưu vết",
    "A packet signed in its header to which the axis added its trace entry",
    positive(),
    sealed="header",
    packet=(attacks.add_trace,),
)
for _form in ("seal", "header"):
    declare(
        "packets",
        f"{_form}-value-changed",
        "Trích yếu trong gói tin bị đổi sau khi ký gói tin",
        "The packet's subject was changed after the packet was signed",
        void("xmldsig.digest" if _form == "header" else "packet.changed"),
        sealed=_form,
        packet=(attacks.replace_once("quý III năm 2026</edXML:Subject>".encode(), b"nam 2026</edXML:Subject>"),),
    )
    declare(
        "packets",
        f"{_form}-annex-swapped",
        "Tệp gửi kèm bị thay bằng tệp khác cùng cơ quan ký",
        "The attachment was swapped for another one of the same agency",
        void("xmldsig.digest"),
        sealed=_form,
        packet=(attacks.swap_annex,),
    )
    declare(
        "packets",
        f"{_form}-attachment-added",
        "Thêm tệp vào gói tin sau khi ký gói tin",
        "A file was added to the packet after it was signed",
        void("packet.added" if _form == "seal" else "xmldsig.digest"),
        sealed=_form,
        packet=(attacks.add_attachment(),),
    )
    declare(
        "packets",
        f"{_form}-attachment-smuggled",
        "Thêm tệp mà danh mục tệp không nêu sau khi ký gói tin",
        "A file that the manifest does not name was added after the packet was signed",
        void("packet.added"),
        sealed=_form,
        packet=(attacks.add_attachment(named=False),),
    )
declare(
    "packets",
    "header-id-doubled",
    "Một Id đã ký xuất hiện hai lần trong gói tin",
    "An Id that was signed stands twice in the packet",
    void("R63"),
    sealed="header",
    packet=(attacks.double_id,),
)
declare(
    "packets",
    "closed-code",
    "Một nơi nhận ghi bằng mã đã đóng từ ngày 01/07/2025",
    "One addressee has a code that was closed on 1 July 2025",
    positive("R02"),
    packet=(attacks.replace_once(b"<edXML:OrganId>H53<", b"<edXML:OrganId>H09<"),),
)
declare(
    "packets",
    "other-type",
    "Tên loại trong gói tin không hợp với ký hiệu",
    "The packet's type does not fit its symbol",
    positive("R51", "R52"),
    packet=(attacks.replace_once("<edXML:TypeName>Công văn<".encode(), "<edXML:TypeName>Quyết định<".encode()),),
)

# --- what an examiner tries next to these ---
declare(
    "packets",
    "recall-packet",
    "Gói tin thu hồi (nghiệp vụ 1), chưa rõ bên nhận đã hủy",
    "A recall (business type 1); it is not known whether the receiver cancelled",
    positive("R43"),
    message=(lambda message: type(message).recall(of=message, reason="Gửi nhầm", sent_at=SENT),),
    context={"status_history": None},
)
declare(
    "packets",
    "recall-packet-ignored",
    "Gói tin thu hồi, bên nhận chỉ báo đã đến",
    "A recall that the receiver only acknowledged",
    positive("R43"),
    message=(lambda message: type(message).recall(of=message, reason="Gửi nhầm", sent_at=SENT),),
)
declare(
    "packets",
    "update-packet",
    "Gói tin cập nhật (nghiệp vụ 2)",
    "An update (business type 2)",
    positive(),
    message=(lambda message: message.update(of=_EARLIER, reason="Sửa trích yếu", sent_at=SENT),),
)
declare(
    "packets",
    "update-of-foreign-document",
    "Gói tin cập nhật nêu văn bản của cơ quan khác",
    "An update that names another agency's document",
    positive("envelope.foreign_document"),
    message=(lambda message: message.update(of="H01.16,2026/10/01,9/SXD-VP", reason="Sửa", sent_at=SENT),),
)
declare(
    "packets",
    "replacement-packet",
    "Gói tin thay thế (nghiệp vụ 3)",
    "A replacement (business type 3)",
    positive(),
    message=(
        lambda message: message.replace(
            replaced=[message.changed(document_id=_EARLIER)], reason="Sai số", sent_at=SENT
        ),
    ),
)
declare(
    "packets",
    "replacement-of-nothing",
    "Gói tin thay thế không nêu văn bản bị thay thế",
    "A replacement that names nothing that it replaces",
    positive("envelope.replacement"),
    packet=(attacks.replace_once(b"BussinessDocType>0<", b"BussinessDocType>3<"),),
)
declare(
    "packets",
    "other-subject",
    "Trích yếu trong gói tin khác hẳn trên văn bản",
    "The packet's subject is quite another than the document's",
    positive("R52"),
    packet=(
        attacks.replace_once(
            "rà soát việc gửi, nhận văn bản điện tử quý III năm 2026</edXML:Subject>".encode(),
            "chế độ nghỉ phép hằng năm</edXML:Subject>".encode(),
        ),
    ),
)
declare(
    "packets",
    "urgency-not-carried",
    "Văn bản hỏa tốc, gói tin ghi độ khẩn thường",
    "An express document whose packet says that it is not urgent",
    positive("R52"),
    document=replace(GOOD.document, urgency="HỎA TỐC"),
    packet=(attacks.replace_once(b"<edXML:Priority>3<", b"<edXML:Priority>0<"),),
    context={"submitted_at": RECEIVED.isoformat()},
)
declare(
    "packets",
    "receiver-twice",
    "Một nơi nhận ghi hai lần",
    "One addressee is named twice",
    positive("envelope.duplicate_receiver"),
    packet=(attacks.replace_once(b"<edXML:OrganId>H53<", b"<edXML:OrganId>H53.14<"),),
)
declare(
    "packets",
    "odd-receiver-id",
    "Mã định danh một nơi nhận không theo quy định nào",
    "An addressee's code fits no scheme",
    positive("R48"),
    packet=(attacks.replace_once(b"<edXML:OrganId>H53<", b"<edXML:OrganId>UBND?<"),),
)
declare(
    "packets",
    "shared-content-id",
    "Hai tệp dùng chung một ContentId",
    "Two files share one content id",
    undecided("envelope.duplicate_content_id"),
    packet=(lambda packet, pki: packet.replace(b"-000000000002<", b"-000000000001<"),),
)
declare(
    "packets",
    "secret-field",
    "Gói tin ghi độ mật",
    "The packet states a degree of secrecy",
    Expected("insufficient", "out_of_scope", ("R01",)),
    packet=(attacks.replace_once(b"<edXML:Priority>", "<edXML:Secret>Mật</edXML:Secret><edXML:Priority>".encode()),),
)
