"""The section of docs/quality.md on front matters that are typeset anew: nobody has looked at any of them.

    python -m benchmarks.typeset_quality [SEED] [EACH]

See ``typeset_latex`` for how they are made, and what it wants.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.front_scores import by_layout, figures, rows_of, scorer, table
from benchmarks.frontmatter import front_rows, gold_folder, read_papers
from benchmarks.typeset_latex import FORMS, make
from benchmarks.typeset_scripts import make as make_scripts

SEED = 131  # a fresh one for each release: what was looked at is not unread any more
EACH = 2
INTRODUCTION = """## Front matter typeset anew

Measured by `python -m benchmarks.typeset_quality` on {n} papers in {forms} forms of journals, conferences, reports and theses
(classes of LaTeX, forms in their manner, Chinese and Japanese ones), with names and addresses dealt anew and variations by
chance; nobody has looked at these variations.  They show how the reader fares on layouts whose kind it knows but whose case it
does not.  Real papers are more varied still.
"""


def section(seed: int = SEED, each: int = EACH) -> str:
    """The section as Markdown; ends the script where TeX or the gold data is missing."""
    if shutil.which("pdflatex") is None:
        sys.exit("pdflatex is not installed")
    score = scorer(gold_folder())
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        readings, _ = read_papers(folder, make(folder, list(FORMS), each, seed), None)
        gold = rows_of(folder / "look.jsonl") + rows_of(folder / "unread.jsonl")
        others = folder / "scripts"
        readings |= read_papers(others, make_scripts(others, each, seed), None)[0]
        gold += rows_of(others / "look.jsonl") + rows_of(others / "unread.jsonl")
    predicted = {row["id"]: row for row in front_rows(readings)}
    forms = {row["id"]: row["layout"] for row in gold}
    whole = figures(score, gold, predicted)
    wrong = {forms[name] for name, n_gold, n_found, n_right in whole.per if not n_gold == n_found == n_right}
    rows = by_layout(score, [row for row in gold if forms[row["id"]] in wrong], predicted, forms)
    heading = f"The forms with a paper that is not right ({len(wrong)} of {len(set(forms.values()))}):\n"
    return "\n".join(
        [INTRODUCTION.format(n=whole.papers, forms=len(set(forms.values()))), table({"typeset": whole}), "", heading, rows, ""]
    )


if __name__ == "__main__":
    print(section(*(int(number) for number in sys.argv[1:])))
