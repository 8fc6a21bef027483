"""Other people's signers at work: what they sign now is accepted, and refused after a change of one byte.

One process of each signs everything: Apache Santuario and the JDK (Java), xml-crypto (Node); xmlsec1 signs file by
file. Every combination of algorithm, form, canonicalisation and ``KeyInfo`` that they know; the rarer methods with two
keys only.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import cycle, product
from pathlib import Path

import pytest

from tests.signature.cast import EVIDENCE, PKI, TRUST
from tests.signature_xml.judges import compiled, node_modules
from vn_edoc.signature import Evidence, SignatureResult, verify_xml

DOCUMENT = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<?trước x?><e:E xmlns:e="urn:e" xmlns:u="urn:u" xml:lang="vi"\n'
    '   xml:space="preserve"><e:B Id="data" u:b="2" a="1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:type="u:T"><x xmlns="urn:d">giá trị &amp; &lt;một&gt;\t&#13;<y xmlns="" z="&quot;&#9;&#10;"/></x>'
    "<!-- chú thích --><e:y><![CDATA[<a & b>]]></e:y></e:B></e:E>\n"
).encode()
"""Namespaces declared above, redeclared and undeclared, inherited ``xml:*``, references, CDATA, a comment."""
OLD, NEW = "giá trị".encode(), "giá trỉ".encode()

MORE, MORE07 = "http://www.w3.org/2001/04/xmldsig-more#", "http://www.w3.org/2007/05/xmldsig-more#"
DIGESTS = {
    "sha256": "http://www.w3.org/2001/04/xmlenc#sha256",
    "sha384": MORE + "sha384",
    "sha512": "http://www.w3.org/2001/04/xmlenc#sha512",
}
METHODS = {
    **{f"rsa-{name}": ("agency", f"{MORE}rsa-{name}", DIGESTS[name]) for name in DIGESTS},
    **{f"pss-{name}": ("agency", f"{MORE07}{name}-rsa-MGF1", DIGESTS[name]) for name in DIGESTS},
    "ec256-sha256": ("person-ec", MORE + "ecdsa-sha256", DIGESTS["sha256"]),
    "ec384-sha384": ("agency-ec", MORE + "ecdsa-sha384", DIGESTS["sha384"]),
    "ec384-sha512": ("agency-ec", MORE + "ecdsa-sha512", DIGESTS["sha512"]),
}
OF_THE_JDK = {f"pss-params-{name}": ("agency", MORE07 + "rsa-pss", DIGESTS[name]) for name in DIGESTS}
"""RSA-PSS with its parameters in an element of their own, as the JDK writes it."""
INC, EXC = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315", "http://www.w3.org/2001/10/xml-exc-c14n#"
C14N = {
    "inc": (INC, "-"),
    "inc-comments": (INC + "#WithComments", "-"),
    "inc11": ("http://www.w3.org/2006/12/xml-c14n11", "-"),
    "exc": (EXC, "-"),
    "exc-comments": (EXC + "WithComments", "-"),
    "exc-prefixes": (EXC, "u,xsi"),
    "none": ("-", "-"),
}
FORMS = ("enveloped", "enveloping", "detached")
WITH_CERTIFICATE = (
    "leaf", "chain", "reversed", "leaf+subject", "leaf+serial", "ski+leaf", "name+leaf", "value+leaf",
    "subject+serial+ski+chain",
)  # fmt: skip
WITHOUT_CERTIFICATE = ("none", "subject", "serial", "ski", "name", "value")


@dataclass(frozen=True)
class Case:
    """One signature that somebody else makes."""

    engine: str
    method: str
    form: str
    c14n: str
    info: str

    @property
    def file(self) -> str:
        return f"{self.engine}_{self.method}_{self.form}_{self.c14n}_{self.info}.xml"

    @property
    def key(self) -> str:
        return (METHODS | OF_THE_JDK)[self.method][0]


def java_cases() -> Iterator[Case]:
    for engine in ("santuario", "jdk"):
        infos = cycle(WITH_CERTIFICATE)
        for method, form, c14n in product(METHODS, FORMS, C14N):
            if c14n in ("inc", "exc") or method in ("rsa-sha256", "ec384-sha384"):
                yield Case(engine, method, form, c14n, next(infos))
        for method, form in product(OF_THE_JDK if engine == "jdk" else (), FORMS):
            yield Case(engine, method, form, "exc", "leaf")
        more = ("digest", "leaf+digest") if engine == "santuario" else ()
        for method, info in product(("rsa-sha256", "ec256-sha256"), (*WITH_CERTIFICATE, *WITHOUT_CERTIFICATE, *more)):
            yield Case(engine, method, "enveloped", "exc-comments", info)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys and the document."""
    made = tmp_path_factory.mktemp("live")
    (made / "document.xml").write_bytes(DOCUMENT)
    for name in {key for key, _, _ in METHODS.values()}:
        (made / f"{name}.p12").write_bytes(PKI[name].pkcs12(b"test"))
        (made / f"{name}.key").write_bytes(PKI[name].key_pem())
        (made / f"{name}.pem").write_bytes(PKI[name].pem)
    return made


