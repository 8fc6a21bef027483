"""A second canonicaliser, written from the W3C texts alone, slow and plain: node by node, prefix by prefix."""

from __future__ import annotations

from lxml import etree

from vn_edoc.xml.c14n import Canonicalization

XML = "http://www.w3.org/XML/1998/namespace"


def declared(element: etree._Element) -> dict[str, str]:
    found = {}
    for event, item in etree.iterwalk(element, events=("start-ns", "start")):
        if event == "start":
            return found
        found[item[0]] = item[1]
    return found


def in_scope(element: etree._Element) -> dict[str, str]:
    scope: dict[str, str] = {}
    for ancestor in [*reversed(list(element.iterancestors())), element]:
        scope.update(declared(ancestor))
    return {prefix: uri for prefix, uri in scope.items() if uri}


def attributes(element: etree._Element) -> list[tuple[str, str, str, str]]:
    """Namespace, local name, prefix, value."""
    out = []
    for number in range(1, int(element.xpath("count(@*)")) + 1):
        uri, local, name = (str(element.xpath(f"{f}(@*[{number}])")) for f in ("namespace-uri", "local-name", "name"))
        out.append(
            (uri, local, name.partition(":")[0] if ":" in name else "", str(element.xpath(f"string(@*[{number}])")))
        )
    return out


def reference(
    top: etree._Element, method: Canonicalization, prefixes: tuple[str, ...], without: etree._Element | None
) -> bytes:
    return _element(top, top, method, {("" if p == "#default" else p) for p in prefixes}, without, {}).encode()


def _element(
    element: etree._Element,
    top: etree._Element,
    method: Canonicalization,
    listed: set[str],
    without: etree._Element | None,
    rendered: dict[str, str],
) -> str:
    if element is without:
        return ""
    scope = in_scope(element)
    rows = attributes(element)
    if method.exclusive:
        used = {element.prefix or ""} | {prefix for _, _, prefix, _ in rows if prefix}
        relevant = used | listed
    else:
        relevant = set(scope) | {""}
        if element is top:
            for ancestor in element.iterancestors():
                for row in attributes(ancestor):
                    if row[0] == XML and not any(r[0] == XML and r[1] == row[1] for r in rows):
                        rows.append(row)
    now = dict(rendered)
    shown = []
    for prefix in sorted(relevant):
        if prefix == "xml":
            continue
        uri = scope.get(prefix, "")
        if rendered.get(prefix, "") == uri:
            continue
        if not uri and prefix:
            continue
        now[prefix] = uri
        shown.append(f' xmlns:{prefix}="{_value(uri)}"' if prefix else f' xmlns="{_value(uri)}"')
    rows.sort(key=lambda r: (r[0], r[1]))
    for _uri, local, prefix, value in rows:
        shown.append(f' {prefix + ":" if prefix else ""}{local}="{_value(value)}"')
    local = etree.QName(element).localname
    name = f"{element.prefix}:{local}" if element.prefix else local
    out = [f"<{name}{''.join(shown)}>", _text(element.text)]
    for child in element:
        if isinstance(child, etree._Comment):
            out.append(f"<!--{child.text}-->" if method.comments else "")
        elif isinstance(child, etree._ProcessingInstruction):
            out.append(f"<?{child.target} {child.text}?>" if child.text else f"<?{child.target}?>")
        else:
            out.append(_element(child, top, method, listed, without, now))
        out.append(_text(child.tail))
    out.append(f"</{name}>")
    return "".join(out)


def _text(text: str | None) -> str:
    text = text or ""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#xD;")


def _value(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return text.replace("\t", "&#x9;").replace("\n", "&#xA;").replace("\r", "&#xD;")
