"""Texts of the data files that the packages of this library carry, read through their loader.

``importlib.resources`` does the same, and its import alone costs as much as starting Python does.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False  # type checkers take it as true; importing typing would cost most of the import's time
if TYPE_CHECKING:
    from typing import Any

__all__ = ["data_text"]


def data_text(package: str, name: str) -> str:
    """The text of the file ``name`` in the folder ``data`` of an imported package."""
    spec: Any = sys.modules[package].__spec__
    folder = spec.submodule_search_locations[0]
    text: str = spec.loader.get_data(f"{folder}/data/{name}").decode("utf-8")
    return text
