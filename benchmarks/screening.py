"""How much reading the order of the queue saves: works read until 95 % of the uses are found, against reading at random.

    python -m benchmarks.screening [--gold] [--synthetic] [--works N] [--seeds N]

Random, score alone, and score with learning, side by side, through the queue of `verify` itself.  WSS@95 = 0.95 - share read
(Cohen 2006).  ``--gold``: the pairs of work and dataset of papers/use_gold.jsonl (WHEREUSED_GOLD, default ../shared), read anew
with this version's reader; pairs that the reader found and the gold lacks count as no use, "created" and "unclear" are left
out.  ``--synthetic``: made-up works with 8 % uses; 35 % have no full text and so no score, one use in 25 reads like a mere
mention, and one mention in eight like a use.  What it shows is how the order behaves at that size, not how good the
reader is.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from db.catalogue import Dataset
from db.connect import Database, now, open_for_writing, writing
from db.queries.queue import load_queue
from db.verify import Seat, save_reviewer
from verify.order import Pending, ordered

SLUG, NAME = "simulated", "SIMULATEDSET"


@dataclass
class Case:
    """A work to judge: what is known of it, and the truth."""

    is_use: bool
    score: float | None
    reasons: list[str] = field(default_factory=list)
    passages: list[tuple[str, str | None]] = field(default_factory=list)


def fill(path: Path, cases: Iterable[Case]) -> tuple[Database, dict[int, bool]]:
    """A database with the cases; work → truth."""
    db = open_for_writing(path)
    truth = {}
    with writing(db):
        db.conn.execute("INSERT INTO provider (name) VALUES ('fulltext')")
        db.conn.execute("INSERT INTO dataset (slug, name, origin) VALUES (?, ?, 'user')", [SLUG, NAME])
        for number, case in enumerate(cases, 1):
            db.conn.execute("INSERT INTO work_group (group_id, preferred_work_id) VALUES (?, ?)", [number, number])
            db.conn.execute(
                "INSERT INTO work (work_id, group_id, kind, title, year, provider, retrieved_at) "
                "VALUES (?, ?, 'paper', ?, 2020, 'fulltext', ?)",
                [number, number, f"Work {number}", now()],
            )
            db.conn.execute("INSERT INTO external_id (scheme, value, work_id) VALUES ('file', ?, ?)", [f"w{number}", number])
            db.conn.execute("INSERT INTO finding VALUES (?, ?, 'fulltext', 'import', NULL, NULL, ?, NULL)", [number, SLUG, now()])
            for place, (quote, section) in enumerate(case.passages):
                db.conn.execute(
                    "INSERT INTO mention (work_id, slug, provider, position, alias, quote, section, version) "
                    "VALUES (?, ?, 'fulltext', ?, ?, ?, ?, '1')",
                    [number, SLUG, place, NAME, quote, section],
                )
            if case.score is not None:
                db.conn.execute("INSERT INTO use_score VALUES (?, ?, ?, ?, '1')", [number, SLUG, case.score, json.dumps(case.reasons)])
            truth[number] = case.is_use
    return db, truth


def read_until(pending: Pending, truth: dict[int, bool], share: float = 0.95) -> int:
    """How many works are read until that share of the uses is found."""
    wanted, found, n_read = share * sum(truth.values()), 0, 0
    while found < wanted and (work_id := pending.head()) is not None:
        pending.drop(work_id)
        pending.learn(work_id, "used" if truth[work_id] else "not_used")
        n_read, found = n_read + 1, found + truth[work_id]
    return n_read


def compare(cases: list[Case], seeds: int) -> None:
    """Print works read and WSS@95 of the three orders."""
    with tempfile.TemporaryDirectory() as folder:
        db, truth = fill(Path(folder) / "simulation.db", cases)
        seat = Seat(SLUG, save_reviewer(db, "simulated").reviewer_id)
        dataset = Dataset(SLUG, NAME)
        rows = load_queue(db, SLUG, seat.reviewer_id, 1, postponed_before="2000")

        def pending(order: str, seed: int, learns: bool) -> Pending:
            return Pending(db, seat, dataset, ordered(db, SLUG, rows, order, seed), learns=learns)

        print(f"{len(cases)} works, {sum(truth.values())} uses; read until 95 % of them are found:")
        for name, order, learns, runs in (
            ("random", "random", False, seeds),
            ("score", "priority", False, 1),
            ("score and learning", "priority", True, 1),
        ):
            read = [read_until(pending(order, seed, learns), truth) for seed in range(1, runs + 1)]
            shares = [n / len(cases) for n in read]
            spread = f" (of {runs} seeds: {min(read)} to {max(read)})" if runs > 1 else ""
            print(f"  {name:20} {statistics.mean(read):7.0f} works  WSS@95 {0.95 - statistics.mean(shares):6.3f}{spread}")
        db.close()


# ---------------------------------------------------------------- gold


def gold_cases() -> list[Case]:
    """The gold pairs, with what this version's reader makes of the PDFs."""
    from crawler.datasets import load_datasets
    from crawler.reading.aliases import Catalogue
    from crawler.reading.reader import Order, read_file

    folder = Path(os.environ.get("WHEREUSED_GOLD") or Path(__file__).resolve().parents[2] / "shared") / "papers"
    gold = {(row["id"], row["dataset"]): row["label"] for row in map(json.loads, (folder / "use_gold.jsonl").open(encoding="utf-8"))}
    datasets = load_datasets()
    catalogue = Catalogue.of(
        [(d.slug, alias.alias, alias.weak) for d in datasets for alias in d.aliases],
        [(d.slug, p.title) for d in datasets for p in d.papers],
    )
    cases = []
    for path in sorted((folder / "pdf").glob("*.pdf")):
        reading = read_file(Order(path, front_matter=False, catalogue=catalogue))
        scores = {use.slug: use for use in reading.uses}
        mentions: dict[str, list[tuple[str, str | None]]] = {}
        for mention in reading.mentions:
            if not mention.in_references:
                mentions.setdefault(mention.slug, []).append((mention.quote.replace(mention.alias, NAME), mention.section))
        for slug in sorted({*scores, *(dataset for paper, dataset in gold if paper == path.stem)}):
            label = gold.get((path.stem, slug), "mentioned")
            if label in ("used", "mentioned"):
                use = scores.get(slug)
                passages = mentions.get(slug, [])
                cases.append(Case(label == "used", use.score if use else None, list(use.reasons) if use else [], passages))
    return cases


