"""Search in names without accents: one text of all names, the shortest first, so the first hits are the closest."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from vn_edoc.identifiers.names import expanded
from vn_edoc.identifiers.text import LOOKALIKES, fold

__all__ = ["NameIndex"]

_MARKS = re.compile(r"[\u0300-\u036f]+")
_SPACES = re.compile(r"[^\S\n]+")
_LONGEST = 300


class NameIndex:
    """All names of a registry, old ones too. Built once, then only read."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        pairs = [(code, " ".join(name[:_LONGEST].split())) for code, name in names if name]
        keys = _fold_lines("\n".join(name for _code, name in pairs)) if pairs else []
        order = sorted(range(len(pairs)), key=lambda i: (len(keys[i]), keys[i], pairs[i][0]))
        self.entries = [pairs[i] for i in order]
        """Code and name, shortest name first."""
        self._text = "\n" + "\n".join(keys[i] for i in order) + "\n"
        starts, at = [], 1
        for i in order:
            starts.append(at)
            at += len(keys[i]) + 1
        self._starts = starts
        self._words: dict[str, set[int]] | None = None

    def find(self, query: str) -> Iterator[tuple[str, str]]:
        """Code and name of every hit, the closest first: the whole name, its beginning, the end or a part at the
        beginning of a word, any part, at last names that hold all the words in any order."""
        key = fold(expanded(query[:_LONGEST]))
        if not key:
            return
        seen: set[int] = set()
        for needle in (f"\n{key}\n", f"\n{key} ", f" {key}\n", f" {key} ", f" {key}", f"\n{key}", key):
            for line in self._lines(needle):
                if line not in seen:
                    seen.add(line)
                    yield self.entries[line]
        for line in self._with_words(key.split()):
            if line not in seen:
                yield self.entries[line]

    def exact(self, query: str) -> Iterator[tuple[str, str]]:
        """Code and name of the names that are the same without accents."""
        key = fold(expanded(query[:_LONGEST]))
        return (self.entries[line] for line in self._lines(f"\n{key}\n")) if key else iter(())

    def _lines(self, needle: str) -> Iterator[int]:
        text, starts = self._text, self._starts
        end = len(text) - 1
        at = text.find(needle)
        while 0 <= at < end:
            line = bisect_right(starts, at + 1 if needle[0] == "\n" else at) - 1
            yield line
            # one hit a line: go on behind it, but keep the line end that the next needle may begin with
            behind = starts[line + 1] - 1 if line + 1 < len(starts) else end
            at = text.find(needle, behind)

    def _with_words(self, words: list[str]) -> list[int]:
        if self._words is None:
            table: dict[str, set[int]] = {}
            for line, key in enumerate(self._text[1:-1].split("\n")):
                for word in key.split():
                    table.setdefault(word, set()).add(line)
            self._words = table
        hits = sorted((self._words.get(word, set()) for word in set(words)), key=len)
        return sorted(set.intersection(*hits)) if hits and hits[0] else []


def _fold_lines(text: str) -> list[str]:
    text = expanded(text).translate(LOOKALIKES).lower().replace("đ", "d")
    text = _MARKS.sub("", unicodedata.normalize("NFKD", text))
    return [line.strip() for line in _SPACES.sub(" ", text).split("\n")]
