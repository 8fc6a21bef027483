"""What happened to the PDF before, between and after the signatures."""

from __future__ import annotations

from vn_edoc.testing import attacks
from vn_edoc.testing.variants.catalogue import declare, positive, undecided, void

declare(
    "files",
    "tampered-pdf",
    "Tệp PDF bị sửa một chữ số sau khi ký",
    "One digit of the PDF was changed after signing",
    void("R08"),
    after_signing=(attacks.tamper,),
)
for _name, _step, _vi, _en in (
    ("overlay", attacks.overlay_text, "Ghi đè chữ lên trang sau khi ký", "Text was laid over the page after signing"),
    (
        "annotation",
        attacks.add_annotation,
        "Thêm chú thích che trang sau khi ký",
        "An annotation covers the signed page",
    ),
    ("page-added", attacks.add_page, "Thêm trang sau khi ký", "A page was added after signing"),
    ("script-added", attacks.add_javascript, "Thêm mã lệnh sau khi ký", "A script was added after signing"),
):
    declare("files", _name, _vi, _en, void("R11"), after_signing=(_step,))
declare(
    "files",
    "overlay-between",
    "Nội dung đổi giữa chữ ký của người có thẩm quyền và của cơ quan",
    "Content changed between the person's and the agency's signature",
    void("R11"),
    between=(attacks.overlay_text,),
)
declare(
    "files",
    "form-filled",
    "Điền ô nhập liệu sau khi ký",
    "A form field was filled after signing",
    undecided("R11"),
    before_signing=(attacks.add_text_field,),
    after_signing=(attacks.fill_text_field,),
)
declare(
    "files",
    "script-before",
    "Tệp đã có mã lệnh trước khi ký",
    "The file held a script before it was signed",
    positive("R80"),
    before_signing=(attacks.add_javascript,),
)
declare(
    "files",
    "emptied-value",
    "Giá trị chữ ký bị xóa trắng",
    "The signature value was blanked",
    void(),
    after_signing=(attacks.empty_contents,),
)
declare(
    "files",
    "cut-tail",
    "Tệp bị cắt mất phần cuối",
    "The end of the file is lost",
    void(),
    after_signing=(attacks.cut_tail,),
)
declare(
    "files",
    "bytes-appended",
    "Có dữ liệu thêm sau cuối tệp",
    "Bytes were added behind the end of the file",
    undecided("pdf.extra_data"),
    after_signing=(attacks.append_bytes,),
)
declare(
    "files",
    "resaved",
    "Tệp bị phần mềm khác ghi lại sau khi ký",
    "Another program saved the file anew after signing",
    void(),
    after_signing=(attacks.resave,),
)

declare(
    "files",
    "launch-before",
    "Tệp có lệnh chạy chương trình trước khi ký",
    "The file held a launch action before it was signed",
    positive("R80"),
    before_signing=(attacks.add_launch_action,),
)
declare(
    "files",
    "hidden-layer",
    "Tệp có lớp nội dung ẩn trước khi ký",
    "The file held a hidden layer before it was signed",
    positive("R80"),
    before_signing=(attacks.add_hidden_layer,),
)
declare(
    "files",
    "hidden-layer-shown",
    "Lớp ẩn được bật lên sau khi ký (tấn công bóng)",
    "The hidden layer was switched on after signing (shadow attack)",
    void("R11"),
    before_signing=(attacks.add_hidden_layer,),
    after_signing=(attacks.show_hidden_layer,),
)
declare(
    "files",
    "null-byte-range",
    "Phạm vi ký bị thay bằng null",
    "The byte range was replaced by null",
    void("R10"),
    after_signing=(attacks.null_byte_range,),
)
declare(
    "files",
    "wrapped-signature",
    "Chèn nội dung vào khoảng trống và kéo giãn phạm vi ký",
    "Content was put into the gap and the byte range stretched over it",
    void(),
    after_signing=(attacks.wrap_signature,),
)
declare(
    "files",
    "copied-value",
    "Giá trị chữ ký được chép từ văn bản khác của cơ quan",
    "The signature value was copied from another document of the agency",
    void("R08"),
    after_signing=(attacks.copied_value("agency"),),
)
