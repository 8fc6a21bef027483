"""What a command imports before it answers."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import vn_edoc.cli
from tests.envelope.packets import attachment, packet, reference

_HEAVY = (
    "asn1crypto",
    "cryptography",
    "importlib.resources",
    "lxml",
    "pydantic",
    "pyhanko",
    "rich",
    "tempfile",
    "zipfile",
)
_TOLD = (
    "import sys; from vn_edoc.cli import main; code = main(sys.argv[1:]); "
    f"print([m for m in {_HEAVY!r} if m in sys.modules], file=sys.stderr); sys.exit(code)"
)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["calendar", "2026"],
        ["code", "H29.12"],
        ["deadline", "qd28.send", "2026-10-15"],
        ["pack", "--help"],
        ["pack", "--status-template"],
        ["pack", "--template"],
        ["rules", "R37"],
        ["sign", "pdf", "--help"],
        ["trust", "list", "--pins"],
        ["verify", "--help"],
    ],
    ids=" ".join,
)
def test_light_commands_import_nothing_heavy(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VN_EDOC_TRUST", str(tmp_path))
    root = Path(vn_edoc.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", _TOLD, *arguments], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == "[]"


_VERIFIERS = ("asn1crypto", "cryptography", "pyhanko", "pypdfium2", "subprocess", "vn_edoc.calendar.workcalendar")
_JUDGED = (
    "import sys; from pathlib import Path; import vn_edoc; from vn_edoc.validity import Verifier; "
    "report = Verifier().verify(Path(sys.argv[1])); assert report.findings and report.packet, report; "
    f"print([m for m in {_VERIFIERS!r} if m in sys.modules] "
    "+ [m for m in sys.modules if m.startswith('vn_edoc.signature.xml')])"
)


def test_a_packet_without_signatures_imports_no_verifier(tmp_path: Path) -> None:
    """Of one with a seal or a header signature the same command imports what verifies it."""
    root = Path(vn_edoc.__file__).parents[1]
    for name, extra, expected in (("a.edxml", "", True), ("b.edxml", "<Signature>x</Signature>", False)):
        given = packet(attachment("a.txt", b"x"), references=reference("a.txt"), extra=extra)
        (tmp_path / name).write_bytes(given)
        done = subprocess.run(
            [sys.executable, "-c", _JUDGED, str(tmp_path / name)], cwd=root, capture_output=True, text=True, check=True
        )
        assert (done.stdout.strip() == "[]") is expected


def test_classes_of_click_take_no_argument_at_run_time() -> None:
    """click 8.1 has none: a subscript outside ``if TYPE_CHECKING`` would break the command there."""
    for file in Path(vn_edoc.cli.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                assert not any(isinstance(base, ast.Subscript) for base in node.bases), f"{file.name}: {node.name}"


def test_the_collector_is_left_as_it_was() -> None:
    import gc

    before = gc.get_threshold()
    vn_edoc.cli.main(["rules", "R37"])
    assert gc.get_threshold() == before
