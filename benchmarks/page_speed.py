"""The page in headless Chromium: size, first paint, and how fast the table answers.

python -m benchmarks.page_speed [N …]      default 2,000 5,000 20,000 works

Titles and quotes are drawn from the words of LICENSE, 12 to 40 a quote, so that they pack like real text.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.publish_speed import make
from db.config import Config
from db.connect import open_for_writing, writing
from publish.run import run

ROOT = Path(__file__).parent.parent
STEPS = """() => {
  const told = {}, heads = [...document.querySelectorAll('#works th button')], works = document.getElementById('works');
  const time = (name, step) => {
    const start = performance.now();
    step();
    works.offsetHeight;
    told[name] = Math.round(performance.now() - start);
  };
  time('sort by title', () => heads[0].click());
  time('the other way', () => heads[0].click());
  time('sort by institution', () => heads[2].click());
  time('find', () => whereused.find('work notice'));
  time('find nothing', () => whereused.find(''));
  return told;
}"""


def lengthen(path: Path) -> None:
    """Give every work a title and a quote of random words."""
    dice = random.Random(3)
    words = sorted({word for word in (ROOT / "LICENSE").read_text(encoding="utf-8").split() if word.isalpha()})
    db = open_for_writing(path)
    with writing(db):
        for (work_id,) in db.conn.execute("SELECT work_id FROM work").fetchall():
            db.conn.execute("UPDATE work SET title = ? WHERE work_id = ?", [" ".join(dice.choices(words, k=9)), work_id])
        for (row,) in db.conn.execute("SELECT rowid FROM citation_context").fetchall():
            quote = " ".join(dice.choices(words, k=dice.randint(12, 40)))
            db.conn.execute("UPDATE citation_context SET text = ? WHERE rowid = ?", [quote, row])
    db.close()


def measure(page: Page, path: Path) -> str:
    """One line of numbers; milliseconds but for the size."""
    start = time.perf_counter()
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-ready]", timeout=60_000)
    ready = round((time.perf_counter() - start) * 1000)
    paint = round(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
    steps = ", ".join(f"{name} {ms}" for name, ms in page.evaluate(STEPS).items())
    return f"{path.stat().st_size / 1e6:.2f} MB, first paint {paint}, ready {ready}; {steps}"


def main(sizes: list[int]) -> None:
    """Print a line for each size."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-background-networking"])
        for n in sizes:
            path = make(Path(folder) / f"{n}.db", n)
            lengthen(path)
            report = run(Config(db=path, verbosity=-1), ["alpha"], out=Path(folder) / str(n), include="all")
            print(f"{n:>7,} works: {measure(browser.new_page(), report.pages[0].path)}", flush=True)
        browser.close()


if __name__ == "__main__":
    main([int(n) for n in sys.argv[1:]] or [2_000, 5_000, 20_000])
