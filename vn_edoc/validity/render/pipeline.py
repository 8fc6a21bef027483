"""Forms for test pipelines, made of the JSON form of reports: SARIF 2.1.0 (OASIS) and JUnit XML."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from vn_edoc import __version__
from vn_edoc.findings import visible
from vn_edoc.law import rule_texts

__all__ = ["junit", "sarif"]

_LEVEL = {"fatal": "error", "error": "error", "warning": "warning", "info": "note"}
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

Named = tuple[str, Mapping[str, Any]]


def sarif(reports: Iterable[Named], lang: str = "en") -> str:
    """One SARIF run of all findings; ``reports`` are pairs of a file's name and :meth:`Report.to_dict`."""
    reports = list(reports)
    texts = rule_texts().rules
    used = list(dict.fromkeys(f["rule"] for _, report in reports for f in report["findings"]))
    index = {rule: number for number, rule in enumerate(used)}
    run = {
        "tool": {
            "driver": {
                "name": "vn-edoc",
                "version": __version__,
                "informationUri": "https://pypi.org/project/vn-edoc/",
                "rules": [_rule(rule, lang) for rule in used],
                "properties": {"rulePack": rule_texts().version, "rulesInPack": len(texts)},
            }
        },
        "language": lang,
        "artifacts": [
            {
                "location": {"uri": _uri(name)},
                "length": report["input"]["size"],
                "hashes": {"sha-256": report["input"]["sha256"]},
            }
            for name, report in reports
        ],
        "results": [
            _result(name, number, f, index, lang)
            for number, (name, report) in enumerate(reports)
            for f in report["findings"]
        ],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2) + "\n"


def _rule(rule: str, lang: str) -> dict[str, Any]:
    text = rule_texts().rules.get(rule)
    if text is None:
        return {"id": visible(rule)}
    return {
        "id": rule,
        "shortDescription": {"text": text.title_en if lang == "en" else text.title_vi},
        "help": {"text": (text.how_en if lang == "en" else text.how_vi) or "-"},
        "defaultConfiguration": {"level": _LEVEL[text.severity.value]},
        "properties": {"basis": [b.cite(lang) for b in text.basis]},
    }


def _result(name: str, number: int, finding: Mapping[str, Any], index: Mapping[str, int], lang: str) -> dict[str, Any]:
    where = finding["where"]
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(name), "index": number}}
    region: dict[str, int] = {}
    # Lines and bytes of an attachment are not those of the packet.
    if "attachment" not in where:
        if "line" in where:
            region["startLine"] = where["line"]
        if "byte_range" in where:
            start, end = where["byte_range"]
            region |= {"byteOffset": start, "byteLength": end - start}
    if region:
        physical["region"] = region
    path = "/".join(visible(where[key]) for key in ("attachment", "path", "signature") if key in where)
    location: dict[str, Any] = {"physicalLocation": physical}
    if path:
        location["logicalLocations"] = [{"fullyQualifiedName": path}]
    return {
        "ruleId": visible(finding["rule"]),
        "ruleIndex": index[finding["rule"]],
        "level": _LEVEL[finding["severity"]],
        "message": {"text": visible(finding["message_en" if lang == "en" else "message_vi"])},
        "locations": [location],
        "properties": {"severity": finding["severity"]},
    }


def _uri(name: str) -> str:
    return quote(visible(name))


def junit(reports: Iterable[Named], lang: str = "en") -> str:
    """JUnit XML: a suite for each file, a case for each rule; only errors and fatal findings fail."""
    from lxml import etree

    root = etree.Element("testsuites", name="vn-edoc")
    totals = [0, 0, 0]
    for name, report in reports:
        suite = etree.SubElement(root, "testsuite", name=visible(name), timestamp=report["checked_at"][:19])
        counts = _cases(suite, visible(name), report, lang)
        for key, count in zip(("tests", "failures", "skipped"), counts, strict=True):
            suite.set(key, str(count))
        suite.set("errors", "0")
        suite.set("time", "0")
        totals = [a + b for a, b in zip(totals, counts, strict=True)]
    # The common schema counts no skipped cases at the root.
    for key, count in zip(("tests", "failures", "errors"), (*totals[:2], 0), strict=True):
        root.set(key, str(count))
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True).decode("utf-8")


def _cases(suite: Any, name: str, report: Mapping[str, Any], lang: str) -> tuple[int, int, int]:
    from lxml import etree

    english = lang == "en"
    by_rule: dict[str, list[Mapping[str, Any]]] = {}
    for finding in report["findings"]:
        by_rule.setdefault(finding["rule"], []).append(finding)
    checks = {check["rule"]: check for check in report["checks"]}
    failed = skipped = 0
    for rule in (*checks, *(r for r in by_rule if r not in checks)):
        check = checks.get(rule)
        title = "" if check is None else check["title_en" if english else "title_vi"]
        case = etree.SubElement(suite, "testcase", classname=name, name=visible(f"{rule} {title}".strip()), time="0")
        found = by_rule.get(rule, [])
        # Findings come with the gravest first, so that the first line is why the case fails.
        said = [f"{f['severity']}: {visible(f['message_en' if english else 'message_vi'])}" for f in found]
        grave = any(f["severity"] in {"fatal", "error"} for f in found)
        if grave:
            failed += 1
            failure = etree.SubElement(case, "failure", type=rule if rule.isascii() else "finding", message=said[0])
            failure.text = "\n".join(said)
        elif check is not None and check["outcome"] in {"not_evaluated", "not_applicable"}:
            skipped += 1
            etree.SubElement(case, "skipped", message=visible(check["reason_en" if english else "reason_vi"]))
        if said and not grave:
            etree.SubElement(case, "system-out").text = "\n".join(said)
    return len(suite), failed, skipped
