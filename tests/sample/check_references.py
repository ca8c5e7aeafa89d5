"""Look for each citation of the sample in the real paper's list of references; takes minutes, so it is run by hand.

    python -m tests.sample.check_references [FOLDER]     # FOLDER holds papers/pdf; default ../shared

Prints one line a citation: the words around the dataset paper's title as the reference has it.  Exit 1 where one is missing.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from pdfminer.high_level import extract_text

from crawler.sample.sheets import find_seed
from crawler.sample.works import load_works

# arXiv 1503.01817 had another title when it was first posted; the reference prints the arXiv id.
FORMER_TITLES = {"YFCC100M: The New Data in Multimedia Research": "The New Data and New Challenges in Multimedia Research"}
LETTERS = 45  # of the title: reference lists cut and misprint the rest


def bare(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", re.sub(r"-\s*\n\s*", "", text).lower())


def main(folder: Path) -> int:
    n_missing = 0
    for work in load_works():
        text = bare(extract_text(folder / "papers" / "pdf" / f"{work.read_from}.pdf"))
        for citation in work.citations:
            title = find_seed(citation).title
            places = [text.rfind(bare(t)[:LETTERS]) for t in (title, FORMER_TITLES.get(title, title))]
            at = max(places)
            if title == "Deep Face Recognition":  # other titles end in these words; its authors wrote no other of them
                at = max((m.end() for m in re.finditer("parkhi(?:om)?(?:andrea|a)?vedaldi", text)), default=-1)
            n_missing += at < 0
            print(f"{work.key}\t{citation.slug}\t{'MISSING' if at < 0 else text[max(0, at - 30) : at + 60]}")
    return 1 if n_missing else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("../shared")))
