"""The report tells which file, when, on what evidence, and what to do; its HTML holds against hostile text."""

from __future__ import annotations

import base64
import json
import re
import struct
import zlib
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.validity.factory import AGENCY, FILE, good
from tests.validity.judged import judge, report, sample, verifier
from vn_edoc.findings import Finding, Location, Outcome, Severity
from vn_edoc.limits import Limits
from vn_edoc.signature.result import Indication, SignatureKind, SubIndication
from vn_edoc.validity import Action, Report, verify
from vn_edoc.validity.facts import Party
from vn_edoc.validity.render.words import seven_items
from vn_edoc.validity.thumbnails import thumbnails

SCHEMA = jsonschema.Draft202012Validator(Report.json_schema())


def test_every_signature_names_its_file() -> None:
    whole = report()
    names = ["1286-SNV-VP.signed.pdf", "1286-SNV-VP.signed.pdf", "Phụ lục.signed.pdf"]
    assert [name for name, _ in whole.signed] == names
    assert [s["file"] for s in whole.to_dict()["signatures"]] == names
    for text in (whole.to_text(), whole.to_html()):
        assert text.count("Phụ lục.signed.pdf") >= 2


def test_the_packet_s_own_signature_has_no_file() -> None:
    one = report().signatures[-1]
    facts = good(packet_signatures=(replace(AGENCY, kind=SignatureKind.PACKET),))
    assert [f.name if f is not None else None for f, _ in facts.signed_files] == [FILE.name, FILE.name, None]
    sealed = replace(report(), signatures=(one,), signature_files=(None,))
    assert re.search(r"Tệp: +gói tin\n", sealed.to_text())
    assert sealed.to_dict()["signatures"][0]["file"] is None


def test_time_line() -> None:
    events = report().timeline
    assert [e.at for e in events] == sorted(e.at for e in events)
    assert all(e.at.utcoffset() is not None and e.at.isoformat().endswith("+07:00") for e in events)
    kinds = [e.kind.value for e in events]
    assert kinds.index("signed") < kinds.index("time_stamped") < kinds.index("sent") < kinds.index("received")
    assert kinds[-1] == "judged"
    assert {e.source for e in events if e.kind == "time_stamped"} == {"authority"}
    without = sample().context_object().model_copy(update={"sent_at": None})
    own = judge().timeline
    assert {e.source for e in own if e.kind == "sent"} == {"host"}
    traced = verifier().verify(sample().packet, at=sample().judged_at, context=without).timeline
    assert {e.source for e in traced if e.kind == "sent"} == {"trace"}


def test_revocation_sources_are_those_of_the_evidence() -> None:
    import hashlib

    whole = report()
    assert whole.evidence is not None
    kept = {hashlib.sha256(der).hexdigest() for der in (*whole.evidence.crls, *whole.evidence.ocsps)}
    assert whole.revocation
    assert {s.sha256 for s in whole.revocation} <= kept
    told = {c for s in whole.revocation for c in s.certificates}
    for signature in whole.signatures:
        assert {link.sha256 for link in signature.chain if link.revocation == "good"} <= told
    for source in whole.revocation:
        assert source.sha256 in whole.to_text()
        assert source.sha256 in whole.to_html()


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("tampered-pdf", Action.REFUSE),
        ("wrong-receiver", Action.REFUSE),
        ("sent-late", Action.ASK_SENDER),
        ("good", Action.KNOW),
    ],
)
def test_findings_by_what_to_do(name: str, action: Action) -> None:
    actions = report(name).actions
    assert actions[0][0] is action
    assert sum(len(found) for _, found in actions) == len(report(name).findings)
    assert action.label() in report(name).to_text()


def test_an_open_question_says_what_to_supply() -> None:
    text = judge(bindings=None, trust=None).to_text()
    assert Action.SUPPLY.label() in text
    assert "chưa cung cấp chứng thư gốc tin cậy nào" in text