# ---------------------------------------------------------------- made up

_USES = (
    "We train our network on {n} and report accuracy on it.", "The model is fine-tuned on {n} for {k} epochs.",
    "Table {k} shows rank-1 identification rates on {n} with distractors.", "We evaluate on {n} following its protocol.",
    "Our method achieves {k}.2% verification rate on {n}.", "For pre-training we use images from {n} after cleaning.",
    "We downloaded {n} and cropped its faces to {k} pixels.", "Experiments on {n} confirm that our loss converges.",
)  # fmt: skip
_MENTIONS = (
    "Large datasets such as {n} have driven progress in recent years.", "Recent benchmarks include {n} and others [{k}].",
    "{n} was introduced to study recognition at scale [{k}].", "See {n} for a survey of protocols.",
    "Unlike {n}, our collection has consent of all people.", "Privacy concerns were raised about {n} [{k}].",
    "The authors of [{k}] report results on {n}.", "Datasets like {n} are not suitable for our medical task.",
)  # fmt: skip
_TELLING, _IDLE = ("Experiments", "Results", "Implementation details"), ("Introduction", "Related work", "Conclusion")


def made_up_cases(n: int, share: float = 0.08, seed: int = 1) -> list[Case]:
    """Works with the given share of uses."""
    dice = random.Random(seed)
    cases = []
    for number in range(n):
        is_use = number < n * share
        reads_like_use = dice.random() > 0.04 if is_use else dice.random() < 0.125
        sentences, sections = (_USES, _TELLING) if reads_like_use else (_MENTIONS, _IDLE)
        passages: list[tuple[str, str | None]] = []
        has_text = dice.random() > 0.35
        for _ in range(dice.randint(1, 4) if has_text else 1):
            text = dice.choice(sentences if dice.random() < 0.8 else _USES + _MENTIONS).format(n=NAME, k=dice.randint(2, 90))
            passages.append((text, dice.choice(sections if dice.random() < 0.7 else _TELLING + _IDLE) if has_text else None))
        mean = 0.65 if reads_like_use else 0.3
        score = min(max(dice.gauss(mean, 0.2), 0.03), 0.97) if has_text else None
        cases.append(Case(is_use, score, [], passages))
    dice.shuffle(cases)
    return cases


def main(arguments: list[str]) -> None:
    def number(name: str, default: int) -> int:
        return int(arguments[arguments.index(name) + 1]) if name in arguments else default

    both = not {"--gold", "--synthetic"} & set(arguments)
    parts: list[tuple[str, Callable[[], list[Case]]]] = []
    if both or "--synthetic" in arguments:
        parts.append(("synthetic", lambda: made_up_cases(number("--works", 5000))))
    if both or "--gold" in arguments:
        parts.append(("gold", gold_cases))
    for name, make in parts:
        print(name)
        compare(make(), number("--seeds", 20))


if __name__ == "__main__":
    main(sys.argv[1:])
