"""``vn-edoc sign pdf | cms | packet | xml``: sign a file with a PKCS#12 file, a PEM key or a token; ``extend``: raise a
finished signature.

Passwords and PINs are asked for, or read from ``VN_EDOC_PIN``; never from the command line, which others can see.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from vn_edoc.cli.output import FILE, json_option, lang_option, print_json, say
from vn_edoc.errors import UsageError
from vn_edoc.findings import jsonable

if TYPE_CHECKING:
    from pathlib import Path

    from vn_edoc.signature import Appearance, Signer

__all__ = ["command"]


def _decorated(function: Callable[..., Any], *options: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(options):
        function = option(function)
    return function


def _services(function: Callable[..., Any]) -> Callable[..., Any]:
    """Options for time-stamps, trust and evidence."""
    return _decorated(
        function,
        click.option("--tsa", help="Địa chỉ máy chủ cấp dấu thời gian. / TSA address."),
        click.option("--allow", multiple=True, metavar="HOST", help="Máy chủ được phép truy cập. / Hosts allowed."),
        click.option("--private", multiple=True, metavar="HOST", help="Máy chủ nội bộ được phép. / Private hosts."),
        click.option("--trust", type=FILE, multiple=True, help="Chứng thư gốc tin cậy. / Anchors."),
        click.option("--evidence", type=FILE, multiple=True, help="CRL, OCSP. / Evidence."),
    )


def _options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Options that all forms of signing share."""
    return _decorated(
        function,
        click.option("--p12", type=FILE, help="Khóa PKCS#12 (.p12, .pfx). / PKCS#12 key."),
        click.option("--key", type=FILE, help="Khóa PEM (cùng --cert). / PEM key, with --cert."),
        click.option("--cert", type=FILE, help="Chứng thư số của khóa. / The key's certificate."),
        click.option("--module", type=FILE, help="Thư viện PKCS#11 của thiết bị. / PKCS#11 module."),
        click.option("--token", help="Nhãn thiết bị. / Token label."),
        click.option("--label", help="Nhãn khóa trên thiết bị. / Key label."),
        click.option("--level", default="B-B", show_default=True, help="B-B, B-T, B-LT, B-LTA."),
        _services,
        click.option("--digest", default="sha256", show_default=True, help="sha256, sha384, sha512."),
        click.option("--pss", is_flag=True, help="RSASSA-PSS."),
        lang_option,
        json_option,
    )


@click.group(
    "sign",
    help="Ký số. Mật khẩu, mã PIN được hỏi khi cần hoặc lấy từ biến VN_EDOC_PIN.\n\n"
    "Sign. Passwords and PINs are asked for, or taken from VN_EDOC_PIN.",
)
def command() -> None:
    pass


@command.command("pdf", help="Ký tệp PDF (PAdES), ghi ra tệp mới. / Sign a PDF into a new file.")
@click.argument("source", type=FILE)
@click.argument("target", type=FILE)
@click.option("--field", help="Tên trường chữ ký. / Field name.")
@click.option("--certify", type=click.IntRange(1, 3), help="Chữ ký chứng nhận với quyền DocMDP. / Certification.")
@click.option("--reason", help="Lý do ký. / Reason.")
@click.option("--image", type=FILE, help="Ảnh chữ ký (PNG nền trong, màu xanh). / Signature image.")
@click.option("--name", "anchor", help="Họ tên in dưới chữ ký, để đặt vị trí. / Printed name to place the image by.")
@click.option("--code", help="Số và ký hiệu: chữ ký cơ quan trên tệp kèm theo. / Number and symbol on an attachment.")
@click.option("--copy", "copy_form", help="Hình thức sao: SAO Y, SAO LỤC, TRÍCH SAO. / Form of copy.")
@click.option("--agency", help="Tên cơ quan sao. / Copying agency.")
@_options
def pdf_command(source: Path, target: Path, lang: str, as_json: bool, **given: Any) -> int:
    from vn_edoc.signature import sign_pdf

    appearance = _appearance(given)
    done = sign_pdf(
        source,
        target,
        _signer(given),
        given["level"],
        field=given["field"],
        certify=given["certify"],
        reason=given["reason"],
        appearance=appearance,
        **_common(given),
    )
    return _report(done, target, lang, as_json)


