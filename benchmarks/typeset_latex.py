"""Typesets front matters anew in the classes of journals and conferences, and measures the reader on them.

    python -m benchmarks.typeset_latex [--forms NAME,…] [--each N] [--seed N] [--list] [--keep FOLDER]

The people and places are those of the gold papers, dealt anew (names and places of different papers together), the
running text is made of loose words: nothing of it is kept in the repository.  It wants pdflatex with the classes of
Debian's texlive-publishers and texlive-latex-extra.  Even variations are the ones to look at, odd ones stay unread:
the score of both is printed.  --list names the papers that are not right, of the even ones alone.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.frontmatter import front_rows, gold_folder, read_papers, score
from benchmarks.latex_away import AWAY
from benchmarks.latex_boxes import BOXES
from benchmarks.latex_classes import CLASSES
from benchmarks.latex_forms import Form, Paper, Person
from benchmarks.latex_houses import HOUSES
from benchmarks.latex_journals import JOURNALS
from benchmarks.latex_likes import LIKES
from benchmarks.latex_more import MORE
from benchmarks.latex_notes import NOTES
from benchmarks.latex_places import PLACES
from benchmarks.latex_societies import SOCIETIES
from benchmarks.latex_worn import WORN

FORMS: dict[str, Form] = CLASSES | LIKES | JOURNALS | MORE | SOCIETIES | HOUSES | NOTES | WORN | AWAY | BOXES
COVER = r"""\thispagestyle{empty}\noindent See discussions, stats, and author profiles for this publication at: https://www.example.org

\vskip 2em\noindent{\Large A title as the cover has it}\par\vskip 1em\noindent Article in Journal of Samples, May 2019

\vskip 1em\noindent Some Body, University of Covers

