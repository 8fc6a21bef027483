"""Identifiers against python-stdnum, csv, dict and str.find; import against a bare interpreter."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from benchmarks.harness import Row, compare, seconds

UNITS = 60_000


def _listing() -> str:
    """A list of 60,000 units: 34 provinces, their communes, the offices of these."""
    lines = ["code,name,kind,valid_from,valid_to,act_from"]
    province = commune = office = 0
    names = ("Văn phòng HĐND và UBND", "Phòng Kinh tế", "Phòng Văn hóa - Xã hội", "Trung tâm Phục vụ hành chính công")
    while len(lines) <= UNITS:
        if office == 0 and commune == 0:
            province += 1
            lines.append(f"H{province:02},UBND tỉnh số {province},province,2020-09-15,,20/2020/QĐ-TTg")
        code, where = f"H{province:02}.{commune + 1:03}", f"xã số {commune + 1} tỉnh số {province}"
        if office == 0:
            lines.append(f"{code},UBND {where},commune,2025-07-01,,202/2025/QH15")
        lines.append(f"{code}.{office + 1:02},{names[office % 4]} {office + 1} {where},unit,2025-07-01,,3470/QĐ-UBND")
        office = (office + 1) % 18
        if office == 0:
            commune = (commune + 1) % 100
    return "\n".join(lines[: UNITS + 1]) + "\n"


def _bare(code: str) -> Callable[[], object]:
    return lambda: subprocess.run([sys.executable, "-c", code], check=True)


def run() -> list[Row]:
    """All comparisons of the area."""
    from stdnum.vn import mst

    from vn_edoc.identifiers import AgencyCode, AgencyRegistry, EnterpriseCode

    area = "identifiers"
    parse, valid = AgencyCode.parse, EnterpriseCode.is_valid
    rows = [
        compare(area, "AgencyCode.parse, old scheme", lambda: parse("000.00.12.H29"), "stdnum vn.mst.validate",
                lambda: mst.validate("0100233488"), 1.0),
        compare(area, "AgencyCode.parse, QĐ 20/2020", lambda: parse("H15.50.05.13"), "stdnum vn.mst.validate",
                lambda: mst.validate("0100233488"), 1.0),
        compare(area, "EnterpriseCode.is_valid", lambda: valid("0100233488"), "stdnum vn.mst.validate",
                lambda: mst.validate("0100233488"), 3.0),
        compare(area, "EnterpriseCode.is_valid, unit", lambda: valid("0314409058-002"), "stdnum vn.mst.validate",
                lambda: mst.validate("0314409058-002"), 3.0),
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "units.csv"
        path.write_text(_listing(), encoding="utf-8")

        def read() -> object:
            return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))

        rows.append(
            compare(area, "load a list of 60,000 units", lambda: AgencyRegistry.load(path), "csv.reader", read, 0.5)
        )
        registry = AgencyRegistry.load(path)
    on = date(2026, 1, 1)
    codes = [str(code) for code in registry][::97]
    for code in codes:
        registry.get(code, on=on)
    table = dict.fromkeys(codes, 1)

    def look() -> None:
        for code in codes:
            registry.get(code, on=on)

    def look_in_dict() -> None:
        for code in codes:
            table.get(code)

    rows.append(compare(area, "get(code, on=), 600 codes", look, "dict.get", look_in_dict, 0.1))
    names = [name for _code, name in registry._names().entries]
    for query in ("ubnd xa so 77 tinh so 12", "phong kinh te", "so 9 xa so 3 tinh so 30", "khong co ten nay"):
        registry.search(query)

        def pass_over(query: str = query) -> None:
            for name in names:
                name.find(query)

        rows.append(
            compare(area, f"search({query!r})", lambda query=query: registry.search(query), "str.find over all names",
                    pass_over, 0.5)
        )  # fmt: skip
    rows += _imports(area)
    return rows


def _imports(area: str) -> list[Row]:
    """The promise is a difference, not a ratio: at most 40 ms over bare Python, the best of several runs in turn."""
    bare = _bare("pass")
    rows = []
    for what in ("import vn_edoc.identifiers", "from vn_edoc.identifiers import AgencyCode"):
        ours, peers = [], []
        for _ in range(15):
            ours.append(seconds(_bare(what), budget=0))
            peers.append(seconds(bare, budget=0))
        rows.append(Row(area, what, "bare Python + 40 ms", min(ours), min(peers) + 0.04, 1.0))
    return rows
