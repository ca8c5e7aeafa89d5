"""Saved pages of Google Patents: server-side HTML with microdata.

Native text carries ``load-source="patent-office"``.  Machine-translated text carries ``load-source="google"``: each sentence is a
``span.notranslate`` with the original in ``span.google-src-text`` and the translation beside it; the two are kept apart here.
Consent, captcha and error pages come with status 200 too, so a page without a publication number is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html

from crawler.patents.records import Patent, Segment, iso_date, normal_number, parties_of
from db.patents import PatentFacts

PROVIDER = "google_patents"
MAX_BYTES = 60_000_000
_BLOCKS = {"p", "li", "claim", "claim-text", "div", "heading", "tr", "ul", "ol", "table", "abstract"}
_CHALLENGE = ("captcha", "unusual traffic", "consent.google", "before you continue")
_MEMBERS = ("docdbFamily", "directAssociations")


class NotAPatentError(ValueError):
    """The page holds no patent; the message says in a few words what it seems to be."""


def is_patent_page(head: str) -> bool:
    """Whether a text looks like such a page, without parsing it."""
    return 'itemprop="publicationNumber"' in head


def parse_page(text: str) -> Patent:
    """The patent of a saved page; NotAPatentError where it is another page.

    https://patents.google.com/patent/US7654321B2/en shows the microdata; there is no documentation of it.
    """
    if not is_patent_page(text):
        raise NotAPatentError(_what_else(text))
    try:
        root = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text), parser=html.HTMLParser(huge_tree=True, encoding=None))
    except etree.ParserError as error:  # a closing tag alone
        raise NotAPatentError("no element in the page") from error
    number = normal_number(next((_text(node) for node in root.xpath("//dd[@itemprop='publicationNumber']")), None))
    if number is None:
        raise NotAPatentError("no publication number among the facts of the page")
    claims, description = _segments(root, "claims"), _segments(root, "description")
    npl = _npl(root)
    return Patent(
        number,
        PROVIDER,
        title=_title(root),
        abstract=_abstract(root),
        publication_date=_time(root, "publicationDate"),
        facts=PatentFacts(
            docdb_family_id=_family_id(root),
            priority_date=_time(root, "priorityDate"),
            filing_date=_time(root, "filingDate"),
            language=_language(root),
            parties=(
                *parties_of("assignee", _facts(root, "assigneeOriginal")),
                *parties_of("current assignee", _facts(root, "assigneeCurrent")),
                *parties_of("inventor", _facts(root, "inventor")),
            ),
            members=_members(root, number),
            npl=npl,
        ),
        segments=(
            *_segments(root, "abstract"), *claims, *description,
            *(Segment(entry, f"non-patent citation {at}", in_references=True) for at, entry in enumerate(npl, 1)),
        ),
    )  # fmt: skip


def _what_else(text: str) -> str:
    low = text.casefold()
    signs = (
        ("a captcha or consent page, no patent; open it in a browser and save it again", _CHALLENGE),
        ("an error page, no patent", ("error 404", "error 403", "error 429", "error 503", "that’s an error")),
        ("a search page without results in it; save the page of a patent instead", ("<search-app", "search-app.html")),
    )  # fmt: skip
    return next(
        (what for what, words in signs if any(word in low for word in words)), "no page of a patent (it names no publication number)"
    )


# ---------------------------------------------------------------- facts


def _text(node: html.HtmlElement) -> str:
    return " ".join(str(node.text_content()).split())


def _facts(root: html.HtmlElement, name: str) -> list[str]:
    """Values of the facts in the head section; cells of the tables have the same names."""
    return [_text(node) for node in root.xpath("//dd[@itemprop=$name]", name=name)]


def _time(root: html.HtmlElement, name: str) -> str | None:
    values = root.xpath("//time[@itemprop=$name]/@datetime", name=name)
    return iso_date(values[0]) if values else None


def _title(root: html.HtmlElement) -> str | None:
    metas = root.xpath("//meta[@name='DC.title']/@content")
    if metas:
        return " ".join(metas[0].split()) or None
    heads = [_text(node) for node in root.xpath("//span[@itemprop='title'][not(ancestor::table)][not(ancestor::tr)]")]
    if heads:
        return heads[0] or None
    page = [_text(node) for node in root.xpath("//h1[@itemprop='pageTitle']")]
    return re.sub(r"^\S+ - | - Google Patents$", "", page[0]) if page else None


def _language(root: html.HtmlElement) -> str | None:
    translated = root.xpath("//*[@itemprop='translatedLanguage']")
    if translated:
        return _text(translated[0]) or None
    codes = root.xpath("//*[@load-source='patent-office']/@lang")
    return {"EN": "English", "ZH": "Chinese", "JA": "Japanese", "KO": "Korean", "DE": "German", "FR": "French"}.get(
        str(codes[0]).upper() if codes else ""
    )


def _family_id(root: html.HtmlElement) -> str | None:
    for node in root.xpath("//section[@itemprop='family']//h2"):
        if found := re.fullmatch(r"ID=(\d+)", _text(node)):
            return found[1]
    return None


def _members(root: html.HtmlElement, own: str) -> tuple[str, ...]:
    nodes = (node for name in _MEMBERS for node in root.xpath("//*[@itemprop=$name]//*[@itemprop='publicationNumber']", name=name))
    found = (normal_number(_text(node)) for node in nodes)
    return tuple(dict.fromkeys(number for number in found if number and number != own))


def _npl(root: html.HtmlElement) -> tuple[str, ...]:
    rows = root.xpath("//tr[@itemprop='detailedNonPatentLiterature']//*[@itemprop='title']")
    return tuple(dict.fromkeys(entry for node in rows if (entry := _text(node))))


# ---------------------------------------------------------------- text


def _abstract(root: html.HtmlElement) -> str | None:
    """The abstract as the patent prints it; the translation of a translated one stands in the passages."""
    return " ".join(segment.text for segment in _segments(root, "abstract")) or None


def _segments(root: html.HtmlElement, section: str) -> tuple[Segment, ...]:
    found: list[Segment] = []
    for node in root.xpath("//section[@itemprop=$name]//*[@itemprop='content']", name=section):
        found += _walk(node, section, None)
    return tuple(found)


def _walk(node: html.HtmlElement, section: str, label: str | None) -> Iterator[Segment]:
    """Text in the order of the page: one segment for each paragraph, for each sentence where it is translated."""
    label = _label(node, section) or label
    pieces: list[str] = [node.text or ""]

    def closed() -> Iterator[Segment]:
        text = "".join(pieces).strip()
        pieces.clear()
        if text and (len(text) > 1 or text.isalnum()):
            yield Segment(text, label or section)

    for child in node:
        if not isinstance(child.tag, str) or child.tag in ("script", "style", "para-num", "aside"):
            pass
        elif "notranslate" in (child.get("class") or "").split():
            yield from closed()
            yield from _pair(child, label or section)
        elif child.tag == "br":
            pieces.append("\n")
        elif child.tag in _BLOCKS or any(inner.tag in _BLOCKS or inner.get("class") == "notranslate" for inner in child.iter()):
            yield from closed()
            yield from _walk(child, section, label)
        else:
            pieces.append(_with_breaks(child))
        pieces.append(child.tail or "")
    yield from closed()


def _pair(node: html.HtmlElement, label: str) -> Iterator[Segment]:
    sources = node.xpath(".//*[contains(concat(' ', @class, ' '), ' google-src-text ')]")
    original = "".join(_with_breaks(source) for source in sources).strip()
    translation = " ".join("".join(node.xpath(".//text()[not(ancestor::*[contains(@class, 'google-src-text')])]")).split())
    if original or translation:
        yield Segment(original or translation, label, translation if original and translation else None)


def _with_breaks(node: html.HtmlElement) -> str:
    return (
        "".join("\n" if n.tag == "br" else "" for n in (node,))
        + (node.text or "")
        + "".join(("" if not isinstance(child.tag, str) else _with_breaks(child)) + (child.tail or "") for child in node)
    )


def _label(node: html.HtmlElement, section: str) -> str | None:
    """Such as "claim 3" or "description, paragraph 0045"."""
    num = node.get("num") or ""
    digits = re.sub(r"^\D+", "", num)
    if not digits.isdigit():
        return None
    if section == "claims":
        return f"claim {int(digits)}"
    return f"{section}, paragraph {digits.zfill(4)}"
