"""Works and labels in the files of other screening tools, so that a team can screen there and come back.

ASReview (https://asreview.readthedocs.io/en/stable/lab/data.html): CSV with ``included`` 1 or 0, empty for unseen; its
own exports have ``asreview_label`` and ``asreview_note``; RIS with the note ASReview_relevant, ASReview_irrelevant or
ASReview_not_seen.  Rayyan (https://help.rayyan.ai, "Understanding Your Rayyan Export Files"): CSV whose column ``notes``
holds ``RAYYAN-INCLUSION: {"name"=>"Included"} | RAYYAN-LABELS: … | USER-NOTES: {"name"=>["…"]}``.
These tools know in and out only: in is ``used``, out ``not_used``; our own word travels in a note and comes back from it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

from db.decisions import Verdict
from db.errors import UsageError
from db.identity import SCHEMES, canonical
from db.labels import ScreenedWork

FORMATS = ("ris", "asreview", "rayyan")
_OURS = re.compile(r"whereused:\s*(\w+)((?:\s+(?:train|validate|test|derive|embodiment)\b)*)")
_ASREVIEW = {"ASReview_relevant": "used", "ASReview_irrelevant": "not_used"}
_RAYYAN = {"included": "used", "excluded": "not_used", "maybe": "unsure"}
_MEMBERS = re.compile(r'"((?:[^"\\]|\\.)*)"\s*=>\s*(?:"((?:[^"\\]|\\.)*)"|\[((?:[^\]"]|"(?:[^"\\]|\\.)*")*)\])')
_PART = re.compile(
    r"(RAYYAN-INCLUSION|RAYYAN-LABELS|RAYYAN-EXCLUSION-REASONS|USER-NOTES):\s*(.*?)(?=\s*\|\s*(?:RAYYAN-|USER-NOTES)|$)", re.S
)
_FORMULA = ("=", "+", "-", "@", "\t")


def write_foreign(kind: str, works: Iterable[ScreenedWork], reviewer: str) -> str:
    """All works in the format of another tool; those without a label are unseen there.  ``reviewer`` is the pseudonym."""
    if kind == "ris":
        return _ris(works)
    rows = [_asreview_row(work) if kind == "asreview" else _rayyan_row(number, work, reviewer) for number, work in enumerate(works, 1)]
    out = io.StringIO()
    names = list(rows[0]) if rows else ["title"]
    writer = csv.DictWriter(out, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _guarded(value) for name, value in row.items()} for row in rows)
    return out.getvalue()


def _guarded(value: Any) -> Any:
    """A spreadsheet would run a cell that begins like a formula."""
    return "'" + value if isinstance(value, str) and value.startswith(_FORMULA) else value


def _id(work: ScreenedWork) -> str:
    return next((f"{scheme}:{value}" for scheme, value in work.ids), "")


def _value(work: ScreenedWork, scheme: str) -> str:
    return next((value for name, value in work.ids if name == scheme), "")


def _url(work: ScreenedWork) -> str:
    doi, arxiv = _value(work, "doi"), _value(work, "arxiv")
    return f"https://doi.org/{doi}" if doi else f"https://arxiv.org/abs/{arxiv}" if arxiv else _value(work, "url")


def _ours(verdict: Verdict) -> str:
    return " ".join(["whereused:", verdict.label, *verdict.purposes]) + (f"; {verdict.note}" if verdict.note else "")


def _included(verdict: Verdict | None) -> str:
    return "" if verdict is None or verdict.label in ("unsure", "no_access") else str(int(verdict.label == "used"))


def _asreview_row(work: ScreenedWork) -> dict[str, Any]:
    return {
        "title": work.title or "",
        "abstract": work.abstract or "",
        "year": work.year or "",
        "journal": work.venue or "",
        "doi": _value(work, "doi"),
        "url": _url(work),
        "included": _included(work.verdict),
        "notes": _ours(work.verdict) if work.verdict else "",
        "whereused_id": _id(work),
    }


def _rayyan_row(number: int, work: ScreenedWork, reviewer: str) -> dict[str, Any]:
    words = {"used": "Included", "unsure": "Maybe", "no_access": "Maybe"}
    notes = f"whereused-id: {_id(work)}"
    if work.verdict:
        inclusion = words.get(work.verdict.label, "Excluded")
        notes += f' | RAYYAN-INCLUSION: {{"{reviewer}"=>"{inclusion}"}} | RAYYAN-LABELS: {_ours(work.verdict)}'
    cells = {"key": number, "title": work.title or "", "year": work.year or "", "month": "", "day": "", "journal": work.venue or ""}
    empty = dict.fromkeys(("issn", "volume", "issue", "pages"), "")
    authors = " and ".join(work.authors)
    tail = {"authors": authors, "url": _url(work), "language": "", "publisher": "", "location": "", "abstract": work.abstract or ""}
    return {**cells, **empty, **tail, "notes": notes}


def _ris(works: Iterable[ScreenedWork]) -> str:
    import rispy

    entries = []
    for work in works:
        label = _included(work.verdict)
        state = {"1": "ASReview_relevant", "0": "ASReview_irrelevant"}.get(label, "ASReview_not_seen")
        notes = [state, *([_ours(work.verdict)] if work.verdict else [])]
        entry = {"type_of_reference": "GEN", "title": work.title or "", "authors": list(work.authors), "abstract": work.abstract or ""}
        entry |= {"year": str(work.year or ""), "journal_name": work.venue or "", "doi": _value(work, "doi"), "urls": [_url(work)]}
        entries.append(
            {
                name: value
                for name, value in (entry | {"notes": notes, "accession_number": _id(work)}).items()
                if value not in ("", [""], [])
            }
        )
    return str(rispy.dumps(entries))


# ---------------------------------------------------------------- and back


def read_foreign(kind: str, text: str, member: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """(number, row) as our own label files have them; entries that nobody judged are left out.

    ``member``: whose verdict counts where a file of Rayyan holds those of several.
    """
    if kind == "ris":
        yield from _ris_rows(text)
        return
    reader = csv.DictReader(io.StringIO(text, newline=""))
    for cells in reader:
        row = _asreview_label(cells) if kind == "asreview" else _rayyan_label(cells, member)
        if row:
            known = (cells.get("whereused_id") or _noted_id(cells.get("notes")), cells.get("doi"), cells.get("url"))
            yield reader.line_num, {**row, **_named(cells.get("title"), cells.get("year"), known)}


def kind_of_csv(header: Iterable[str]) -> str | None:
    """Which tool wrote a CSV, from its column names; None: ours."""
    names = set(header)
    if "label" in names and not names & {"asreview_label", "included"}:
        return None
    if names & {"asreview_label", "included", "label_included"}:
        return "asreview"
    return "rayyan" if {"key", "notes"} <= names else None


def _named(title: str | None, year: str | None, known: Iterable[str | None]) -> dict[str, Any]:
    ids: dict[str, str] = {}
    for text in known:
        scheme, _, value = (text or "").partition(":")
        for name, form in ((scheme, value), ("doi", text or ""), ("arxiv", text or "")):
            if name in SCHEMES and name not in ids and form and (good := canonical(name, form)):
                ids[name] = good
                break
    digits = re.match(r"\d{4}", year or "")
    return {"ids": ids, "title": title, "year": int(digits.group()) if digits else None, "by_title": True}


def _noted_id(notes: str | None) -> str | None:
    found = re.search(r"whereused-id:\s*(\S+)", notes or "")
    return found.group(1) if found else None


def _verdict(tool: str | None, note: str | None) -> dict[str, Any] | None:
    """The tool's word counts; ours says more, where it means the same."""
    ours = _OURS.search(note or "")
    plain = _OURS.sub("", note or "").strip(" ;|") or None
    if tool is None:
        return None
    if ours and (ours.group(1) == "used") == (tool == "used") and (tool != "unsure" or ours.group(1) in ("unsure", "no_access")):
        return {"label": ours.group(1), "purposes": ours.group(2).split() if ours.group(1) == "used" else [], "note": plain}
    return {"label": tool, "note": plain}