@command.command("cms", help="Ký tệp bất kỳ (CAdES), ghi chữ ký rời .p7s. / Sign any file, detached.")
@click.argument("source", type=FILE)
@click.argument("target", type=FILE)
@click.option("--attached", is_flag=True, help="Chữ ký chứa cả nội dung (.p7m). / Content inside.")
@_options
def cms_command(source: Path, target: Path, attached: bool, lang: str, as_json: bool, **given: Any) -> int:
    from vn_edoc.signature import sign_cms

    done = sign_cms(source, target, _signer(given), given["level"], attached=attached, **_common(given))
    return _report(done, target, lang, as_json)


@command.command("packet", help="Ký gói tin edXML: niêm phong, hoặc chữ ký trong phần đầu. / Sign an edXML packet.")
@click.argument("source", type=FILE)
@click.argument("target", type=FILE)
@click.option(
    "--form", type=click.Choice(["seal", "header"]), default="seal", show_default=True, help="Dạng chữ ký. / Form."
)
@click.option("--role", multiple=True, help="Vai trò người ký. / Signer's role.")
@click.option("--place", help="Nơi ký. / Place of signing.")
@_options
def packet_command(source: Path, target: Path, form: str, lang: str, as_json: bool, **given: Any) -> int:
    from vn_edoc.signature import sign_packet

    done = sign_packet(source, target, _signer(given), given["level"], form=form, **_claims(given), **_common(given))
    return _report(done, target, lang, as_json)


@command.command("xml", help="Ký tài liệu XML (XAdES). / Sign an XML document.")
@click.argument("source", type=FILE)
@click.argument("target", type=FILE)
@click.option(
    "--form",
    type=click.Choice(["enveloped", "enveloping", "detached", "countersignature"]),
    default="enveloped",
    show_default=True,
    help="Vị trí chữ ký. / Where the signature stands.",
)
@click.option("--id", "ids", multiple=True, help="Id của phần tử được ký. / Id of a signed element.")
@click.option("--role", multiple=True, help="Vai trò người ký. / Signer's role.")
@click.option("--place", help="Nơi ký. / Place of signing.")
@_options
def xml_command(
    source: Path, target: Path, form: str, ids: tuple[str, ...], lang: str, as_json: bool, **given: Any
) -> int:
    from vn_edoc.signature import sign_xml

    done = sign_xml(
        source, target, _signer(given), given["level"], form=form, ids=ids, **_claims(given), **_common(given)
    )
    return _report(done, target, lang, as_json)


@command.command(
    "extend",
    help="Nâng mức chữ ký đã có của XML hoặc gói tin, gia hạn dấu thời gian lưu trữ; ghi ra tệp mới.\n\n"
    "Raise a finished signature of an XML file or a packet, or renew its archive time-stamp.",
)
@click.argument("source", type=FILE)
@click.argument("target", type=FILE)
@click.option("--level", default="B-LTA", show_default=True, help="B-T, B-LT, B-LTA.")
@click.option("--signature", metavar="NAME", help="Id của chữ ký, hoặc tên tệp niêm phong. / Id, or name of the seal.")
@_services
@lang_option
@json_option
def extend_command(
    source: Path, target: Path, level: str, signature: str | None, lang: str, as_json: bool, **given: Any
) -> int:
    from vn_edoc.envelope import read
    from vn_edoc.errors import Unreadable
    from vn_edoc.signature import extend_packet, extend_xml

    try:
        read(source).close()
        extend: Callable[..., Any] = extend_packet
    except Unreadable:
        extend = extend_xml
    done = extend(source, target, level, signature=signature, **_proofs(given))
    return _report(done, target, lang, as_json, ("Nâng mức chữ ký thành công", "Raised"))


def _claims(given: dict[str, Any]) -> dict[str, Any]:
    from vn_edoc.signature import ProductionPlace

    return {"roles": given["role"], "place": ProductionPlace(city=given["place"]) if given["place"] else None}


