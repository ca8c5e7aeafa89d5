"""What an import did, in numbers and in lines for the user."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from crawler.importing.entry import Problem

SHOWN = 20  # problems that are named one by one


@dataclass
class ImportReport:
    """What came in.  New works were not in the scope of this dataset before; usable ones are more than a refused file."""

    slug: str
    n_works: int = 0
    n_new: int = 0
    n_usable: int = 0
    n_stored: int = 0
    n_families: int | None = None  # of patents: their groups
    n_mentions: int = 0  # passages of patents that name the dataset
    show_all: bool = False
    refused: list[Problem] = field(default_factory=list)  # files that are no PDF; remembered, but no work of the dataset
    problems: list[Problem] = field(default_factory=list)  # entries and files that gave no work
    remarks: list[Problem] = field(default_factory=list)  # works that came in without a part

    @property
    def is_usable(self) -> bool:
        """Whether something came in that later stages can work with."""
        return self.n_usable > 0

    def lines(self) -> Iterator[str]:
        """One line a problem, then the sum."""
        told = [*self.problems, *self.refused, *self.remarks]
        shown = told if self.show_all else told[:SHOWN]
        yield from map(str, shown)
        if len(told) > len(shown):
            yield f"and {len(told) - len(shown)} more like these (-v names them all)"
        parts = [f"{_count(self.n_works, 'work')} for {self.slug}, {self.n_new} of them new"]
        if self.n_families is None:
            parts += [f"{_count(self.n_stored, 'PDF')} stored"]
        else:
            parts += [f"{_count(self.n_families, 'patent family', 'patent families')}", f"{_count(self.n_mentions, 'passage')} naming it"]
        parts += [f"{_count(len(self.refused), 'file')} refused"] if self.refused else []
        parts += [f"{_count(len(self.problems), 'entry', 'entries')} left out"] if self.problems else []
        yield "; ".join(parts)


def _count(n: int, one: str, many: str | None = None) -> str:
    return f"{n} {one if n == 1 else many or one + 's'}"
