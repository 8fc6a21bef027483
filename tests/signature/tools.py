"""Other people's tools, as judges."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

PEER = Path(__file__).resolve().parent.parent / "tools" / "PdfPeer.java"
_JARS = ("pdfbox2", "fontbox2", "commons-logging", "bcprov", "bcpkix", "bcutil")


def need(tool: str) -> str:
    found = shutil.which(tool)
    if found is None:
        pytest.skip(f"{tool} is not installed")
    return found


def _classpath() -> list[str]:
    java = need("java")
    folder = Path("/usr/share/java")
    jars = [folder / f"{name}.jar" for name in _JARS]
    if not all(j.exists() for j in jars):
        pytest.skip("the jars of PDFBox and BouncyCastle are not installed")
    return [java, "-cp", ":".join(str(j) for j in jars)]


def pdfbox_sign(key: Path, password: str, source: Path, target: Path) -> None:
    """Sign with PDFBox and BouncyCastle."""
    command = [*_classpath(), str(PEER.with_name("PdfSign.java")), str(key), password, str(source), str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def pdfbox(root: Path, files: list[Path]) -> dict[str, list[tuple[str, str]]]:
    """PDFBox and BouncyCastle: verdict and detail of every signature by file name."""
    command = [*_classpath(), str(PEER), str(root), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found: dict[str, list[tuple[str, str]]] = {}
    for line in done.stdout.splitlines():
        name, verdict, *rest = line.split("\t")
        found.setdefault(Path(name).name, []).append((verdict, rest[0] if rest else ""))
    assert found, done.stderr
    return found


def mutool_says(path: Path) -> list[str]:
    """What mutool says of each CMS signature; "not signed" is its word for the document time-stamps of B-LTA, whose
    SubFilter ETSI.RFC3161 mutool 1.21 does not know."""
    command = [need("mutool"), "sign", "-v", str(path)]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    parts = said.split("Verifying signature ")[1:]
    return [part for part in parts if "Signature is not signed." not in part]
