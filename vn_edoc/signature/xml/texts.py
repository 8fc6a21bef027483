"""The rules on XML signatures: severity, verdict, texts in both languages, basis; joined to them, those on packets."""

from __future__ import annotations

from types import MappingProxyType

from vn_edoc.findings import Severity
from vn_edoc.signature.xml.packet_texts import PACKET_RULES
from vn_edoc.signature.xml.rule import Rule

__all__ = ["RULES"]


_F, _E, _W, _I = Severity.FATAL, Severity.ERROR, Severity.WARNING, Severity.INFO
_DSIG = ("XML Signature 1.1",)
_XADES = ("ETSI EN 319 132-1",)
_SOFTWARE = ("QCVN 102:2016/BTTTT", "tt15-2025:Phụ lục I")

RULES = MappingProxyType(
    {
        "xmldsig.unreadable": Rule(
            _E, None, "Không đọc được XML: {reason}.", "The XML cannot be read: {reason}.", _SOFTWARE
        ),
        "xmldsig.doctype": Rule(
            _F,
            False,
            "XML có khai báo DOCTYPE; chữ ký trên tài liệu như vậy không được công nhận.",
            "The XML has a DOCTYPE; a signature in such a document is refused.",
        ),
        "xmldsig.limit": Rule(
            _E, None, "Vượt giới hạn {bound}: {met}.", "The bound {bound} is exceeded: {met}.", _DSIG
        ),
        "xmldsig.no_signature": Rule(_W, None, "Không có chữ ký XML.", "There is no XML signature.", ("qd28:4",)),
        "xmldsig.duplicate_id": Rule(
            _F,
            False,
            "Định danh “{id}” được dùng cho nhiều phần tử; không xác định được phần nào đã được ký.",
            "The identifier “{id}” stands on several elements; what was signed cannot be told.",
        ),
        "xmldsig.structure": Rule(
            _F,
            False,
            "Phần tử {element} của chữ ký sai cấu trúc, phải là: {expected}.",
            "The element {element} of the signature is not as it must be: {expected}.",
        ),
        "xmldsig.value_split": Rule(
            _F,
            False,
            "Giá trị của {element} bị chia cắt bởi chú thích hoặc phần tử khác.",
            "The value of {element} is split by a comment, an instruction or an element.",
        ),
        "xmldsig.base64": Rule(
            _F, False, "{element} không phải base64 đúng chuẩn.", "{element} is not canonical base64."
        ),
        "xmldsig.foreign_namespace": Rule(
            _W,
            None,
            "Phần tử Signature không thuộc không gian tên XMLDSig ({namespace}); chữ ký gói tin không kiểm tra được.",
            "The Signature element is not in the XMLDSig namespace ({namespace}); it cannot be verified.",
            _SOFTWARE,
        ),
        "xmldsig.unknown_algorithm": Rule(
            _W,
            None,
            "Thuật toán không xác định tại {place}: {uri}.",
            "Unknown algorithm in {place}: {uri}.",
            _SOFTWARE,
        ),
        "xmldsig.refused_algorithm": Rule(
            _F,
            False,
            "Thuật toán không được chấp nhận tại {place}: {uri} ({family}).",
            "Refused algorithm in {place}: {uri} ({family}).",
        ),
        "xmldsig.wrong_exclusive_uri": Rule(
            _W,
            None,
            "Phép biến đổi ghi “{uri}”, không phải tên của một thuật toán; có lẽ muốn ghi "
            "“http://www.w3.org/2001/10/xml-exc-c14n#”. Chữ ký không kiểm tra được.",
            "The transform says “{uri}”, which names no algorithm; “http://www.w3.org/2001/10/xml-exc-c14n#” was "
            "probably meant. The signature cannot be verified.",
            _SOFTWARE,
        ),
        "xmldsig.external_reference": Rule(
            _F,
            False,
            "Tham chiếu ra ngoài tài liệu không được chấp nhận: {uri}.",
            "A reference out of the document is refused: {uri}.",
        ),
        "xmldsig.reference_target": Rule(
            _F, False, "Không có phần tử mà tham chiếu {uri} trỏ tới.", "There is no element for the reference {uri}."
        ),
        "xmldsig.transforms": Rule(
            _F,
            False,
            "Chuỗi phép biến đổi của tham chiếu {uri} không được chấp nhận: {transforms}.",
            "The transforms of reference {uri} are not an accepted sequence: {transforms}.",
        ),
        "xmldsig.no_canonical_form": Rule(
            _F,
            False,
            "Nội dung không có dạng chính tắc (không gian tên tương đối).",
            "The content has no canonical form (a relative namespace name).",
        ),
        "xmldsig.digest": Rule(
            _F,
            False,
            "Nội dung được ký đã bị thay đổi: mã băm của tham chiếu {uri} không khớp.",
            "What was signed has been changed: the digest of reference {uri} does not match.",
        ),
        "xmldsig.undeclared_canonicalization": Rule(
            _W,
            None,
            "Mã băm của tham chiếu {uri} chỉ khớp khi dùng phép chính tắc hóa không khai báo ({method}): lỗi của phần "
            "mềm ký. Chữ ký không hợp lệ theo chuẩn.",
            "The digest of reference {uri} matches only under a canonicalisation that is not declared ({method}): a "
            "fault of the signing software. The signature is not valid by the standard.",
            _SOFTWARE,
        ),
        "xmldsig.signature_value": Rule(
            _F,
            False,
            "Giá trị chữ ký không khớp với khóa công khai của chứng thư chữ ký số.",
            "The signature value does not verify with the public key of the certificate.",
            ("tt15-2025:6.1a", "tt15-2025:Phụ lục II mục 2.2"),
        ),
        "xmldsig.no_certificate": Rule(
            _E,
            None,
            "Chữ ký không kèm chứng thư chữ ký số; không xác định được người ký.",
            "The signature carries no certificate; the signer cannot be told.",
            ("tt15-2025:5.1d", "tt15-2025:Phụ lục II mục 2.1"),
        ),
        "xmldsig.certificate_known": Rule(
            _W,
            None,
            "Chữ ký không kèm chứng thư chữ ký số; đã dùng chứng thư được cung cấp khi kiểm tra.",
            "The signature carries no certificate; one that was given for the verification was used.",
            ("tt15-2025:5.1d", "tt15-2025:Phụ lục II mục 2.1"),
        ),
        "xmldsig.certificate": Rule(
            _E,
            None,
            "Không đọc được chứng thư chữ ký số trong KeyInfo.",
            "The certificate in KeyInfo cannot be read.",
            ("tt15-2025:5.1d", "tt15-2025:Phụ lục II mục 2.1"),
        ),
        "xmldsig.key_value": Rule(
            _F,
            False,
            "Khóa trong KeyValue khác khóa công khai của chứng thư chữ ký số.",
            "The key in KeyValue is not that of the certificate.",
            ("tt15-2025:Phụ lục II mục 2.2",),
        ),
        "xmldsig.key_info": Rule(
            _W,
            None,
            "Bỏ qua {element} trong KeyInfo: không được dùng để xác định khóa.",
            "{element} in KeyInfo is passed over: it is not used to find the key.",
            _DSIG,
        ),
        "xmldsig.subject_name": Rule(
            _W,
            None,
            "X509SubjectName “{name}” không ứng với chứng thư chữ ký số đi kèm.",
            "X509SubjectName “{name}” does not fit the certificate beside it.",
            ("tt15-2025:Phụ lục II mục 2.1",),
        ),
        "xmldsig.issuer_serial": Rule(
            _W,
            None,
            "X509IssuerSerial “{issuer} {serial}” trong KeyInfo không ứng với chứng thư chữ ký số của người ký.",
            "X509IssuerSerial “{issuer} {serial}” in KeyInfo is not that of the signer's certificate.",
            ("tt15-2025:Phụ lục II mục 2.1",),
        ),
        "xmldsig.key_id": Rule(
            _W,
            None,
            "X509SKI {value} trong KeyInfo không ứng với chứng thư chữ ký số của người ký.",
            "X509SKI {value} in KeyInfo is not that of the signer's certificate.",
            ("tt15-2025:Phụ lục II mục 2.1",),
        ),
        "xmldsig.wrapped": Rule(
            _F,
            False,
            "Dấu hiệu tráo nội dung được ký (signature wrapping): {path}.",
            "What was signed stands in another place than where it is read (signature wrapping): {path}.",
        ),
        "xmldsig.nothing_signed": Rule(
            _F, False, "Chữ ký không bao trùm nội dung nào.", "The signature covers no content."
        ),
        "xmldsig.uncovered": Rule(
            _F,
            None,
            "Nội dung không nằm trong phạm vi chữ ký: {path}.",
            "Content that the signature does not cover: {path}.",
        ),
        "xmldsig.position_not_covered": Rule(
            _I,
            None,
            "Chữ ký bao trùm nội dung nhưng không bao trùm phần tử bao ngoài: {path}.",
            "The signature covers the content, but not the element around it: {path}.",
            _DSIG,
        ),
        "xmldsig.comment": Rule(
            _W,
            None,
            "Chú thích không được ký nằm giữa nội dung đã ký: {path}.",
            "A comment, which is not signed, splits signed text: {path}.",
            _DSIG,
        ),
        "xmldsig.instruction": Rule(
            _W,
            None,
            "Chỉ thị xử lý nằm ngoài phạm vi chữ ký: {path}.",
            "A processing instruction that the signature does not cover: {path}.",
            _DSIG,
        ),
        "xmldsig.manifest": Rule(
            _E,
            None,
            "Tham chiếu {uri} trỏ tới một Manifest; nội dung do Manifest liệt kê không được kiểm tra.",
            "Reference {uri} points at a Manifest; what the Manifest lists is not verified.",
            _DSIG,
        ),
        "xmldsig.internal": Rule(
            _E,
            None,
            "Không kiểm tra được chữ ký do dữ liệu bất thường ({reason}).",
            "The signature cannot be checked: unusual data ({reason}).",
            _DSIG,
        ),
        "xades.structure": Rule(
            _F,
            False,
            "QualifyingProperties của XAdES sai cấu trúc: {element}.",
            "The XAdES QualifyingProperties are not as they must be: {element}.",
            _XADES,
        ),
        "xades.not_signed": Rule(
            _F,
            False,
            "SignedProperties của XAdES không được ký.",
            "The XAdES SignedProperties are not signed.",
            _XADES,
        ),
        "xades.signing_certificate": Rule(
            _F,
            False,
            "SigningCertificate không ứng với chứng thư chữ ký số trong KeyInfo: dấu hiệu tráo chứng thư.",
            "SigningCertificate does not fit the certificate in KeyInfo: the certificate was exchanged.",
            ("ETSI EN 319 132-1", "tt15-2025:Phụ lục II mục 2.2"),
        ),
        "xades.certificate_contradiction": Rule(
            _E,
            None,
            "SigningCertificate và SigningCertificateV2 không cùng nêu một chứng thư chữ ký số; không xác định được "
            "người ký.",
            "SigningCertificate and SigningCertificateV2 do not name the same certificate; the signer cannot be told.",
            ("ETSI EN 319 102-1", "tt15-2025:Phụ lục II mục 2.2"),
        ),
        "xades.issuer_serial": Rule(
            _W,
            None,
            "Tên tổ chức cấp hoặc số sê-ri trong {element} không phải của chứng thư mà mã băm chỉ tới: {value}.",
            "The issuer or serial number in {element} is not that of the certificate that its digest names: {value}.",
            ("ETSI EN 319 102-1", "tt15-2025:Phụ lục II mục 2.2"),
        ),
        "xades.no_signing_certificate": Rule(
            _W,
            None,
            "Chữ ký XAdES không có thuộc tính SigningCertificateV2.",
            "The XAdES signature has no SigningCertificateV2.",
            ("ETSI EN 319 132-1", "tt15-2025:Phụ lục II mục 2.2"),
        ),
        "xades.signing_time": Rule(
            _W,
            None,
            "SigningTime “{value}” không phải thời điểm có múi giờ.",
            "SigningTime “{value}” is not a time with a zone.",
            ("ETSI EN 319 132-1", "qd28:14.4"),
        ),
        "xades.future": Rule(
            _W,
            None,
            "Thời điểm ký khai báo ở tương lai: {value}.",
            "The claimed signing time lies in the future: {value}.",
            ("qd28:14.4",),
        ),
        "xades.policy": Rule(
            _I,
            None,
            "Chữ ký viện dẫn chính sách {value}; thư viện không đánh giá chính sách này.",
            "The signature names the policy {value}, which is not evaluated here.",
            _XADES,
        ),
        "xades.timestamp": Rule(
            _E,
            None,
            "Dấu thời gian {name} không hợp lệ: {reason}.",
            "The time-stamp {name} is not valid: {reason}.",
            ("tt15-2025:6.1g", "luat-gddt-2023:31"),
        ),
        "xades.timestamp_unchecked": Rule(
            _W,
            None,
            "Chưa xác định được dấu thời gian {name}: {reason}.",
            "The time-stamp {name} could not be judged: {reason}.",
            ("tt15-2025:6.1g",),
        ),
        "xades.unknown_property": Rule(
            _I,
            None,
            "Thuộc tính không ký chưa biết: {name}.",
            "Unknown unsigned property: {name}.",
            _XADES,
        ),
        "xades.counter_signature": Rule(
            _W,
            None,
            "Chữ ký đối chứng (CounterSignature) không hợp lệ: {reason}.",
            "A counter-signature is not valid: {reason}.",
            _XADES,
        ),
        **PACKET_RULES,
    }
)
"""Every rule by its id."""