def judge(data: bytes, key: str, *, known: bool = False, path: bool = False) -> SignatureResult:
    """Our verdict; ``known``: the verifier holds the certificate beforehand; ``path``: with the path to the root."""
    held = ("state-ca", "deputy", key) if known else ("state-ca",)
    evidence = EVIDENCE | Evidence(certificates=tuple(PKI[name].der for name in held))
    (one,) = verify_xml(data, trust=TRUST if path else None, evidence=evidence).signatures
    return one


def expect(folder: Path, cases: Iterable[Case]) -> int:
    """All of them are accepted as they are, and refused with another byte in the content."""
    count = 0
    for case in cases:
        data = (folder / case.file).read_bytes()
        assert OLD in data, case
        changed = data.replace(OLD, NEW)
        if case.info in WITHOUT_CERTIFICATE or case.info == "digest":
            one = judge(data, case.key)
            assert (one.intact, one.signer) == (None, None), case
            assert "xmldsig.no_certificate" in {f.rule for f in one.findings}, case
        known = "leaf" not in case.info and "chain" not in case.info and case.info != "reversed"
        path = case.c14n == "exc"
        one = judge(data, case.key, known=known, path=path)
        assert one.intact is True, (case, [f.message_en for f in one.findings])
        # The root around a detached signature's element has attributes, which nothing covers.
        outside = {f.where.path for f in one.findings if f.rule == "xmldsig.uncovered"}
        assert outside == ({"E"} if case.form == "detached" else set()), case
        assert one.changes == {"detached": "forbidden", "enveloping": "none"}.get(case.form, one.changes), case
        assert one.signer.certificate_sha256 == PKI[case.key].sha256, case
        assert one.trusted is (True if path else None), case
        told = {f.rule for f in one.findings}
        assert not told & {"xmldsig.subject_name", "xmldsig.key_info", "xmldsig.no_certificate"}, (case, told)
        assert judge(changed, case.key, known=known).intact is False, case
        count += 1
    return count


