"""Files that people keep: lists of agencies, bindings, rule packs, contexts, descriptions, anchors, evidence."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random

import openpyxl

from tests.fuzz.mutators import der_mutated, octets_mutated, xml_mutated
from tests.fuzz.target import Target, scratch
from tests.signature.cast import EVIDENCE, PKI
from tests.validity.test_pack import WHOLE
from vn_edoc.cli.descriptions import load as load_description
from vn_edoc.cli.verify import _context
from vn_edoc.errors import VnEdocError
from vn_edoc.identifiers import AgencyRegistry, Bindings
from vn_edoc.limits import Limits
from vn_edoc.signature import Evidence, TrustStore
from vn_edoc.validity import RulePack

_BOUNDS = Limits(table_bytes=4 << 20, table_rows=20_000)
_FOLDER = scratch()
_READERS: tuple[tuple[str, Callable[[Path], object]], ...] = (
    ("csv", lambda path: list(AgencyRegistry.load(path, limits=_BOUNDS))),
    ("xlsx", lambda path: list(AgencyRegistry.load(path, limits=_BOUNDS))),
    ("json", lambda path: list(AgencyRegistry.load(path, limits=_BOUNDS))),
    ("csv", lambda path: Bindings.load(path, limits=_BOUNDS).to_rows()),
    ("json", lambda path: Bindings.load(path, limits=_BOUNDS).to_rows()),
    ("toml", RulePack.load),
    ("json", lambda path: _context(path, {})),
    ("yaml", load_description),
    ("json", load_description),
    ("pem", TrustStore.load),
    ("zip", Evidence.load),
)
_TABLE = "Mã,Tên,Mã cha,Từ ngày,Đến ngày\nH98.12,Sở Thử nghiệm,H98,2025-07-01,\nH98.12.1,Chi cục,H98.12,01/07/2025,\n"
_ROWS = [{"agency_code": "H98.12", "organisation": "Sở Thử nghiệm", "mst": "0100109106", "valid_from": "2025-07-01"}]


def _seeds() -> list[bytes]:
    book, sheet = io.BytesIO(), openpyxl.Workbook()
    for row in _TABLE.splitlines():
        sheet.active.append(row.split(","))
    sheet.save(book)
    bindings = "agency_code,organisation,mst,valid_from\n" + ",".join(_ROWS[0].values()) + "\n"
    EVIDENCE.save(_FOLDER / "evidence")
    contents: list[bytes | str] = [
        *(_TABLE, book.getvalue(), json.dumps({"data": [{"code": "H98.12", "name": "Sở", "id": 1, "pid": None}]})),
        *(bindings, json.dumps(_ROWS), WHOLE),
        json.dumps({"transport": "axis", "sent_at": "2026-03-05T09:00:00+07:00", "receiver_code": "H98"}),
        "sender: {organ_id: H98.12}\nreceivers: [&a {organ_id: H98.13}, *a]\ncode: {number: 1, notation: TB}\n",
        *(json.dumps({"subject": "Thử", "to": [{"OrganId": "H98"}]}), PKI["root"].pem + PKI["state-ca"].pem),
        (_FOLDER / "evidence").read_bytes(),
    ]
    assert len(contents) == len(_READERS)
    return [bytes((n,)) + (c.encode() if isinstance(c, str) else c) for n, c in enumerate(contents)]


def _one(data: bytes) -> None:
    if not data:
        return
    suffix, read = _READERS[data[0] % len(_READERS)]
    path = _FOLDER / f"file.{suffix}"
    path.write_bytes(data[1:])
    with suppress(VnEdocError):
        read(path)


def _mutate(data: bytes, chance: Random) -> bytes:
    head, rest = data[:1], data[1:]
    if rest[:2] != b"PK" or chance.random() < 0.2:
        return head + octets_mutated(rest, chance, _WORDS)
    # The members of an archive, packed again.
    out = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(rest)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            chosen = chance.choice(old.namelist() or [""])
            for name in old.namelist():
                content = old.read(name)
                if name == chosen:
                    content = xml_mutated(content, chance) if content[:1] == b"<" else der_mutated(content, chance)
                new.writestr(name, content)
    except Exception:  # an archive that mutation broke before
        return head + octets_mutated(rest, chance)
    return head + out.getvalue()


_WORDS = (
    *b', " ; [ ] { } : - &a *a null true 1e999 NaN --- [[paper_also]] 2026-02-30 9999-12-31 0001-01-01 +14:00'.split(),
    *(b"\r\n", b"\t", b": ", b"- ", b"<<: *a", b"\\ud800", b"\xef\xbb\xbf", b"\xff\xfe", "Đến ngày".encode(), b"H98"),
    b"-----BEGIN CERTIFICATE-----",
)
TARGET = Target(_one, _seeds, _mutate, longest=60_000, words=_WORDS)
