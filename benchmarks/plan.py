"""What one dataset, forty, and the whole field would take: calls, hours, bytes and money by step, printed as a table.

    python -m benchmarks.plan [--write]      --write puts the tables into docs/scaling.md

Costs of our own stages are those that ``benchmarks.growth``, ``bulk`` and ``cluster`` measured (``measured.json``: at the largest size, on
the machine that they ran on); everything else is an assumption of the table ``ASSUMED``, each with its source.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measured import load
from crawler.providers import ARXIV, SEMANTIC_SCHOLAR
from db.config import Config

DOC = Path(__file__).resolve().parent.parent / "docs" / "scaling.md"
BEGIN, END = "<!-- plan: python -m benchmarks.plan --write -->", "<!-- end of plan -->"
HOUR = 3600.0


@dataclass(frozen=True)
class Assumed:
    value: float
    unit: str
    source: str


_RELEASE = 30 * 8.5e9 + 30 * 1.5e9 + 30 * 0.5e9
_EPRINTS = 2.6e6 + 22 * 24e3
_BUCKET = (5.6e12 + 44 * 1e11) / 2
ASSUMED = {
    "open": Assumed(0.6, "of a dataset's works have an open full text", "ours; computer vision, where most have a preprint"),
    "open all": Assumed(
        0.44, "of all works have one", "expected for 2025, 31 % counted in 2019: https://doi.org/10.1101/795310 (journal articles)"
    ),
    "arxiv": Assumed(0.6, "of a dataset's open works lie at arXiv", "ours, as above"),
    "eprints": Assumed(
        _EPRINTS, "e-prints at arXiv", "its annual report for 2024: more than 2.6 million; 24,000 a month since (22 months)"
    ),
    "bucket": Assumed(
        _BUCKET,
        "bytes of PDFs in arXiv's bucket",
        "https://info.arxiv.org/help/bulk_data_s3.html: with sources 5.6 TB in March 2023, "
        "0.1 TB a month since (44 months); that half of it are PDFs is ours",
    ),
    "page": Assumed(1000, "rows a call of a list", "https://api.semanticscholar.org/api-docs/graph"),
    "strings": Assumed(1.2, "affiliation strings a work that no other work prints", "ours"),
    "match": Assumed(0.004, "s a string, one processor", "ours, from `benchmarks.match_quality`; most strings are found at once"),
    "hosts": Assumed(300, "hosts of full texts beside arXiv that are asked side by side", "ours; each at one request a second"),
    "release": Assumed(
        _RELEASE,
        "bytes of a release: citations, papers, paper-ids, packed",
        "what a release says of itself, https://api.semanticscholar.org/api-docs/datasets: 30 files of 8.5, 1.5, 0.5 GB (2024)",
    ),
    "line": Assumed(50e6, "bytes a second of download", "ours; 400 Mbit/s"),
    "cpu": Assumed(0.05, "USD an hour of a processor", "ours; list prices of clouds lie around it"),
    "disk": Assumed(
        0.023, "USD a month for 10⁹ bytes kept as objects", "https://aws.amazon.com/s3/pricing (standard storage, first 50 TB)"
    ),
    "out": Assumed(
        0.09,
        "USD for 10⁹ bytes out of arXiv's bucket",
        "the requester pays, https://aws.amazon.com/s3/pricing (to the internet, first "
        "10 TB; nothing to machines in its region, N. Virginia)",
    ),
    "patents": Assumed(3e12, "bytes that the query over all patents reads", "ours; the console shows them before the query runs"),
    "query": Assumed(
        6.25 / 2**40,
        "USD a byte that a query reads",
        "https://cloud.google.com/bigquery/pricing (on demand, 6.25 a TiB; the first TiB of a month is free, which is left out)",
    ),
    "named": Assumed(1e-5, "of all patents name a given dataset", "ours"),
}


@dataclass(frozen=True)
class Size:
    """What is asked for; ``edges`` are rows that cite, ``datasets`` how many lists of names are searched for."""

    name: str
    works: float
    edges: float
    patents: float
    datasets: float
    processors: int
    whole: bool = False


SIZES = (
    Size("One dataset: 10,000 works", 1e4, 1e4, 1e8, 1, 2),
    Size("Forty datasets: 400,000 works", 4e5, 6e5, 1e8, 40, 8),
    Size("The whole field: 200 M papers, 2.7 G edges, 100 M patents", 2e8, 2.7e9, 1e8, 40, 200, whole=True),
)


@dataclass(frozen=True)
class Step:
    name: str
    engine: str
    calls: float
    hours: float
    n_bytes: float
    usd: float


def value(name: str) -> float:
    return ASSUMED[name].value


def steps(size: Size) -> Iterator[Step]:
    """The steps at one size."""
    told = load()
    growth = told["growth"][max(told["growth"], key=int)]
    per_work = {name: cost / 1e6 for name, cost in growth.items()}
    config, documents = Config(), size.works * value("open all" if size.whole else "open")
    pace, arxiv = SEMANTIC_SCHOLAR.interval(config), ARXIV.interval(config)

    def busy(name: str, engine: str, seconds: float, n_bytes: float = 0.0, processors: int = 1) -> Step:
        return Step(name, engine, 0, seconds / HOUR / processors, n_bytes, seconds / HOUR * value("cpu"))

    if size.datasets <= 1:
        calls = size.edges / value("page") + 10
        yield Step("lists, searches", "the API, a call a second", calls, calls * pace / HOUR, 0, 0)
    else:
        seconds = value("release") / value("line") + 2 * 2.7e9 / told["bulk"]["edges_per_second"]
        usd = seconds / HOUR * value("cpu")
        yield Step("a release, filtered", "`bulk` (DuckDB), a file at a time", 90, seconds / HOUR, value("release") / 30, usd)
    if size.whole:
        engine = "Parquet and Spark SQL (above); SQLite for the works of datasets alone"
        yield busy("saving", engine, size.edges / told["bulk"]["edges_per_second"], size.works * 200, size.processors)
    else:
        yield busy("saving", "SQLite, one writer", size.works * per_work["crawl"], size.works * growth["bytes"])
    yield from _texts(size, documents, arxiv, told["cluster"]["bytes_a_document"])
    engine = "this machine" if size.processors <= 2 else "`read --cluster` (Dask)"
    read = documents * told["cluster"]["seconds_a_document"]
    yield busy(f"reading, {size.processors} processors", engine, read, 0, size.processors)
    yield busy("… its rows", "SQLite, one writer" if not size.whole else "a database for each dataset", documents * per_work["saving"])
    strings = documents * value("strings")
    yield busy("matching", engine.replace("read", "geocode"), strings * (value("match") + per_work["places"]), 0, size.processors)
    yield Step("patents that name them", "BigQuery, one query for all names", 1, 0.1, size.patents * value("named") * size.datasets * 5000,
               value("patents") * value("query"))  # fmt: skip
    large = size.works > 20_000
    out = per_work["export"] if large else per_work.get("publish", per_work["export"])
    yield busy("publishing", "`tiles`, Parquet, a dataset at a time" if large else "`publish`", size.works * out, size.works * 1600)


def _texts(size: Size, documents: float, arxiv: float, each: float) -> Iterator[Step]:
    """Full texts: arXiv at its pace, or out of its bucket where that would take a year; the others side by side."""
    at_arxiv = min(documents * value("arxiv"), value("eprints"))
    elsewhere = documents - at_arxiv
    kept = documents * each * value("disk") / 1e9
    if at_arxiv * arxiv > 90 * 24 * HOUR:
        n_bytes = value("bucket") * at_arxiv / value("eprints")
        yield Step(
            "full texts of arXiv", "its bucket, then `import`", 0, n_bytes / value("line") / HOUR, n_bytes, n_bytes / 1e9 * value("out")
        )
    else:
        engine = "a request every 3 s, whatever the workers"
        yield Step("full texts of arXiv", engine, at_arxiv, at_arxiv * arxiv / HOUR, at_arxiv * each, 0)
    engine = "this machine" if size.processors <= 2 else "`crawl --frontier` (Redis)"
    slowest = max(elsewhere / value("hosts"), elsewhere * each / value("line"))
    yield Step("full texts elsewhere", engine, elsewhere, slowest / HOUR, elsewhere * each, kept)


def number(n: float) -> str:
    """Two figures, in words that a person takes in."""
    for unit, name in ((1e12, " T"), (1e9, " G"), (1e6, " M"), (1e3, " k")):
        if n >= unit:
            return f"{n / unit:.{0 if n / unit >= 10 else 1}f}{name}"
    return "–" if n == 0 else f"{n:.0f}" if n >= 10 else f"{n:.1g}"


def table(size: Size) -> Iterator[str]:
    """A size as lines of Markdown."""
    found = list(steps(size))
    yield f"**{size.name}**"
    yield ""
    yield "| step | engine | calls | hours | bytes | USD |"
    yield "|---|---|---:|---:|---:|---:|"
    for step in found:
        yield f"| {step.name} | {step.engine} | " + " | ".join(map(number, (step.calls, step.hours, step.n_bytes, step.usd))) + " |"
    totals = [sum(getattr(step, name) for step in found) for name in ("calls", "hours", "n_bytes", "usd")]
    yield "| **all**, one after the other | | " + " | ".join(map(number, totals)) + " |"
    yield ""


def lines() -> Iterator[str]:
    """All tables, then the figures they stand on."""
    for size in SIZES:
        yield from table(size)
    told = load()
    largest = max(told["growth"], key=int)
    shown = {name: cost for name, cost in told["growth"][largest].items() if name in ("crawl", "saving", "places", "export")}
    yield f"Measured: {', '.join(f'{name} {cost:.0f} µs' for name, cost in shown.items())} a work at {int(largest):,} works;"
    yield f"{told['bulk']['edges_per_second'] / 1e6:.1f} M edges a second; a document {told['cluster']['seconds_a_document']:.1f} s of a"
    yield f"processor and {told['cluster']['bytes_a_document'] / 1e6:.1f} MB. Assumed:"
    yield ""
    yield "| | | source |"
    yield "|---:|---|---|"
    for assumed in ASSUMED.values():
        yield f"| {assumed.value:.3g} | {assumed.unit} | {assumed.source} |"


def main() -> None:
    """Print, or write."""
    text = "\n".join(lines())
    if "--write" not in sys.argv:
        print(text)
        return
    head, _, rest = DOC.read_text(encoding="utf-8").partition(BEGIN)
    DOC.write_text(f"{head}{BEGIN}\n\n{text}\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")


if __name__ == "__main__":
    main()
