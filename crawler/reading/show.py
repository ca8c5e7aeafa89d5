"""The front matter of files for the command ``frontmatter``: as JSON, or as a page to look at."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from crawler.reading.guard import Failure
from crawler.reading.reader import Order, Reading
from crawler.reading.run import languages_of, limits_of, read_files
from db.config import Config


def shown(config: Config, files: Sequence[str]) -> Iterator[tuple[str, Reading]]:
    """Each file, as the user named it, with what was read from it, in the order of the files."""
    orders = [_order(Path(file), languages_of(config)) for file in files]
    results = read_files(orders, workers=None, limits=limits_of(config))
    for file, (_, result) in zip(files, results, strict=True):
        yield file, Reading(error=result.reason) if isinstance(result, Failure) else result


def _order(path: Path, languages: str | None) -> Order:
    """A pipe, as of ``<(curl …)``, is read here: the processes that read files don't have it."""
    return Order(path, languages=languages, data=path.read_bytes() if path.is_fifo() else None)


def found_anything(reading: Reading) -> bool:
    """Whether a reading is of any use."""
    return reading.error is None and bool(reading.title or reading.authors or reading.affiliations)


def json_line(file: str, reading: Reading) -> str:
    """One line of JSON, in ASCII: a name may hold bytes that are no text.  ``affiliations`` of an author are positions in the list."""
    return json.dumps(
        {
            "file": file,
            "sha256": reading.sha256,
            "title": reading.title,
            "authors": [{"name": name, "affiliations": affiliations} for name, affiliations in reading.authors],
            "affiliations": [{"text": text, "email_domains": domains} for text, _, domains in reading.affiliations],
            "error": reading.error,
        }
    )


def page(file: str, reading: Reading) -> str:
    """The same for reading: numbers tie authors to affiliations."""
    if reading.error is not None:
        return f"{file}\n  not read: {reading.error}\n"
    lines = [file, f"  {reading.title or '(no title found)'}"]
    lines += [f"  {name}" + (f" [{', '.join(str(at + 1) for at in places)}]" if places else "") for name, places in reading.authors]
    for at, (text, _, domains) in enumerate(reading.affiliations, 1):
        lines.append(f"  {at:>3}. {text}" + (f"  ({', '.join(domains)})" if domains else ""))
    if not reading.affiliations:
        lines.append("  (no affiliation is printed, or none was found)")
    return "\n".join(lines) + "\n"
