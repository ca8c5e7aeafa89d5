"""What the sample brings in by ``import`` rather than by a crawl: a patent, which no list of citing papers shows.

Its facts are those of the MegaPixels page on MegaFace: number, year and what it is about.  The page names no applicant, so
none is given, and the patent has no place on the map.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

HEADER = ("publication_number", "title", "year", "kind")


@dataclass(frozen=True, slots=True)
class SamplePatent:
    """A patent whose text names a dataset.  The title says in our words what it protects."""

    slug: str
    publication_number: str
    title: str
    year: int


PATENTS = (SamplePatent("megaface", "CN108256450A", "Supervised deep-learning method for face recognition and verification", 2018),)


def save_table(patents: tuple[SamplePatent, ...], path: Path) -> None:
    """Write patents as a table that ``import`` reads."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows((patent.publication_number, patent.title, patent.year, "patent") for patent in patents)
    path.write_text(text.getvalue(), encoding="utf-8")
