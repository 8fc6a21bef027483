"""What click says of a wrong command line, in Vietnamese too."""

from __future__ import annotations

import re

import click

__all__ = ["in_vietnamese"]

_CHOICE = re.compile(r"('.*') is not one of (.*)\.", re.DOTALL)
_NUMBER = re.compile(r"('.*') is not a valid (integer|float)( range)?\.", re.DOTALL)
_UNREADABLE = re.compile(r"\w+ ('.*') is not readable\.", re.DOTALL)
_ONLY = re.compile(r"('.*') is not ('.*')\.", re.DOTALL)
_RANGE = re.compile(r"(.*) is not in the range (.*)\.", re.DOTALL)
_EXTRA = re.compile(r"Got unexpected extra arguments? \((.*)\)", re.DOTALL)
_FLAG = re.compile(r"Option '(.*)' does not take a value\.", re.DOTALL)
_COMMAND = re.compile(r"No such command '(.*)'\.")
_VALUE = re.compile(r"Option '(.*)' requires (?:an argument|\d+ arguments)\.")


def in_vietnamese(wrong: click.ClickException) -> str:
    """What is wrong; click's own words where they are of another kind."""
    if isinstance(wrong, click.MissingParameter):
        return f"thiếu {_name(wrong)}"
    if isinstance(wrong, click.BadParameter):
        said = wrong.message
        if (choice := _CHOICE.fullmatch(said)) is not None:
            said = f"{choice[1]} không thuộc {choice[2]}"
        elif (only := _ONLY.fullmatch(said)) is not None:
            said = f"{only[1]} không phải {only[2]}"
        elif (limits := _RANGE.fullmatch(said)) is not None:
            said = f"{limits[1]} không nằm trong khoảng {limits[2]}"
        elif (number := _NUMBER.fullmatch(said)) is not None:
            said = f"{number[1]} không phải số"
        elif (path := _UNREADABLE.fullmatch(said)) is not None:
            said = f"không có quyền đọc {path[1]}"
        return f"giá trị không hợp lệ của {_name(wrong)}: {said}"
    if isinstance(wrong, click.NoSuchOption):
        near = f"; có phải {', '.join(sorted(wrong.possibilities))}?" if wrong.possibilities else ""
        return f"không có tùy chọn {wrong.option_name}{near}"
    if (command := _COMMAND.fullmatch(wrong.message)) is not None:
        return f"không có lệnh {command[1]!r}"
    if (value := _VALUE.fullmatch(wrong.message)) is not None:
        return f"tùy chọn {value[1]} cần giá trị"
    if (extra := _EXTRA.fullmatch(wrong.message)) is not None:
        return f"thừa tham số: {extra[1]}"
    if (flag := _FLAG.fullmatch(wrong.message)) is not None:
        return f"tùy chọn {flag[1]} không nhận giá trị"
    return wrong.format_message()


def _name(wrong: click.BadParameter) -> str:
    hint = wrong.param_hint
    if hint is None and wrong.param is not None and wrong.ctx is not None:
        hint = wrong.param.get_error_hint(wrong.ctx)
    if not isinstance(hint, str):
        hint = " / ".join(hint or ())
    return hint or "tham số"
