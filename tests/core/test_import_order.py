"""The house's import order, its lightness, and that what is public is listed."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys

import vn_edoc
from tests.conftest import ROOT


def test_layers() -> None:
    lint = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert lint.returncode == 0, lint.stdout + lint.stderr


def test_import_is_lazy() -> None:
    heavy = ("lxml", "pyhanko", "pydantic", "asn1crypto", "cryptography")
    for module in ("vn_edoc", "vn_edoc.identifiers", "vn_edoc.calendar"):
        allowed = ("pydantic",) if module == "vn_edoc.identifiers" else ()
        code = f"import sys, {module}; print([m for m in {heavy} if m in sys.modules and m not in {allowed}])"
        out = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
        assert out.stdout.strip() == "[]", f"{module} imports {out.stdout}"


def test_every_public_name_resolves_and_all_is_sorted() -> None:
    for name in vn_edoc.__all__:
        assert getattr(vn_edoc, name) is not None
    for info in pkgutil.walk_packages(vn_edoc.__path__, "vn_edoc."):
        if info.name.rsplit(".", 1)[-1].startswith("_") and not info.ispkg:
            continue
        module = importlib.import_module(info.name)
        public = getattr(module, "__all__", None)
        if info.ispkg and public is not None:
            assert list(public) == sorted(public), f"{info.name}.__all__ is not sorted"
            for name in public:
                assert hasattr(module, name), f"{info.name} lists {name} but has none"