def _asreview_label(cells: dict[str, Any]) -> dict[str, Any] | None:
    for name in ("asreview_label", "included", "label_included"):
        value = (cells.get(name) or "").strip()
        if value in ("1", "1.0", "0", "0.0"):
            notes = " ".join(filter(None, (cells.get("asreview_note"), cells.get("notes"))))
            return _verdict("used" if value.startswith("1") else "not_used", notes)
    return None


def _rayyan_label(cells: dict[str, Any], member: str) -> dict[str, Any] | None:
    parts = dict(_PART.findall(cells.get("notes") or ""))
    said = {name: word for name, word, _ in _MEMBERS.findall(parts.get("RAYYAN-INCLUSION", ""))}
    if not said:
        return None
    name = next((name for name in said if name.casefold() == member.casefold()), next(iter(said)) if len(said) == 1 else None)
    if name is None:
        return {"error": f"has verdicts of {', '.join(sorted(said))}; --reviewer must be one of them"}
    own = {who: text or inside for who, text, inside in _MEMBERS.findall(parts.get("USER-NOTES", ""))}
    note = "; ".join(filter(None, (parts.get("RAYYAN-LABELS"), own.get(name, "").strip('" '), parts.get("RAYYAN-EXCLUSION-REASONS"))))
    return _verdict(_RAYYAN.get(said[name].strip().casefold()), note)


def _ris_rows(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    import rispy

    try:
        entries = rispy.loads(text)
    except (OSError, ValueError, KeyError) as error:
        raise UsageError(f"this is no RIS file ({error})") from error
    for number, entry in enumerate(entries, 1):
        notes = [str(note) for note in entry.get("notes", [])]
        states = [_ASREVIEW[word] for note in notes for word in _ASREVIEW if word in note.split()]
        ours = next((found.group(1) for note in notes if (found := _OURS.search(note))), None)
        tool = states[-1] if states else ours if ours in ("unsure", "no_access") else None
        row = _verdict(tool, "; ".join(re.sub(r"ASReview_\w+", "", note).strip() for note in notes))
        if row:
            known = (entry.get("accession_number"), entry.get("doi"), *entry.get("urls", []))
            yield number, {**row, **_named(entry.get("title") or entry.get("primary_title"), entry.get("year"), known)}
