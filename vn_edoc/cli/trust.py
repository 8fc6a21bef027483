"""``vn-edoc trust``: the certificates that this user trusts, held against the pins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from vn_edoc.cli.output import FILE, json_option, lang_option, print_json, say

if TYPE_CHECKING:
    from pathlib import Path

    from vn_edoc.signature.trust_admin import Judged

__all__ = ["command"]

_STATUS = {
    "pinned": ("khớp mã ghim", "matches its pin"),
    "unconfirmed": ("khớp mã ghim, cần xác nhận", "matches a pin that needs confirmation"),
    "other_certificate": ("KHÁC chứng thư đã ghim cùng tên", "NOT the pinned certificate of that name"),
    "unpinned": ("không có trong danh sách ghim", "not pinned"),
}


@click.group(
    "trust",
    help="Quản lý chứng thư gốc và CA tin cậy của người dùng; thư mục lưu: biến VN_EDOC_TRUST.\n\n"
    "Manage the trusted roots and CAs of this user; folder: variable VN_EDOC_TRUST.",
)
def command() -> None:
    pass


@command.command("list", help="Liệt kê chứng thư đã lưu và danh sách ghim. / List what is stored, and the pins.")
@click.option("--pins", "show_pins", is_flag=True, help="Liệt kê cả danh sách ghim. / List the pins as well.")
@lang_option
@json_option
def list_command(show_pins: bool, lang: str, as_json: bool) -> int:
    from vn_edoc.signature.trust import pins, user_trust_folder
    from vn_edoc.signature.trust_admin import stored

    folder = user_trust_folder()
    found = stored(folder)
    known = list(pins().values()) if show_pins else []
    if as_json:
        print_json({"folder": str(folder), "stored": [_facts(j) for j in found], "pins": known}, "vn-edoc/trust/1")
        return 0
    say(f"{folder}: {len(found)}")
    for one in found:
        _show(one, lang)
    for pin in known:
        say(f"{pin.sha256}  {pin.role:<4} {pin.scheme.value:<8} {pin.valid_from}..{pin.valid_to}  {pin.subject}")
    return 0


@command.command("check", help="So chứng thư với danh sách ghim, không lưu. / Hold certificates against the pins.")
@click.argument("files", nargs=-1, required=True, type=FILE)
@lang_option
@json_option
def check_command(files: tuple[Path, ...], lang: str, as_json: bool) -> int:
    from vn_edoc.signature.trust_admin import judge_certificates, read_file

    judged = [one for path in files for one in judge_certificates(read_file(path))]
    if as_json:
        print_json({"certificates": [_facts(j) for j in judged]}, "vn-edoc/trust/1")
    else:
        for one in judged:
            _show(one, lang)
    return 0 if all(j.status == "pinned" for j in judged) else 1


@command.command("add", help="Lưu chứng thư vào kho tin cậy. / Store certificates.")
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--unpinned", is_flag=True, help="Chấp nhận chứng thư ngoài danh sách ghim. / Take unpinned ones.")
@click.option("--confirm", multiple=True, metavar="SHA256", help="Xác nhận mã ghim. / Confirm a pin.")
@lang_option
@json_option
def add_command(files: tuple[Path, ...], unpinned: bool, confirm: tuple[str, ...], lang: str, as_json: bool) -> int:
    from vn_edoc.signature.trust import user_trust_folder
    from vn_edoc.signature.trust_admin import add, judge_certificates, read_file

    judged = [one for path in files for one in judge_certificates(read_file(path))]
    added = add(user_trust_folder(), judged, unpinned=unpinned, confirmed=confirm)
    if as_json:
        print_json({"added": [_facts(j) for j in added]}, "vn-edoc/trust/1")
        return 0
    for one in added:
        _show(one, lang)
        if one.pin is None:
            say("!! CHỨNG THƯ NGOÀI DANH SÁCH GHIM ĐÃ ĐƯỢC TIN CẬY / AN UNPINNED CERTIFICATE IS NOW TRUSTED !!")
    return 0


@command.command("fetch", help="Tải chứng thư từ địa chỉ chính thức, chỉ lưu khi khớp mã ghim. / Fetch pinned ones.")
@click.option("--confirm", multiple=True, metavar="SHA256", help="Xác nhận mã ghim. / Confirm a pin.")
@lang_option
@json_option
def fetch_command(confirm: tuple[str, ...], lang: str, as_json: bool) -> int:
    from vn_edoc.signature import HttpFetcher
    from vn_edoc.signature.trust import user_trust_folder
    from vn_edoc.signature.trust_admin import fetch

    added, failed = fetch(user_trust_folder(), HttpFetcher(), confirmed=confirm)
    if as_json:
        print_json(
            {
                "added": [_facts(j) for j in added],
                "failed": [{"url": u, "message_vi": v, "message_en": e} for u, v, e in failed],
            },
            "vn-edoc/trust/1",
        )
    else:
        for one in added:
            _show(one, lang)
        for url, vi, en in failed:
            say(f"{url}: {en if lang == 'en' else vi}")
    return 0 if not failed else 1


def _facts(one: Judged) -> dict[str, Any]:
    return {
        "status": one.status,
        "role": one.role,
        "subject": one.about.subject,
        "sha256": one.about.sha256,
        "valid_from": one.about.valid_from,
        "valid_to": one.about.valid_to,
        "scheme": one.pin.scheme if one.pin is not None else None,
        "certainty": one.pin.certainty if one.pin is not None else None,
        "source": one.pin.source if one.pin is not None else None,
    }


def _show(one: Judged, lang: str) -> None:
    vi, en = _STATUS[one.status]
    dates = f"{one.about.valid_from:%Y-%m-%d}..{one.about.valid_to:%Y-%m-%d}"
    say(f"{one.about.sha256}  {one.role:<10} {dates}  {one.about.subject}")
    say(f"    {en if lang == 'en' else vi}")
