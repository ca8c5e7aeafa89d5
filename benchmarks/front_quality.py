"""The front-matter section of docs/quality.md.

    python -m benchmarks.front_quality

Data: papers/ in WHEREUSED_GOLD (default ../shared).
"""

from __future__ import annotations

from benchmarks.front_scores import by_layout, figures, rows_of, scorer, table, worst
from benchmarks.frontmatter import front_rows, gold_folder, read_papers
from crawler.reading.reader import Reading

INTRODUCTION = """## Front matter: authors and affiliations on page one

Measured by `python -m benchmarks.front_quality` on {n} real papers, labelled by hand or from the publisher's XML, 23 of them
nasty (covers, scans, broken fonts, articles in press).  A scan without a text layer is left out; every other file counts, a
file that can't be read as nothing found.  *Strict* wants the text itself: equal but for spaces and punctuation, or 98 % of the words.

All of these papers have been looked at while the reader was mended, so they say what it can do at best and not how it fares
on others.
"""


def section() -> str:
    """The section as Markdown; ends the script where there is no gold data."""
    folder = gold_folder()
    papers = rows_of(folder / "manifest.jsonl")
    gold = rows_of(folder / "gold.jsonl")
    readings, _ = read_papers(folder, [paper["id"] for paper in papers], None)
    predicted = {row["id"]: row for row in front_rows(readings)}
    score = scorer(folder)
    real = figures(score, gold, predicted)
    parts = [
        INTRODUCTION.format(n=real.papers),
        table({"real": real}) + "\n",
        "By layout:\n",
        by_layout(score, gold, predicted, {paper["id"]: paper["layout"] for paper in papers}) + "\n",
        "The papers that are not right:\n",
        worst_rows(worst([real]), readings),
    ]
    return "\n".join(parts)


def worst_rows(rows: list[tuple[str, int, int, int]], readings: dict[str, Reading]) -> str:
    """The worst papers with the reason as far as the reader knows it."""
    out = ["| paper | printed | found | right | reason |", "|---|---|---|---|---|"]
    for name, n_gold, n_found, n_right in rows:
        out.append(f"| {name} | {n_gold} | {n_found} | {n_right} | {reason(readings[name], n_gold, n_found)} |")
    return "\n".join(out) + "\n"


def reason(reading: Reading, n_gold: int, n_found: int) -> str:
    """Why a paper is not right, as far as it shows without the labels."""
    if reading.error:
        return reading.error
    if not n_found:
        return "no affiliation found" if n_gold else ""
    return "one text for two places, or a place missed" if n_found < n_gold else "a text too many" if n_found > n_gold else "another text"


if __name__ == "__main__":
    print(section())