def _secret(prompt: str) -> str:
    given = os.environ.get("VN_EDOC_PIN")
    return given if given is not None else str(click.prompt(prompt, hide_input=True, err=True))


def _signer(given: dict[str, Any]) -> Signer:
    from vn_edoc.signature import PemSigner, Pkcs11Signer, Pkcs12Signer
    from vn_edoc.signature.trust_admin import read_file

    chosen = [n for n in ("p12", "key", "module") if given[n] is not None]
    if len(chosen) != 1:
        raise UsageError("give one of --p12, --key or --module", "chọn một trong --p12, --key, --module", field="--p12")
    if given["p12"] is not None:
        return Pkcs12Signer(given["p12"], _secret("Mật khẩu / Password"))
    if given["key"] is not None:
        if given["cert"] is None:
            raise UsageError("--key needs --cert", "--key cần kèm --cert", field="--cert")
        raw = read_file(given["key"])
        protected = b"ENCRYPTED" in raw
        return PemSigner(raw, given["cert"], password=_secret("Mật khẩu / Password") if protected else None)
    certificate = read_file(given["cert"]) if given["cert"] is not None else None
    return Pkcs11Signer(
        given["module"], _secret("PIN"), token=given["token"], label=given["label"], certificate=certificate
    )


def _common(given: dict[str, Any]) -> dict[str, Any]:
    return {"digest": given["digest"], "scheme": "pss" if given["pss"] else None, **_proofs(given)}


def _proofs(given: dict[str, Any]) -> dict[str, Any]:
    """Time-stamps, trust, evidence."""
    from urllib.parse import urlsplit

    from vn_edoc.signature import Evidence, HttpFetcher, HttpTimeStamper, TrustStore
    from vn_edoc.signature.fetch import OFFICIAL_HOSTS

    options: dict[str, Any] = {}
    trust = TrustStore.load(*given["trust"]) if given["trust"] else TrustStore.user()
    options["trust"] = trust or None
    if given["evidence"]:
        options["evidence"] = Evidence.load(*given["evidence"])
    if given["tsa"] or given["allow"]:
        host = urlsplit(given["tsa"]).netloc if given["tsa"] else ""
        hosts = (*OFFICIAL_HOSTS, *given["allow"], *((host,) if host else ()))
        fetcher = HttpFetcher(hosts, private_hosts=given["private"])
        if given["tsa"]:
            options["timestamper"] = HttpTimeStamper(given["tsa"], fetcher)
        if given["allow"]:
            options["fetcher"] = fetcher
    return options


def _appearance(given: dict[str, Any]) -> Appearance | None:
    from vn_edoc.signature import agency_on_attachment, competent_person, copy_mark
    from vn_edoc.signature.trust_admin import read_file

    wanted = [n for n in ("image", "code", "copy_form") if given[n] is not None]
    if len(wanted) > 1:
        raise UsageError(
            "choose one of --image, --code and --copy", "chỉ chọn một trong --image, --code, --copy", field="--image"
        )
    if given["image"] is not None:
        if given["anchor"] is None:
            raise UsageError("--image needs --name", "--image cần kèm --name", field="--name")
        return competent_person(read_file(given["image"]), name=given["anchor"])
    if given["code"] is not None:
        return agency_on_attachment(given["code"])
    if given["copy_form"] is not None:
        return copy_mark(given["copy_form"], given["agency"] or "")
    return None


def _report(
    done: Any, target: Path, lang: str, as_json: bool, said: tuple[str, str] = ("Ký số thành công", "Signed")
) -> int:
    if as_json:
        told = {"sha256" if name == "digest" else name: value for name, value in jsonable(done).items()}
        print_json({"target": str(target), "signed": told}, "vn-edoc/sign/1")
        return 0
    say(f"{said[lang == 'en']}: {target}")
    say(f"{done.level or '-'}  {done.signed_at:%d/%m/%Y %H:%M:%S +07:00}  sha256 {done.sha256}")
    for found in done.findings:
        say(f"  {found.severity.label(lang)}: {found.message(lang)}")
    return 0