def test_santuario_and_the_jdk_sign_for_us(folder: Path) -> None:
    cases = list(java_cases())
    rows = []
    for case in cases:
        key, method, digest = (METHODS | OF_THE_JDK)[case.method]
        uri, prefixes = C14N[case.c14n]
        rows.append(f"{case.file} {case.engine} {key} {method} {digest} {case.form} {uri} {case.info} {prefixes}\n")
    (folder / "java.cases").write_text("".join(rows))
    given = (folder / "document.xml", folder, folder / "java.cases")
    run = subprocess.run(
        ["java", "-XX:TieredStopAtLevel=1", "-cp", compiled("XmlSign"), "XmlSign", *map(str, (folder, *given))],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    assert run.returncode == 0 and not run.stdout, run.stdout + run.stderr
    assert expect(folder, cases) == len(cases) > 200


def test_xml_crypto_signs_for_us(folder: Path) -> None:
    modules = node_modules()
    known = {"rsa-sha256": METHODS["rsa-sha256"], "rsa-sha512": METHODS["rsa-sha512"], "pss": METHODS["pss-sha256"]}
    rows = []
    files = []
    for (name, (key, method, digest)), form, c14n, info in product(
        known.items(), ("enveloped", "id", "detached"), ("inc", "exc", "exc-comments"), ("leaf", "none")
    ):
        file = f"crypto_{name}_{form}_{c14n}_{info}.xml"
        pems = f"{folder / (key + '.key')} {folder / (key + '.pem')}"
        rows.append(f"{file} {pems} {method} {digest} {form} {C14N[c14n][0]} {info}\n")
        files.append((file, key, info))
    # xml-crypto digests the root element where URI="" says the document, and inherits no xml:* attributes.
    plain = DOCUMENT.replace("<?trước x?>".encode(), b"").replace(b' xml:lang="vi"\n   xml:space="preserve"', b"")
    (folder / "node.xml").write_bytes(plain)
    (folder / "node.cases").write_text("".join(rows))
    script = Path(__file__).parents[1] / "tools" / "xmlcrypto_sign.cjs"
    run = subprocess.run(
        ["node", str(script), str(folder / "node.xml"), str(folder), str(folder / "node.cases")],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NODE_PATH": modules},
    )
    assert run.returncode == 0 and not run.stdout, run.stdout + run.stderr
    for file, key, info in files:
        data = (folder / file).read_bytes()
        one = judge(data, key, known=info == "none")
        assert one.intact is True, (file, [f.message_en for f in one.findings])
        assert one.signer.certificate_sha256 == PKI[key].sha256
        assert judge(data.replace(OLD, NEW), key, known=info == "none").intact is False, file
    assert len(files) == 54


TEMPLATE = """<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>
<ds:CanonicalizationMethod Algorithm="{c14n}"/><ds:SignatureMethod Algorithm="{method}"/>
<ds:Reference URI="{uri}"><ds:Transforms>{enveloped}<ds:Transform Algorithm="{c14n}"/></ds:Transforms>
<ds:DigestMethod Algorithm="{digest}"/><ds:DigestValue/></ds:Reference></ds:SignedInfo><ds:SignatureValue/>
{info}{object}</ds:Signature>"""
INFOS = {
    "leaf": "<ds:KeyInfo><ds:X509Data><ds:X509Certificate/></ds:X509Data></ds:KeyInfo>",
    "all": "<ds:KeyInfo><ds:X509Data><ds:X509SubjectName/><ds:X509IssuerSerial/><ds:X509SKI/><ds:X509Certificate/>"
    "</ds:X509Data></ds:KeyInfo>",
    "value": "<ds:KeyInfo><ds:KeyValue/></ds:KeyInfo>",
    "none": "",
}


def template(form: str, method: str, digest: str, c14n: str, info: str) -> str:
    head, root = DOCUMENT.decode().split("?>", 2)[0] + "?>\n", DOCUMENT.decode().split("?>", 2)[2]
    made = TEMPLATE.format(
        c14n=c14n,
        method=method,
        digest=digest,
        uri={"enveloped": "", "enveloping": "#o", "detached": "#data"}[form],
        enveloped='<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>'
        if form == "enveloped"
        else "",
        info=INFOS[info],
        object=f'<ds:Object Id="o">{root.strip()}</ds:Object>' if form == "enveloping" else "",
    )
    return head + (made if form == "enveloping" else root.replace("</e:E>", made + "</e:E>"))


def test_xmlsec1_signs_for_us(folder: Path) -> None:
    if shutil.which("xmlsec1") is None:
        pytest.skip("xmlsec1 is not installed")
    known = {name: value for name, value in METHODS.items() if not name.startswith("pss")}
    infos = cycle(("leaf", "all", "none"))
    ids = ("--id-attr:Id", "urn:e:B", "--id-attr:Id", "http://www.w3.org/2000/09/xmldsig#:Object")
    count = 0
    for (name, (key, method, digest)), form, c14n in product(known.items(), FORMS, ("inc", "inc11", "exc")):
        info = next(infos) if name != "rsa-sha256" or c14n != "exc" else "value"
        file = folder / f"xmlsec_{name}_{form}_{c14n}_{info}.xml"
        source = folder / "template.xml"
        source.write_text(template(form, method, digest, C14N[c14n][0], info))
        run = subprocess.run(
            ["xmlsec1", "--sign", "--privkey-pem", f"{key}.key,{key}.pem", *ids, "--output", file.name, source.name],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, (name, form, c14n, run.stderr)
        data = file.read_bytes()
        one = judge(data, key, known=info in ("none", "value"))
        assert one.intact is True, (file.name, [f.message_en for f in one.findings])
        assert one.signer.certificate_sha256 == PKI[key].sha256
        assert judge(data.replace(OLD, NEW), key, known=info in ("none", "value")).intact is False, file.name
        count += 1
    assert count == 54
