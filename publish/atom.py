"""News as an Atom feed (RFC 4287): one entry for each change, with an id that stays the same in every feed that holds it.

The feed depends on the database alone: the same content gives the same bytes.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

Json = dict[str, Any]
EPOCH = "1970-01-01T00:00:00Z"
KINDS = {
    "new_works": "new work",
    "new_full_texts": "new full text",
    "new_institutions": "new institution",
    "new_countries": "new country",
    "new_decisions": "decision",
    "corrected": "corrected decision",
    "corrected_places": "reviewed affiliation",
    "withdrawn": "withdrawn",
    "returned": "shown again",
}


def as_atom(news: Json, link: str | None = None) -> str:
    """The news of a dataset as a feed; ``link`` is the address of its page, where it has one."""
    slug = news["dataset"]
    entries = [(kind, entry) for kind in KINDS for entry in news[kind]]
    entries.sort(key=lambda pair: (pair[1]["at"], _id(slug, *pair)), reverse=True)
    updated = max((entry["at"] for _, entry in entries), default=news["as_of"] or EPOCH)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"  <id>{_uri(slug, 'news')}</id>",
        f"  <title>{_text(slug)}: where it was used</title>",
        f"  <updated>{updated}</updated>",
        "  <author><name>whereused</name></author>",
        *([f"  <link rel={quoteattr('alternate')} href={quoteattr(_clean(link))}/>"] if link else []),
    ]
    for kind, entry in entries:
        lines += [
            "  <entry>",
            f"    <id>{_id(slug, kind, entry)}</id>",
            f"    <title>{_text(f'{KINDS[kind]}: {_name(entry)}')}</title>",
            f"    <updated>{entry['at']}</updated>",
            f"    <category term={quoteattr(kind)}/>",
            f'    <content type="text">{_text(_content(entry))}</content>',
            *_link(entry, link),
            "  </entry>",
        ]
    return "\n".join([*lines, "</feed>", ""])


def _link(entry: Json, page: str | None) -> list[str]:
    """A work's own page; an entry without one has the dataset's."""
    scheme, _, value = str(entry.get("id", "")).partition(":")
    known = {"doi": "https://doi.org/", "arxiv": "https://arxiv.org/abs/", "s2": "https://www.semanticscholar.org/paper/"}
    href = f"{known[scheme]}{quote(value, safe='/:;()')}" if scheme in known else value if scheme == "url" else page
    return [f"    <link rel={quoteattr('alternate')} href={quoteattr(_clean(href))}/>"] if href else []


def _name(entry: Json) -> str:
    if "title" in entry:
        return (entry["title"] or "untitled") + (f" ({entry['year']})" if entry["year"] else "")
    return str(entry.get("affiliation") or entry.get("name"))


def _content(entry: Json) -> str:
    """The facts in one line."""
    told = {name: value for name, value in entry.items() if name not in ("title", "at", "affiliation") and value is not None}
    return "; ".join(f"{name.replace('_', ' ')}: {value}" for name, value in told.items())


def _id(slug: str, kind: str, entry: Json) -> str:
    what = entry.get("id") or entry.get("affiliation") or entry.get("name")
    return _uri(slug, kind, str(what), entry["at"])


def _uri(*parts: str) -> str:
    """A URN (RFC 8141) of these parts: only letters and digits that need no escape."""
    return "urn:whereused:" + ":".join(quote(part, safe="") for part in parts)


def _text(text: str) -> str:
    return escape(_clean(text))


def _clean(text: str) -> str:
    """Without what XML may not hold."""
    return "".join(c for c in text if c in "\t\n" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff")
