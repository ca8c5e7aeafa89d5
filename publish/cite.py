"""How to cite: the dataset's papers, whose authors deserve the credit, and this data."""

from __future__ import annotations

from db.queries.datasets import Dataset, Paper, State
from publish.bibliography import ascii_word, escape
from publish.rules import tidy


def cite_papers(dataset: Dataset) -> str:
    """BibTeX of the papers that introduced the dataset, with authors where a provider told them."""
    return "\n".join(_paper(dataset.slug, number, paper) for number, paper in enumerate(dataset.papers, 1))


def cite_data(dataset: Dataset, state: State, publisher: str | None = None, contact: str | None = None) -> str:
    """BibTeX of what was published, by its state and run, so that a reader can find the same release.

    Its author is who published it, where that is known, else the tool.
    """
    day = (state.as_of or "")[:10]
    note = f"State of {day}" if day else "Empty database"
    note += f", run {state.run_id}" if state.run_id else ""
    fields = {
        "title": "{" + escape(f"Where was {dataset.name} used? Works, institutions and evidence") + "}",
        "author": "{" + escape(tidy(publisher) or "whereused") + "}",
        "publisher": escape(tidy(publisher) or ""),
        "year": day[:4],
        "version": release_of(state),
        "note": note + (". Sample data" if state.is_sample else "") + (f". Contact: {escape(contact)}" if contact else ""),
    }
    return _entry("misc", f"whereused-{dataset.slug}-{day}".rstrip("-"), fields)


def release_of(state: State) -> str:
    """The name of a data release: the month of its newest row."""
    return f"data-{state.as_of[:7]}" if state.as_of else "data-empty"


def _paper(slug: str, number: int, paper: Paper) -> str:
    names = [name for author in paper.authors if (name := tidy(author))]
    surname = ascii_word(names[0].rsplit(" ", 1)[-1]) if names else ""
    key = f"{surname or slug}{paper.year or ''}" + ("" if number == 1 else f"-{number}")
    is_article = bool(paper.venue)
    fields = {
        "title": "{" + escape(tidy(paper.title) or "") + "}",
        "author": " and ".join(map(escape, names)),
        "howpublished" if not is_article else "booktitle": escape(tidy(paper.venue) or ""),
        "year": str(paper.year or ""),
        "doi": paper.doi or "",
        "eprint": paper.arxiv or "",
        "archiveprefix": "arXiv" if paper.arxiv else "",
    }
    return _entry("inproceedings" if is_article else "misc", key, fields)


def _entry(kind: str, key: str, fields: dict[str, str]) -> str:
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@{kind}{{{key},\n" + ",\n".join(lines) + "\n}\n"