def test_what_repeats_the_check_is_there() -> None:
    about = report().to_dict()
    SCHEMA.validate(json.loads(report().to_json()))
    assert about["library_version"]
    assert about["context"]["transport"] == "axis"
    assert len(about["trust"]["anchors"]) == 1 and len(about["trust"]["bindings"]) == 64
    assert about["pack"]["version"] == about["pack_version"]
    for part in (about["input"]["sha256"], *about["trust"]["anchors"], about["pack_version"]):
        assert part in report().to_text() and part in report().to_html()


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_pictures_of_pages_with_their_signatures() -> None:
    page = _Page(report().to_html())
    images = [a for t, a in page.tags if t == "img"]
    assert len(images) == 2
    for image in images:
        source = str(image["src"])
        assert source.startswith("data:image/png;base64,")
        png = base64.b64decode(source.partition(",")[2])
        width, height, depth, colour = struct.unpack(">IIBB", png[16:26])
        assert (width, height) == (int(str(image["width"])), int(str(image["height"])))
        data = png[png.index(b"IDAT") + 4 : png.rindex(b"IEND") - 8]
        rows = zlib.decompress(data)
        channels = {0: 1, 2: 3}[colour]
        assert depth == 8 and len(rows) == height * (1 + width * channels)
        assert len(set(rows)) > 10, "the page is not blank"
    marks = [str(a["style"]) for t, a in page.tags if t == "span" and str(a.get("class", "")).startswith("mark")]
    assert len(marks) == 3


def test_the_place_of_a_mark_is_that_of_the_signature() -> None:
    whole = report()
    first = thumbnails(whole.files, whole.signed, Limits())[0]
    box = whole.signatures[0].box
    assert box is not None
    mark = first.marks[0]
    assert mark.left == pytest.approx(100 * box[0] / 595.3, abs=0.6)
    assert mark.top == pytest.approx(100 * (841.9 - box[3]) / 841.9, abs=0.6)
    assert mark.width == pytest.approx(100 * (box[2] - box[0]) / 595.3, abs=0.6)


def test_pictures_are_bounded() -> None:
    whole = report()
    assert len(thumbnails(whole.files, whole.signed, Limits(thumbnails=1))) == 1
    assert thumbnails(whole.files, whole.signed, Limits(thumbnail_bytes=100)) == ()
    assert "<img" not in replace(whole, limits=Limits(thumbnails=0)).to_html()


def test_a_state_secret_is_never_drawn() -> None:
    for name in ("secret", "top-secret"):
        page = report(name).to_html()
        assert "<img" not in page
        assert all(f.content is None for f in report(name).files)


HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>\u202egnp.exe\u2066\x1b[31m{{7*7}}\u0000"


def hostile_report() -> Report:
    whole = report()
    assert whole.packet is not None
    packet = replace(
        whole.packet,
        subject=HOSTILE,
        signer=HOSTILE,
        number=HOSTILE,
        type_name=HOSTILE,
        issuer=Party(HOSTILE, HOSTILE),
        receivers=(Party(HOSTILE, HOSTILE),),
    )
    signature = whole.signatures[0]
    assert signature.signer is not None
    signer = replace(
        signature.signer, name=HOSTILE, units=(HOSTILE,), organisations=(HOSTILE,), issuer=HOSTILE, subject=HOSTILE
    )
    chain = tuple(replace(link, subject=HOSTILE) for link in signature.chain)
    finding = Finding(HOSTILE, Severity.FATAL, Location(HOSTILE, HOSTILE, HOSTILE), HOSTILE, HOSTILE)
    event = replace(whole.timeline[0], who=HOSTILE, file=HOSTILE, detail=HOSTILE)
    return replace(
        whole,
        input=replace(whole.input, name=HOSTILE),
        packet=packet,
        main=HOSTILE,
        signatures=(replace(signature, signer=signer, chain=chain, name=HOSTILE), *whole.signatures[1:]),
        signature_files=(HOSTILE, *whole.signature_files[1:]),
        files=tuple(replace(f, name=HOSTILE) for f in whole.files),
        findings=(finding,),
        timeline=(event,),
        context=whole.context.model_copy(update={"receiver_code": HOSTILE}),
        pack=replace(whole.pack, name=HOSTILE, source=HOSTILE),
        notices=((HOSTILE, HOSTILE),),
    )


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_hostile_text_stays_text(lang: str) -> None:
    hostile = hostile_report()
    page = hostile.to_html(lang)
    tags = _Page(page).tags
    assert not [t for t, _ in tags if t in {"script", "iframe", "object", "embed", "link", "base", "form", "a"}]
    assert all(str(a["src"]).startswith("data:image/png;base64,") for t, a in tags if t == "img")
    assert not [name for _, a in tags for name in a if name.startswith("on")]
    assert "&lt;script&gt;" in page and "49" not in re.findall(r"\{\{.*?\}\}", page)
    for text in (page, hostile.to_text(lang)):
        assert not set(text) & set("\u202e\u2066\x1b\x00")
    json.loads(hostile.to_json())


def test_the_page_allows_nothing_from_outside() -> None:
    page = report().to_html()
    assert "default-src 'none'" in page
    assert not re.findall(r"(?:src|href)=\"(?!data:)", page)
    assert "@page { size: A4" in page


def test_a_report_without_pictures_still_renders(monkeypatch: pytest.MonkeyPatch) -> None:
    from vn_edoc.validity import thumbnails as room

    def none(*_: Any, **__: Any) -> None:
        return None

    monkeypatch.setattr(room, "ask", none)
    assert "<img" not in report().to_html()


def test_what_several_signatures_share_is_said_once() -> None:
    bad = report("tampered-pdf")
    assert len({f.where for f in bad.findings if f.rule == "R08"}) == 2
    text = re.sub(r"\s+", " ", bad.to_text())
    said = next(f.message_vi for f in bad.findings if f.rule == "R08")
    # Once as the reason of each conclusion, once among the grounds.
    assert text.count(said) == 3 == re.sub(r"\s+", " ", unescape(bad.to_html())).count(said)
    assert "chữ ký Signature1 · trang 1; 1286-SNV-VP.signed.pdf · chữ ký Signature2 · trang 1" in text


@pytest.mark.parametrize("sub", list(SubIndication))
def test_a_sub_indication_is_told_in_words(sub: SubIndication) -> None:
    failed = replace(report().signatures[0], indication=Indication.INDETERMINATE, sub_indication=sub)
    told = {lang: seven_items(failed, lang).validity for lang in ("vi", "en")}
    for lang, verdict in (("vi", "CHƯA ĐỦ CĂN CỨ"), ("en", "UNDETERMINED")):
        if sub is SubIndication.CUSTOM:
            assert told[lang] == verdict
        else:
            assert re.fullmatch(rf"{verdict}: [^(]{{15,}} \({sub}\)", told[lang])
    assert "KHÔNG HỢP LỆ: nội dung đã bị thay đổi (HASH_FAILURE)" in report("tampered-pdf").to_html("vi")


def test_a_doubt_that_was_judged_is_for_a_person_to_weigh() -> None:
    """A weak digest of an old document cannot be supplied; a status of revocation can."""
    weak = report("older-law-sha1")
    groups = dict(weak.actions)
    assert "R22" in {f.rule for f in groups[Action.LOOK]}
    assert "R19" in {f.rule for f in dict(report("no-crl").actions)[Action.SUPPLY]}
    assert "R81" in {f.rule for f in dict(report("agency-not-bound").actions)[Action.SUPPLY]}


def test_of_a_file_that_was_written_anew_nothing_is_said_of_the_octets_signed(shared: Path) -> None:
    real = verify(shared / "signed" / "pdf-congbao-30-2020-nd-cp-recompressed.pdf")
    for one, rules in ((report("resaved"), ("R12",)), (real, ("R08", "R09", "R10", "R11", "R12"))):
        checks = {check.rule: check for check in one.checks}
        assert checks["R71"].outcome is Outcome.FAIL
        assert {checks[rule].outcome for rule in rules} == {Outcome.NOT_EVALUATED}
        assert checks["R12"].reason_vi == "tệp đã bị ghi lại sau khi ký (R71)"


def test_a_huge_value_does_not_fill_a_page() -> None:
    packet = sample().packet
    subject = re.search(rb"Subject>([^<]*)<", packet)
    assert subject is not None
    long = packet.replace(subject[1], "Rà soát ".encode() * 60_000)
    one = verifier().verify(long, at=sample().judged_at)
    for text in (one.to_text(), one.to_html(), one.to_sarif(), one.to_junit()):
        assert len(text) < 300_000
    assert "ký tự)" in one.to_text()
    assert len(one.to_pdf()) < 1_000_000


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_status_packet_says_what_it_answers_and_why(lang: str) -> None:
    one = report("status-02")
    assert one.packet is not None and (one.packet.answers, one.packet.status_code) == ("1286/SNV-VP", "02")
    said = {"vi": ("không có kết luận", "02: từ chối tiếp nhận"), "en": ("there is no conclusion", "02: ")}[lang]
    for text in (one.to_text(lang), one.to_html(lang)):
        flat = " ".join(text.split())
        assert all(part in flat for part in (*said, "1286/SNV-VP", "bị sửa sau khi ký số"))
    outcomes = {c.rule: c.outcome for c in one.checks}
    assert {outcomes[r] for r in ("R44", "R49", "R51", "R68")} == {Outcome.NOT_APPLICABLE}


def test_signatures_of_a_secret_are_not_said_to_be_absent() -> None:
    one = report("secret")
    assert one.stopped and not report("good").stopped
    for text in (one.to_text("vi"), one.to_html("vi")):
        assert "không kiểm tra (dừng vì R01)" in text
        assert "R37" not in text, "the rules that nobody asked are not listed one by one"
    assert one.to_pdf()
