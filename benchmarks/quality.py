"""Writes docs/quality.md: one section from each benchmark that measures quality, in this order.

    python -m benchmarks.quality [SECTION …]     default: all

A section's module has ``section() -> str``: Markdown that begins with a heading of level two.  Where its data is missing it
ends with a message (SystemExit) and the section that stands in the file is kept: so a machine without the gold data, or
without TeX, loses nothing.  Each section stands between two comments that name it.
"""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path

SECTIONS = {
    "front matter": "benchmarks.front_quality",
    "front matter typeset anew": "benchmarks.typeset_quality",
    "evidence": "benchmarks.evidence",
    "matching": "benchmarks.match_quality",
}
PAGE = Path(__file__).resolve().parent.parent / "docs" / "quality.md"
HEAD = """<!-- Made by `python -m benchmarks.quality`; don't edit. -->

# Quality

How well the parts do their work, measured on labelled data that is not part of the repository.  Each section is written by
the benchmark that it names; the same commands print the figures anew.
"""


def standing(text: str) -> dict[str, str]:
    """The sections of a page by name."""
    return {match[1]: match[2].strip() for match in re.finditer(r"<!-- ([a-z -]+) -->\n(.*?)<!-- end -->", text, re.DOTALL)}


def page(sections: dict[str, str]) -> str:
    """The whole page."""
    parts = [f"<!-- {name} -->\n{sections[name]}\n<!-- end -->\n" for name in SECTIONS if name in sections]
    return HEAD + "\n" + "\n".join(parts)


def main(names: list[str]) -> None:
    """Measure the named sections and write the page; exit 2 on a name that is none."""
    if unknown := [name for name in names if name not in SECTIONS]:
        print(f"no such section: {', '.join(unknown)} (there are: {', '.join(SECTIONS)})", file=sys.stderr)
        sys.exit(2)
    sections = standing(PAGE.read_text(encoding="utf-8")) if PAGE.is_file() else {}
    for name in names or list(SECTIONS):
        try:
            sections[name] = importlib.import_module(SECTIONS[name]).section()
        except SystemExit as reason:
            print(f"{name}: kept as it was ({reason})", file=sys.stderr)
    PAGE.write_text(page(sections), encoding="utf-8")
    print(f"written: {PAGE}")


if __name__ == "__main__":
    main(sys.argv[1:])
