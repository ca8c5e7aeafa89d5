"""Typesets front matters in Chinese and Japanese, and measures the reader on them.

    python -m benchmarks.typeset_scripts [--each N] [--seed N] [--list] [--keep FOLDER]

Names are put together by chance; the institutions are real ones.  Even variations are the ones to look at, odd ones stay unread.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.script_forms import SCRIPT_FORMS, Page, deal
from benchmarks.typeset_latex import measure, write_labels


def gold_line(name: str, form: str, page: Page) -> dict[str, Any]:
    """The labels of a page, as score.py takes them."""
    places = [
        {"index": at + 1, "text": text, "institution": english, "institution_printed": printed}
        for at, (text, printed, english, _, _) in enumerate(page.places)
    ]
    authors: list[dict[str, Any]] = [
        {"name": who, "affiliations": [one + 1 for one in at]} for who, at in zip(page.names, page.at, strict=True)
    ]
    authors[0]["email_domain"] = page.places[0][4] if page.has_address else None
    return {"id": name, "title": page.title, "authors": authors, "affiliations": places, "text_layer": True, "layout": form}


def make(folder: Path, each: int, seed: int) -> list[str]:
    """Typeset ``each`` pages of every form; their names."""
    (folder / "pdf").mkdir(parents=True, exist_ok=True)
    lines = []
    for form, (script, typeset) in SCRIPT_FORMS.items():
        for number in range(each):
            dice = random.Random(int(hashlib.sha256(f"{form} {number} {seed}".encode()).hexdigest()[:12], 16))
            page = deal(script, dice)
            (folder / "pdf" / f"{form}-{number}.pdf").write_bytes(typeset(page))
            lines.append(gold_line(f"{form}-{number}", form, page))
    write_labels(folder, lines)
    return [line["id"] for line in lines]


def main(argv: Sequence[str] | None = None) -> None:
    """Typeset, read, score, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--each", type=int, default=6, help="variations of each form")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", action="store_true", help="the pairs of each paper of the half to look at")
    parser.add_argument("--keep", type=Path, help="a folder for the PDFs")
    choice = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as scratch:
        folder = choice.keep or Path(scratch)
        measure(folder, make(folder, choice.each, choice.seed), ["--by-layout", *(["--list"] if choice.list else [])])


if __name__ == "__main__":
    main()