\noindent The user has requested enhancement of the downloaded file.\newpage\setcounter{page}{1}
"""
STAMP = r"""\usepackage{eso-pic,rotating}\AddToShipoutPictureBG*{\AtPageLowerLeft{\put(14,260){\rotatebox{90}{\large arXiv:1801.01234v2 [cs.CV] 12 Jan 2018}}}}
"""  # noqa: E501


class Deck:
    """The people and places of the gold papers, to be dealt."""

    def __init__(self, folder: Path) -> None:
        rows = [json.loads(line) for line in (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
        self.titles = [row["title"] for row in rows if row.get("title") and _settable(row["title"])]
        self.names = sorted({a["name"] for row in rows for a in row["authors"] if _settable(a["name"]) and len(a["name"].split()) > 1})
        self.places: dict[str, dict[str, Any]] = {}
        self.domains: dict[str, str] = {}
        for row in rows:
            for place in row["affiliations"]:
                if _settable(place["text"]) and len(place["text"]) < 220:
                    self.places[place["text"]] = place
            for author in row["authors"]:
                if author.get("email_domain") and len(author["affiliations"]) == 1:
                    at = author["affiliations"][0]
                    self.domains.update({p["text"]: author["email_domain"] for p in row["affiliations"] if p["index"] == at})
        self.more = {text: {"text": text, "institution": None} for text in PLACES}

    def label(self, text: str) -> dict[str, Any]:
        """The gold entry of an address, which a form may have put a role before."""
        known = {**self.more, **self.places}
        return {**next((known[place] for place in known if text.endswith(place)), {}), "text": text}

    def deal(self, form: str, number: int, seed: int) -> Paper:
        """One paper; the same one for the same form, number and seed."""
        dice = random.Random(int(hashlib.sha256(f"{form} {number} {seed}".encode()).hexdigest()[:12], 16))
        n_places = dice.choice([1, 1, 2, 2, 2, 3, 3, 4, 5, 7, 10, 15])
        if form in ("siam", "report", "end_block", "iclr", "neurips", "acl_columns", "cvpr_columns", "svjour", "inline", "ieee_columns"):
            n_places = min(n_places, 5)
        wide = form in MORE | SOCIETIES | HOUSES | NOTES | WORN | AWAY | BOXES or seed > 20
        places = dice.sample(sorted({**self.places, **self.more} if wide else self.places), n_places)
        n_people = min(30, n_places + dice.choice([0, 0, 1, 2, 3, 5, 8]))
        people = [
            Person(name, [at if at < n_places else dice.randrange(n_places)]) for at, name in enumerate(dice.sample(self.names, n_people))
        ]
        mails = dice.choice(["all", "all", "some", "none"])
        double = dice.random() < 0.35 and form not in ("acm_journal", "jmlr")
        for person in people:
            if double and n_places > 1 and dice.random() < 0.25:
                person.at = sorted({*person.at, dice.randrange(n_places)})
            if mails == "all" or (mails == "some" and dice.random() < 0.4):
                person.domain = self.domains.get(places[person.at[0]]) or (PLACES.get(places[person.at[0]]) if wide else None)
        if dice.random() < 0.35:
            for person in dice.sample(people, min(2, n_people)):
                person.extra = "*"
        return Paper(dice.choice(self.titles), people, places, dice)


def _settable(text: str) -> bool:
    return all(ord(c) < 0x17F or c in "’‘–—“”" for c in text)


def gold_line(name: str, form: str, paper: Paper, deck: Deck) -> dict[str, Any]:
    """The labels of a paper, as score.py takes them."""
    places = [{**{k: v for k, v in deck.label(text).items() if k != "index"}, "index": at + 1} for at, text in enumerate(paper.places)]
    authors = [{"name": p.name, "affiliations": [at + 1 for at in p.at], "email_domain": p.domain} for p in paper.people]
    return {"id": name, "title": paper.title, "authors": authors, "affiliations": places, "text_layer": True, "layout": form}


def typeset(folder: Path, name: str, form: str, paper: Paper) -> bool:
    """Set a paper as ``folder/pdf/name.pdf``; whether LaTeX made one."""
    source = FORMS[form](paper)
    if paper.maybe(0.2):
        source = source.replace(r"\begin{document}", STAMP + r"\begin{document}", 1)
    if paper.maybe(0.1) and r"\twocolumn[" not in source:
        source = source.replace("\\begin{document}\n", "\\begin{document}\n" + COVER, 1)
    work = folder / "tex" / name
    work.mkdir(parents=True, exist_ok=True)
    (work / "paper.tex").write_text(source, encoding="utf-8")
    for _ in range(2):
        subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "paper.tex"],
            cwd=work,
            capture_output=True,
            timeout=120,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        if "Rerun" not in (work / "paper.log").read_text(encoding="latin-1") and form not in (
            "acm_sigconf",
            "acm_journal",
            "elsarticle",
            "cas",
        ):
            break
    made = work / "paper.pdf"
    if made.is_file():
        shutil.copy(made, folder / "pdf" / f"{name}.pdf")
    return made.is_file()


def write_labels(folder: Path, lines: Sequence[dict[str, Any]]) -> None:
    """The labels in gold files: even numbers are the half to look at."""
    layouts = "".join(json.dumps({"id": line["id"], "layout": line["layout"]}) + "\n" for line in lines)
    (folder / "manifest.jsonl").write_text(layouts, encoding="utf-8")
    for half, parity in (("look", 0), ("unread", 1)):
        chosen = [line for line in lines if int(line["id"].rpartition("-")[2]) % 2 == parity]
        (folder / f"{half}.jsonl").write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in chosen), encoding="utf-8")


def make(folder: Path, forms: Sequence[str], each: int, seed: int) -> list[str]:
    """Typeset ``each`` papers of every form; names of those that could be made, their labels in gold files."""
    deck = Deck(gold_folder())
    (folder / "pdf").mkdir(parents=True, exist_ok=True)
    jobs = [(f"{form}-{number}", form, deck.deal(form, number, seed)) for form in forms for number in range(each)]
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda job: typeset(folder, *job), jobs))
    for (name, _, _), good in zip(jobs, done, strict=True):
        if not good:
            print(f"  LaTeX made nothing of {name}", file=sys.stderr)
    lines = [gold_line(name, form, paper, deck) for (name, form, paper), good in zip(jobs, done, strict=True) if good]
    write_labels(folder, lines)
    return [line["id"] for line in lines]


def measure(folder: Path, names: Sequence[str], flags: Sequence[str]) -> None:
    """Print the scores of both halves."""
    readings, seconds = read_papers(folder, names, None)
    shutil.copy(gold_folder() / "score.py", folder / "score.py")
    for half, more in (("look", flags), ("unread", [flag for flag in flags if flag != "--list"])):
        ids = {json.loads(line)["id"] for line in (folder / f"{half}.jsonl").read_text(encoding="utf-8").splitlines()}
        rows = front_rows({name: reading for name, reading in readings.items() if name in ids})
        print(f"== {half}: {len(ids)} papers\n" + score(folder, "score.py", f"{half}.jsonl", rows, *more))
    print(f"{len(names) / seconds:.1f} papers/s")


def main(argv: Sequence[str] | None = None) -> None:
    """Typeset, read, score, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--forms", help="only these, with commas between them")
    parser.add_argument("--each", type=int, default=6, help="variations of each form")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", action="store_true", help="the pairs of each paper of the half to look at")
    parser.add_argument("--by-layout", action="store_true")
    parser.add_argument("--keep", type=Path, help="a folder for the PDFs; with PDFs in it already they are read again")
    choice = parser.parse_args(argv)
    if shutil.which("pdflatex") is None:
        sys.exit(
            "pdflatex is not installed: apt-get install texlive-latex-extra texlive-publishers texlive-fonts-recommended texlive-science"
        )
    forms = choice.forms.split(",") if choice.forms else list(FORMS)
    flags = [flag for flag, given in (("--by-layout", choice.by_layout), ("--list", choice.list)) if given]
    with tempfile.TemporaryDirectory() as scratch:
        folder = choice.keep or Path(scratch)
        kept = sorted(path.stem for path in (folder / "pdf").glob("*.pdf")) if choice.keep and (folder / "pdf").is_dir() else []
        names = [name for name in kept if name.rpartition("-")[0] in forms] or make(folder, forms, choice.each, choice.seed)
        measure(folder, names, flags)


if __name__ == "__main__":
    os.environ.setdefault("max_print_line", "1000")
    main()
