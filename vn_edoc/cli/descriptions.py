"""Descriptions of packets in YAML or JSON: read within bounds, and every refusal with the line that it is about."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from vn_edoc._files import os_reason, read_file
from vn_edoc._json import StandsTwice, without_doubles
from vn_edoc.errors import SourceError, UsageError

__all__ = ["Description", "load"]

_BYTES = 64 * 1024 * 1024
_NODES = 100_000
"""Values in a description: far more than a packet has elements."""
_UNDERSTOOD = frozenset({"tag:yaml.org,2002:bool", "tag:yaml.org,2002:null", "tag:yaml.org,2002:merge"})


class Description:
    """A description as it was read."""

    def __init__(self, path: Path, data: dict[str, Any], node: Any) -> None:
        self.path = path
        self.data = data
        self._node = node

    def located(self, error: UsageError) -> UsageError:
        """The same refusal, with the file and the line of the field that it names."""
        line = None if error.field is None else self._line(_steps(error.field))
        if line is None:
            return error
        return UsageError(
            f"{self.path}, line {line}: {error.message_en}",
            f"{self.path}, dòng {line}: {error.message_vi}",
            field=error.field,
            value=error.value,
            rule=error.rule,
        )

    def _line(self, steps: list[str]) -> int | None:
        """The line of a field, or of the nearest group around it that stands in the file."""
        node, line = self._node, None
        if steps[0] not in {key.value for key, _ in _entries(node)}:
            # The name of the model, or of the element that holds all others.
            steps = steps[1:]
        for step in steps:
            if _items(node) and not step.isdigit():
                # Of a list with one entry its checks do not give the number.
                node = _items(node)[0]
            found = next((value for key, value in _entries(node) if key.value == step), None)
            mark = next((key.start_mark for key, _ in _entries(node) if key.value == step), None)
            if found is None and step.isdigit():
                found = next(iter(_items(node)[int(step) :]), None)
                mark = None if found is None else found.start_mark
            if found is None or mark is None:
                break
            node, line = found, mark.line + 1
        return line


def _steps(field: str) -> list[str]:
    """The steps of ``Model.To.0.OrganId`` and of ``MessageHeader/To[1]/OrganId``."""
    steps = []
    for part in re.split(r"[./]", field):
        name, _, number = part.partition("[")
        steps += [name, str(int(number[:-1]) - 1)] if number[:-1].isdigit() else [name]
    return steps


def load(path: Path) -> Description:
    """Read a description; ``-`` is the standard input. ``SourceError`` when it cannot be read, ``UsageError`` when it
    is no mapping or not well-formed."""
    try:
        octets = sys.stdin.buffer.read() if str(path) == "-" else read_file(path, _BYTES)
        text = octets.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        en, vi = os_reason(error)
        raise SourceError(f"cannot read {path}: {en}", f"không đọc được {path}: {vi}", field=str(path)) from error
    node = None
    try:
        if path.suffix.lower() == ".json":
            data = json.loads(text, object_pairs_hook=without_doubles)
        else:
            data, node = _yaml(text)
    except json.JSONDecodeError as error:
        raise _refused(
            path, error.lineno, error.colno, f"JSON: {error.msg}", f"JSON sai cú pháp ({error.msg})"
        ) from None
    except _Marked as error:
        raise _refused(path, error.line, error.column, error.en, error.vi) from None
    except StandsTwice as error:
        raise UsageError(f"{path}: {error.en}", f"{path}: {error.vi}", field=str(path)) from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path}: {error}", f"{path}: {error}", field=str(path)) from None
    if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
        raise UsageError(
            f"{path}: a description is made of pairs of name: value",
            f"{path}: tệp mô tả phải gồm các cặp tên: giá trị",
            field=str(path),
        )
    return Description(path, data, node)


def _refused(path: Path, line: int, column: int, en: str, vi: str) -> UsageError:
    return UsageError(
        f"{path}, line {line}, column {column}: {en}",
        f"{path}, dòng {line}, cột {column}: {vi}",
        field=str(path),
        rule="syntax",
    )


class _Marked(ValueError):
    """What is wrong at one place of a YAML text."""

    def __init__(self, place: tuple[int, int], en: str, vi: str) -> None:
        super().__init__(en)
        self.line, self.column = place
        self.en = en
        self.vi = vi


def _place(mark: Any) -> tuple[int, int]:
    """Line and column of a mark, counted from 1."""
    return (1, 1) if mark is None else (mark.line + 1, mark.column + 1)


def _yaml(text: str) -> tuple[Any, Any]:
    import yaml

    try:
        loader = _loader()(text)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        column = error.position - text.rfind("\n", 0, error.position)
        sign = f"U+{error.character:04X}"
        raise _Marked((line, column), f"YAML has no character {sign}", f"YAML không cho phép ký tự {sign}") from None
    try:
        node = loader.get_single_node()
        if node is None:
            return None, None
        _bounded(node)
        _no_doubles(node)
        return loader.construct_document(node), node
    except yaml.MarkedYAMLError as error:
        raise _explained(error) from None
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None
    except (LookupError, AttributeError):
        # What constructs a value of an explicit tag takes the text for well-formed.
        raise ValueError("a value is not of the type that its tag names / giá trị không đúng kiểu mà thẻ nêu") from None
    finally:
        loader.dispose()


_HINTS = (
    ("\\t", "a tab indents; use blanks", "thụt dòng bằng tab; hãy dùng dấu cách"),
    (
        "mapping values are not allowed",
        "a value with ': ' needs quotes",
        'giá trị có dấu ": " phải để trong ngoặc kép',
    ),
    ("found unexpected end of stream", "a quote is not closed", "dấu ngoặc kép chưa đóng"),
    (
        "expected <block end>",
        "indentation, or a quote that is not closed",
        "thụt dòng lệch, hoặc dấu ngoặc kép chưa đóng",
    ),
    ("<stream end>", "a bracket is not closed", "dấu ngoặc vuông hoặc nhọn chưa đóng"),
    ("could not find expected ':'", "a colon is missing after a name", 'thiếu dấu ":" sau tên trường'),
)
"""What people mostly got wrong, by the words of the parser."""


def _explained(error: Any) -> _Marked:
    problem = str(error.problem or error.context or "")
    en, vi = next(((en, vi) for sign, en, vi in _HINTS if sign in problem), (problem, problem))
    begun = error.context_mark
    if begun is not None and error.problem_mark is not None and begun.line != error.problem_mark.line:
        en, vi = f"{en} (begun in line {begun.line + 1})", f"{vi} (bắt đầu từ dòng {begun.line + 1})"
    return _Marked(_place(error.problem_mark or begun), f"the YAML is not well-formed: {en}", f"YAML sai cú pháp: {vi}")


def _entries(node: Any) -> list[tuple[Any, Any]]:
    inside = getattr(node, "value", None)
    return inside if isinstance(inside, list) and inside and isinstance(inside[0], tuple) else []


def _items(node: Any) -> list[Any]:
    inside = getattr(node, "value", None)
    return inside if isinstance(inside, list) and inside and not isinstance(inside[0], tuple) else []


def _nodes(node: Any) -> Iterator[Any]:
    """All nodes, each once."""
    waiting, seen = [node], {id(node)}
    while waiting:
        current = waiting.pop()
        yield current
        inside = current.value if isinstance(current.value, list) else ()
        for part in (part for entry in inside for part in (entry if isinstance(entry, tuple) else (entry,))):
            if id(part) not in seen:
                seen.add(id(part))
                waiting.append(part)


def _no_doubles(node: Any) -> None:
    """Of a name that stands twice YAML keeps the last value and says nothing: it is refused."""
    for current in _nodes(node):
        names: set[str] = set()
        for key, _ in _entries(current):
            if isinstance(key.value, str) and key.value != "<<":
                if key.value in names:
                    raise _Marked(
                        _place(key.start_mark), f"{key.value!r} stands twice", f"{key.value!r} xuất hiện hai lần"
                    )
                names.add(key.value)


def _bounded(node: Any) -> None:
    """Count what a document holds when all its aliases are written out: ten lines may stand for billions."""
    left, waiting = _NODES, [node]
    while waiting:
        inside = waiting.pop().value
        left -= 1
        if left < 0:
            raise ValueError(f"more than {_NODES} values, aliases written out / quá {_NODES} giá trị")
        if isinstance(inside, list):
            waiting += [part for entry in inside for part in (entry if isinstance(entry, tuple) else (entry,))]


def _loader() -> Any:
    """A safe loader that leaves texts as they are written: 01 is a code, not a number, and a date is a text."""
    import yaml

    class Loader(yaml.SafeLoader):
        pass

    Loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in known if tag in _UNDERSTOOD]
        for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    return Loader
