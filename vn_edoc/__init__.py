"""vn_edoc: legally valid Vietnamese inter-agency e-documents.

The public verbs are resolved on first use, so that ``import vn_edoc`` stays light.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vn_edoc.errors import VnEdocError as VnEdocError
    from vn_edoc.findings import Finding as Finding
    from vn_edoc.findings import Severity as Severity
    from vn_edoc.limits import Limits as Limits

__version__ = "0.1.0"

_HOME = {
    "Finding": "vn_edoc.findings",
    "Limits": "vn_edoc.limits",
    "Severity": "vn_edoc.findings",
    "VnEdocError": "vn_edoc.errors",
}

__all__ = ["Finding", "Limits", "Severity", "VnEdocError"]


def __getattr__(name: str) -> Any:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
