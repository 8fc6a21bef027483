"""The table of commands, loaded one by one, and the one place where errors become exit codes."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

import click

from vn_edoc import __version__
from vn_edoc.cli import stopped
from vn_edoc.errors import Unreadable, VnEdocError

__all__ = ["COMMANDS", "HELP", "MISUSE", "run"]

MISUSE = 3
"""Exit code for unreadable input and for misuse."""

COMMANDS: dict[str, str] = {
    "calendar": "vn_edoc.cli.calendar",
    "code": "vn_edoc.cli.code",
    "convert": "vn_edoc.cli.convert",
    "deadline": "vn_edoc.cli.deadline",
    "demo": "vn_edoc.cli.demo",
    "diff": "vn_edoc.cli.diff",
    "extract": "vn_edoc.cli.extract",
    "inspect": "vn_edoc.cli.inspect",
    "pack": "vn_edoc.cli.pack",
    "redact": "vn_edoc.cli.redact",
    "rules": "vn_edoc.cli.rules",
    "sign": "vn_edoc.cli.sign",
    "status": "vn_edoc.cli.status",
    "trust": "vn_edoc.cli.trust",
    "verify": "vn_edoc.cli.verify",
}
"""Command name to the module that holds its ``command``."""

HELP: dict[str, str] = {
    "calendar": "Lịch làm việc của năm. / The working calendar of a year.",
    "code": "Giải thích mã định danh. / Explain a code.",
    "convert": "Chuyển gói tin sang phương ngữ khác. / Write a packet in another dialect.",
    "deadline": "Tính thời hạn và căn cứ. / A deadline and why.",
    "demo": "Tạo gói tin mẫu và kiểm tra. / Build samples and judge them.",
    "diff": "So gói tin lúc gửi và lúc nhận. / Compare a packet as sent and as received.",
    "extract": "Lưu tệp đính kèm ra thư mục. / Save attachments into a folder.",
    "inspect": "Đọc gói tin và nêu sai lệch. / Read a packet and tell what deviates.",
    "pack": "Đóng gói văn bản từ YAML/JSON và tệp. / Build a packet from YAML or JSON and files.",
    "redact": "Che nội dung để gửi hỗ trợ kỹ thuật. / Take out what a packet says.",
    "rules": "Liệt kê, giải thích quy tắc. / List or explain the rules.",
    "sign": "Ký số PDF, gói tin, XML hoặc tệp bất kỳ. / Sign a PDF, packet, XML or any file.",
    "status": "Lập gói tin trạng thái phản hồi. / Answer with a status packet.",
    "trust": "Quản lý chứng thư gốc tin cậy. / Manage trust anchors.",
    "verify": "Kiểm tra giá trị pháp lý. / Judge a packet or signed file.",
}
"""The line of each command in ``vn-edoc --help``, here so that asking for help loads no command."""


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        home = COMMANDS.get(cmd_name)
        if home is None:
            return None
        command = importlib.import_module(home).command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(HELP.items()))


@click.group(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="Văn bản điện tử của cơ quan nhà nước: kiểm tra, giải thích, tạo lập.\n\n"
    "Vietnamese e-documents: verify, explain, make.",
)
@click.version_option(__version__, prog_name="vn-edoc")
def application() -> None:
    pass


def run(arguments: list[str]) -> int:
    """Run one command line; every failure is a message on stderr, or an object on stdout with ``--json``."""
    as_json = "--json" in arguments
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            # Vietnamese on a terminal or pipe of another encoding must never crash a command.
            reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        result = application.main(args=arguments, prog_name="vn-edoc", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.Abort:
        return stopped()
    except click.ClickException as wrong:
        from vn_edoc.cli.misuse import in_vietnamese
        from vn_edoc.cli.output import safe

        vi = in_vietnamese(wrong)
        if as_json:
            _print_error({"type": "UsageError", "message_vi": vi, "message_en": wrong.format_message()})
        else:
            wrong.show(sys.stderr)
            sys.stderr.write(f"Lỗi: {safe(vi)}\n")
        return MISUSE
    except VnEdocError as error:
        if as_json:
            _print_error(_error_object(error))
        else:
            sys.stderr.write(f"Lỗi: {error.message('vi')}\nError: {error.message('en')}\n")
        return MISUSE
    except (BrokenPipeError, SystemExit):  # click makes the latter of the former, with the code 1
        # The reader of our pipe has gone; nothing is left to say. The code is not 0: that would mean "original".
        sys.stderr.close()
        return MISUSE
    except Exception as error:  # the boundary: exit code 1 means "insufficient" to a calling program, a crash does not
        if os.environ.get("VN_EDOC_DEBUG"):
            raise
        vi, en = f"lỗi bên trong ({type(error).__name__})", f"internal error ({type(error).__name__})"
        if as_json:
            _print_error({"type": "InternalError", "message_vi": vi, "message_en": en})
        else:
            sys.stderr.write(f"Lỗi: {vi}\nError: {en}; set VN_EDOC_DEBUG=1 for details\n")
        return MISUSE


def _error_object(error: VnEdocError) -> dict[str, Any]:
    about: dict[str, Any] = {
        "type": type(error).__name__,
        "message_vi": error.message_vi,
        "message_en": error.message_en,
        "field": error.field,
        "value": None if error.value is None else str(error.value),
        "rule": error.rule,
    }
    if isinstance(error, Unreadable):
        about["findings"] = [f.to_dict() for f in error.findings]
    return about


def _print_error(about: dict[str, Any]) -> None:
    import json

    from vn_edoc.findings import jsonable

    document = {"schema": "vn-edoc/error/1", "error": jsonable(about)}
    try:
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
        sys.stdout.flush()
    except OSError as error:  # a full disk: the code alone tells, and it is not 1, "insufficient"
        sys.stderr.write(f"{error}\n")
