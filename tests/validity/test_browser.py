"""The HTML report in a browser: nothing stands out of the page at any width, every text can be told from its ground."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from dataclasses import replace
from html import unescape
from typing import Any

import pytest

from tests.validity.judged import report
from tests.validity.test_report import hostile_report
from vn_edoc.validity import Report
from vn_edoc.validity.facts import Party

WIDTHS = (320, 390, 768, 1280)
NAMES = (
    "good",
    "tampered-pdf",
    "no-trust",
    "no-signature",
    "another-agency",
    "secret",
    "status-03",
    "doctype",
    "sealed",
)

MEASURE = """
const out = [];
const luminance = ([r, g, b]) => {
  const f = v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  return 0.2126 * f(r) + 0.7152 * f(g) + 0.0722 * f(b);
};
const numbers = text => text.match(/[\\d.]+/g).map(Number);
const measure = frame => {
  const page = frame.contentDocument, window = frame.contentWindow, width = +frame.width;
  const said = { name: frame.dataset.name, width, out: [], faint: [], texts: 0 };
  said.scroll = page.documentElement.scrollWidth;
  said.active = page.querySelectorAll("script,iframe,object,embed,form,a,[onerror],[onload],[onclick]").length;
  const walker = page.createTreeWalker(page.body, 4);
  while (walker.nextNode()) {
    const node = walker.currentNode, element = node.parentElement;
    if (!node.data.trim()) continue;
    said.texts++;
    const range = page.createRange();
    range.selectNodeContents(node);
    // The last edge that something of the text may reach: that of the box it stands in.
    const room = element.closest("td,th,li,p,div,section,main,figure").getBoundingClientRect();
    for (const box of range.getClientRects())
      if (box.right > room.right + 1 || box.right > width || box.left < 0) said.out.push(node.data.slice(0, 60));
    if (element.closest(".mark")) continue;
    let ground = element;
    while (ground && numbers(window.getComputedStyle(ground).backgroundColor)[3] === 0) ground = ground.parentElement;
    const back = ground ? numbers(window.getComputedStyle(ground).backgroundColor) : [255, 255, 255];
    const both = [luminance(numbers(window.getComputedStyle(element).color)), luminance(back)].sort((a, b) => b - a);
    if ((both[0] + 0.05) / (both[1] + 0.05) < 4.5) said.faint.push(node.data.slice(0, 60));
  }
  out.push(said);
};
window.onload = () => {
  document.querySelectorAll("iframe").forEach(measure);
  document.body.innerHTML = "<pre></pre>";
  document.querySelector("pre").textContent = "measured " + JSON.stringify(out);
};
"""


def _long() -> Report:
    """Words without a blank, longer than a line of any width."""
    one = hostile_report()
    word = "a1" * 300
    assert one.packet is not None
    packet = replace(one.packet, subject=word, issuer=Party(word, word), notation=word)
    return replace(one, packet=packet, main=word, notices=((word, word),), input=replace(one.input, name=word))


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        pytest.skip("chromium is not installed")
    folder = tmp_path_factory.mktemp("browser")
    pages = {f"{name} {lang}": report(name).to_html(lang) for name in NAMES for lang in ("vi", "en")}
    pages |= {"hostile": hostile_report().to_html(), "long": _long().to_html()}
    frames = "".join(
        f'<iframe data-name="{name}" width="{width}" height="900" srcdoc="{html.escape(page)}"></iframe>'
        for name, page in pages.items()
        for width in WIDTHS
    )
    (folder / "all.html").write_text(f"<meta charset=utf-8><script>{MEASURE}</script>{frames}", encoding="utf-8")
    options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=20000", "--dump-dom"]
    run = subprocess.run(
        [browser, *options, f"--user-data-dir={folder / 'profile'}", (folder / "all.html").as_uri()],
        capture_output=True,
        text=True,
        timeout=180,
        check=True,
    )
    found = re.search(r"measured (\[.*\])", run.stdout, re.DOTALL)
    assert found is not None, run.stdout[:2000]
    rows: list[dict[str, Any]] = json.loads(unescape(found[1]))
    assert len(rows) == len(pages) * len(WIDTHS) and all(row["texts"] > 20 for row in rows)
    return rows


def test_nothing_stands_out_of_the_page(measured: list[dict[str, Any]]) -> None:
    assert not [(row["name"], row["width"], row["scroll"]) for row in measured if row["scroll"] > row["width"]]
    assert not [(row["name"], row["width"], row["out"][:3]) for row in measured if row["out"]]


def test_every_text_can_be_told_from_its_ground(measured: list[dict[str, Any]]) -> None:
    """WCAG 2.2, 1.4.3: a contrast of 4.5 to 1."""
    assert not [(row["name"], row["width"], row["faint"][:3]) for row in measured if row["faint"]]


def test_no_text_becomes_an_element_that_acts(measured: list[dict[str, Any]]) -> None:
    assert {row["active"] for row in measured} == {0}
