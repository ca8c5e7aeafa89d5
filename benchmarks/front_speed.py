"""What reading a front matter costs, as ratios within one run, so that the machine doesn't matter.

    python -m benchmarks.front_speed [--papers N] [--rounds N] [--documents N] [--workers]

stock: pdfminer's ``extract_pages`` of page one.  bare: pdfminer with the fastest set-up that keeps fonts and positions: a
text device without layout objects, operators that only draw left out, images skipped.  Times are processor time, each paper
by each way in turn.  --documents reads that many papers one after the other and prints the memory as it goes; --workers
compares the gain of two workers with that of two processes that only calculate.  Data: papers/ in WHEREUSED_GOLD.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import resource
import sys
import time
from collections.abc import Callable, Sequence
from io import BytesIO
from itertools import cycle, islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from pdfminer.high_level import extract_pages
from pdfminer.pdfdevice import PDFTextDevice
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdffont import PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser

from benchmarks.frontmatter import gold_folder
from crawler.reading.frontmatter import read_front_matter
from crawler.reading.guard import Limits
from crawler.reading.layout import Document
from crawler.reading.page import UnreadableError
from crawler.reading.reader import Order
from crawler.reading.run import read_files

DRAWING = [
    "m",
    "l",
    "c",
    "v",
    "y",
    "h",
    "re",
    "S",
    "s",
    "f",
    "F",
    "f_a",
    "B",
    "B_a",
    "b",
    "b_a",
    "n",
    "W",
    "W_a",
    "sh",
    "w",
    "J",
    "j",
    "M",
    "d",
    "ri",
    "i",
    "gs",
    "CS",
    "cs",
    "G",
    "g",
    "RG",
    "rg",
    "K",
    "k",
    "SC",
    "sc",
    "SCN",
    "scn",
    "EI",
]


class _Bare(PDFTextDevice):
    """Keeps each glyph with its place and font."""

    def __init__(self, manager: PDFResourceManager) -> None:
        super().__init__(manager)
        self.glyphs: list[tuple[str, float, float, str]] = []

    def render_char(
        self, matrix: Any, font: Any, fontsize: float, scaling: float, rise: float, cid: int, ncs: Any, graphicstate: Any
    ) -> float:
        try:
            text = font.to_unichr(cid)
        except PDFUnicodeNotDefined:
            text = "?"
        self.glyphs.append((text, matrix[4], matrix[5] + rise, font.fontname))
        return float(font.char_width(cid) * fontsize * scaling)


class _BareInterpreter(PDFPageInterpreter):
    """Leaves out what only draws."""


def _nothing(self: PDFPageInterpreter) -> None:
    self.argstack.clear()


for _name in DRAWING:
    setattr(_BareInterpreter, f"do_{_name}", _nothing)


def stock(data: bytes) -> None:
    """Page one with layout objects."""
    for _ in extract_pages(BytesIO(data), page_numbers=[0]):
        pass


def bare(data: bytes) -> None:
    """The glyphs of page one."""
    manager = PDFResourceManager()
    document = PDFDocument(PDFParser(BytesIO(data)))
    for page in islice(PDFPage.create_pages(document), 1):
        _BareInterpreter(manager, _Bare(manager)).process_page(page)


def ours(data: bytes) -> None:
    """The front matter."""
    read_front_matter(Document(data))


def compare(papers: Sequence[bytes], rounds: int) -> dict[str, float]:
    """Seconds of processor time of each way, over the papers that all three can read."""
    total = dict.fromkeys(("stock", "bare", "ours"), 0.0)
    ways: dict[str, Callable[[bytes], None]] = {"stock": stock, "bare": bare, "ours": ours}
    for data in papers:
        taken = {}
        for name, way in ways.items():
            times = []
            for _ in range(rounds):
                start = time.process_time()
                try:
                    way(data)
                except UnreadableError:
                    break
                except Exception:
                    break
                times.append(time.process_time() - start)
            taken[name] = min(times) if len(times) == rounds else None
        if None not in taken.values():
            for name, seconds in taken.items():
                total[name] += seconds or 0.0
    return total


def memory(papers: Sequence[bytes], documents: int) -> None:
    """Print the greatest memory so far at each quarter."""
    for count, data in enumerate(islice(cycle(papers), documents), 1):
        with contextlib.suppress(UnreadableError):
            ours(data)
        if count % max(documents // 4, 1) == 0:
            print(f"  after {count} documents: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most", flush=True)


def calculate(_: int) -> int:
    """Nothing but work for a processor, a second or so."""
    return sum(at * at % 7 for at in range(20_000_000))


def gain(jobs: Callable[[int], None]) -> float:
    """How much faster two workers are than one."""
    times = []
    for workers in (1, 2):
        start = time.perf_counter()
        jobs(workers)
        times.append(time.perf_counter() - start)
    return times[0] / times[1]


def workers(paths: Sequence[Path]) -> None:
    """Print the gain of two workers, and that of two processes that only calculate."""

    def read(n: int) -> None:
        for _ in read_files([Order(path) for path in paths], workers=n, limits=Limits(seconds=120.0)):
            pass

    def bare_gain(n: int) -> None:
        with get_context("spawn").Pool(n) as pool:
            pool.map(calculate, range(4), chunksize=1)

    reading, calculating = gain(read), gain(bare_gain)
    print(f"two workers: {reading:.2f} x one; two processes that calculate: {calculating:.2f} x; ratio {reading / calculating:.2f}")


def main(argv: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--papers", type=int, default=82)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--documents", type=int, default=0)
    parser.add_argument("--workers", action="store_true")
    choice = parser.parse_args(argv)
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    paths = sorted((gold_folder() / "pdf").glob("*.pdf"))[: choice.papers]
    papers = [path.read_bytes() for path in paths]
    total = compare(papers, choice.rounds)
    print(
        f"front matter: {total['ours'] / total['stock']:.2f} x stock extract_pages of page one (at most 1.0 wanted), "
        f"{total['ours'] / total['bare']:.2f} x bare extraction (at most 1.3 wanted); bare is {total['bare'] / total['stock']:.2f} x stock"
    )
    if choice.workers:
        workers(paths)
    if choice.documents:
        memory(papers, choice.documents)


if __name__ == "__main__":
    sys.exit(main())
