"""RIS, BibTeX and CSL-JSON: the only exports that name authors, for reference managers."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from db.queries.records import Version, Work
from publish.rules import cites, link_of_work, tidy


def _authors(version: Version) -> list[str]:
    return [name for author in version.authors if (name := tidy(author))]


def _is_conference(version: Version) -> bool:
    return any("conference" in kind.casefold() for kind in version.publication_types) or bool(
        re.match(r"(proc\.|proceedings|.*\bconference\b|.*\bworkshops?\b|.*\bsymposium\b)", version.venue or "", re.IGNORECASE)
    )


def _note(work: Work, attributions: Mapping[str, str]) -> str:
    """What is known of the use, and the licence sentence of each provider."""
    verdict = ("cites the dataset" if cites(work) else "listed by an import") + "; use not verified"
    if work.decision:
        verdict = f"final decision: {work.decision.label}"
        verdict += f" ({', '.join(work.decision.purposes)})" if work.decision.purposes else ""
        verdict += f", {work.decision.at[:10]}, {work.decision.reason}"
    credits = sorted({attributions[found.provider] for found in work.found if found.provider in attributions})
    return " ".join([f"whereused {work.dataset}: {verdict}.", *credits])


# ---------------------------------------------------------------- RIS


def as_ris(works: Iterable[Work], attributions: Mapping[str, str]) -> Iterable[str]:
    """One reference a work (https://en.wikipedia.org/wiki/RIS_(file_format)), written by rispy."""
    import rispy

    for work in works:
        numbered = rispy.dumps([_ris(work, attributions)])
        yield numbered.removeprefix("1.\n").strip("\n") + "\n\n"  # the counter is no part of the format


def _ris(work: Work, attributions: Mapping[str, str]) -> dict[str, Any]:
    shown = work.preferred
    kind = {"patent": "PAT", "other": "GEN"}.get(shown.kind) or ("CPAPER" if _is_conference(shown) else "JOUR")
    link = link_of_work(work)
    fields: dict[str, Any] = {
        "type_of_reference": kind,
        "title": tidy(shown.title),
        "authors": _authors(shown),
        "year": str(shown.year) if shown.year else None,
        "secondary_title" if kind == "CPAPER" else "journal_name": tidy(shown.venue),
        "number": shown.ids.get("publication_number"),
        "doi": shown.ids.get("doi"),
        "urls": [link.replace(";", "%3B")] if link else [],
        "keywords": [work.dataset],
        "notes": [_note(work, attributions)],
        "id": work.id,
    }
    return {name: value for name, value in fields.items() if value}


# ---------------------------------------------------------------- CSL-JSON


def as_csl(works: Iterable[Work], attributions: Mapping[str, str]) -> Iterable[str]:
    """One JSON list (https://docs.citationstyles.org/en/stable/specification.html#appendix-iv-variables), an item a line."""
    yield "["
    comma = "\n"
    for work in works:
        yield comma + json.dumps(_csl(work, attributions), ensure_ascii=False)
        comma = ",\n"
    yield "\n]\n"


def _csl(work: Work, attributions: Mapping[str, str]) -> dict[str, Any]:
    shown = work.preferred
    kind = {"patent": "patent", "other": "document"}.get(shown.kind) or ("paper-conference" if _is_conference(shown) else "article-journal")
    fields: dict[str, Any] = {
        "id": work.id,
        "type": kind,
        "title": tidy(shown.title),
        "author": [_csl_name(name) for name in _authors(shown)],
        "issued": {"date-parts": [[shown.year]]} if shown.year else None,
        "container-title": tidy(shown.venue),
        "number": shown.ids.get("publication_number"),
        "DOI": shown.ids.get("doi"),
        "URL": link_of_work(work),
        "keyword": work.dataset,
        "note": _note(work, attributions),
    }
    return {name: value for name, value in fields.items() if value}


def _csl_name(name: str) -> dict[str, str]:
    """Family and given names only where the comma tells them apart; guessing would be wrong for half of the world."""
    family, comma, given = name.partition(",")
    return {"family": family.strip(), "given": given.strip()} if comma and given.strip() else {"literal": name}


# ---------------------------------------------------------------- BibTeX

_ESCAPED = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
}  # fmt: skip


def escape(text: str) -> str:
    """Text for a braced field: TeX's special characters escaped, everything else stays Unicode."""
    return "".join(_ESCAPED.get(character, character) for character in text)


def as_bibtex(works: Iterable[Work], attributions: Mapping[str, str]) -> Iterable[str]:
    """One entry a work, written by bibtexparser (https://bibtexparser.readthedocs.io/en/main/); keys are unique."""
    from bibtexparser.entrypoint import write_string
    from bibtexparser.library import Library
    from bibtexparser.model import Entry, Field

    met: Counter[str] = Counter()
    for work in works:
        key = _key(work)
        met[key] += 1
        unique = f"{key}-{met[key]}" if met[key] > 1 else key  # no other key has a hyphen
        fields = [Field(name, value) for name, value in _bibtex(work, attributions).items() if value]
        yield write_string(Library([Entry(_entry_type(work.preferred), unique, fields)])).strip("\n") + "\n\n"


def _entry_type(version: Version) -> str:
    if version.kind != "paper":
        return "misc"
    return "inproceedings" if _is_conference(version) else "article" if version.venue else "misc"


def _bibtex(work: Work, attributions: Mapping[str, str]) -> dict[str, str | None]:
    shown = work.preferred
    kind = _entry_type(shown)
    venue = escape(tidy(shown.venue) or "")
    link, number = link_of_work(work), shown.ids.get("publication_number")
    return {
        "title": "{" + escape(tidy(shown.title) or "") + "}" if shown.title else None,
        "author": " and ".join("{" + escape(name) + "}" if " and " in name else escape(name) for name in _authors(shown)),
        "year": str(shown.year) if shown.year else None,
        {"article": "journal", "inproceedings": "booktitle"}.get(kind, "howpublished"): f"Patent {number}" if number else venue,
        "doi": _verbatim(shown.ids.get("doi")),
        "eprint": shown.ids.get("arxiv"),
        "archiveprefix": "arXiv" if "arxiv" in shown.ids else None,
        "url": _verbatim(link),
        "keywords": escape(work.dataset),
        "note": escape(_note(work, attributions)),
    }


def _verbatim(text: str | None) -> str | None:
    """DOIs and addresses are read verbatim; only a brace would end the field."""
    return text.replace("{", "%7B").replace("}", "%7D") if text else None


def ascii_word(text: str) -> str:
    """The letters and digits of a word as a key holds them."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", plain.lower())


def _key(work: Work) -> str:
    """First author's surname, year, first long word of the title, in ASCII."""
    shown = work.preferred
    name = next(iter(_authors(shown)), "")
    surname = name.split(",")[0] if "," in name else name.rsplit(" ", 1)[-1]
    word = next((w for w in map(ascii_word, (tidy(shown.title) or "").split()) if len(w) > 3), "")
    return f"{ascii_word(surname) or 'anon'}{shown.year or ''}{word[:20]}"
