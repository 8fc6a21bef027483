"""Other people's verifiers: Apache Santuario, the JDK, xmlsec1. Skipped, with the reason, where one is absent."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

_JARS = ("xmlsec", "slf4j-api", "slf4j-nop", "commons-codec", "bcprov")
_FOLDER = Path("/usr/share/java")
_TOOLS = Path(__file__).parents[1] / "tools"
_IDS = ("http://uri.etsi.org/01903/v1.3.2#:SignedProperties", "http://www.w3.org/2000/09/xmldsig#:Object")


@cache
def compiled(name: str) -> str:
    """The class path of a program of ``tests/tools``, compiled once."""
    if shutil.which("javac") is None:
        pytest.skip("no Java compiler")
    missing = [jar for jar in _JARS if not (_FOLDER / f"{jar}.jar").exists()]
    if missing:
        pytest.skip(f"no {missing[0]}.jar")
    folder = tempfile.mkdtemp(prefix="xmlpeer-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = ":".join(str(_FOLDER / f"{jar}.jar") for jar in _JARS)
    source = str(_TOOLS / f"{name}.java")
    subprocess.run(["javac", "-encoding", "UTF-8", "-cp", path, "-d", folder, source], check=True, capture_output=True)
    return f"{folder}:{path}"


def node_modules() -> str:
    """``NODE_PATH``, where xml-crypto is there."""
    modules = os.environ.get("NODE_PATH", "")
    if shutil.which("node") is None or not any((Path(p) / "xml-crypto").is_dir() for p in modules.split(":") if p):
        pytest.skip("node with xml-crypto on NODE_PATH is not there")
    return modules


def java(engine: str, files: list[Path], *, beside: bool = False) -> dict[str, bool]:
    """Verdict of ``santuario`` or ``jdk`` per file name; ``beside``: references to files beside them are followed."""
    run = subprocess.run(
        ["java", "-cp", compiled("XmlPeer"), "XmlPeer", engine, *(["-files"] if beside else []), *map(str, files)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    out = {}
    for line in run.stdout.splitlines():
        name, _, verdict = line.partition("\t")
        out[Path(name).name] = verdict.startswith("VALID")
    assert set(out) == {f.name for f in files}, run.stdout + run.stderr
    return out


def xmlsec1(file: Path, ids: tuple[str, ...] = ()) -> bool:
    """Verdict of xmlsec1, run beside the file. It knows no RSA-PSS before 1.3."""
    if shutil.which("xmlsec1") is None:
        pytest.skip("xmlsec1 is not installed")
    options = [part for name in (*_IDS, *ids) for part in ("--id-attr:Id", name)]
    run = subprocess.run(
        ["xmlsec1", "--verify", "--insecure", *options, file.name],
        cwd=file.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode == 0


def qualifying_properties_schema(shared: Path) -> etree.XMLSchema:
    """The ETSI schemas of XAdES 1.3.2 and 1.4.1 together."""
    folder = shared / "vectors/etsi-xsd"

    class Local(etree.Resolver):
        def resolve(self, url: str, public: str, context: object):
            if "xmldsig-core-schema" in url:
                return self.resolve_filename(str(folder / "xmldsig-core-schema.xsd"), context)
            if (url.endswith(".xsd") and "01903" in url) or "XAdES" in url:
                name = "XAdES01903v141-202407.xsd" if "141" in url else "XAdES01903v132-202407.xsd"
                return self.resolve_filename(str(folder / name), context)
            return None

    both = (
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
        '<xs:import namespace="http://uri.etsi.org/01903/v1.3.2#" schemaLocation="XAdES01903v132-202407.xsd"/>'
        '<xs:import namespace="http://uri.etsi.org/01903/v1.4.1#" schemaLocation="XAdES01903v141-202407.xsd"/>'
        "</xs:schema>"
    )
    parser = etree.XMLParser(load_dtd=False, no_network=True)
    parser.resolvers.add(Local())
    return etree.XMLSchema(etree.fromstring(both, parser, base_url=folder.as_uri() + "/both.xsd"))
