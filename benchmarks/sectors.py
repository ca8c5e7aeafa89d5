"""Measures the sectors of institutions against gold: those of records that the matcher finds, and those told by bare names.

    python -m benchmarks.sectors

First the institutions of the gold papers (WHEREUSED_GOLD, default ../shared): every affiliation string whose institution is
found or that the registry lacks has a gold sector.  Then the rules for bare names, against what the registry's own types say
of the same records: the answers OTHER are counted apart, as "not told".
Data: the gold papers and the installed gazetteer.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from contextlib import closing
from pathlib import Path

from db.config import load_config
from db.gazetteer import open_gazetteer
from geocode.matcher import Matcher
from geocode.namesectors import sector_of_name
from geocode.unmatched import find_house


def papers(matcher: Matcher, gold: Path) -> tuple[Counter[str], list[str]]:
    """Right, wrong and not found, and the wrong ones in words."""
    counts: Counter[str] = Counter()
    wrong = []
    for line in gold.read_text(encoding="utf-8").splitlines():
        for affiliation in json.loads(line)["affiliations"]:
            text, sector = affiliation["text"], affiliation["sector"]
            found = {m.institution.ror_id: m.institution.sector for m in matcher.match(text).matches}
            if affiliation["ror_id"]:
                got = found.get(affiliation["ror_id"])
            else:
                house = find_house(*matcher.look(text))
                got = sector_of_name(house.name) if house else None
            kind = "record" if affiliation["ror_id"] else "no record"
            verdict = "not found" if got is None else "right" if got == sector else "wrong"
            counts[f"{kind}, {verdict}"] += 1
            if verdict == "wrong":
                wrong.append(f"{text[:70]!r}: {got}, gold {sector}")
    return counts, wrong


def names(path: Path) -> tuple[Counter[tuple[str, str]], Counter[str]]:
    """(sector by types, sector by name) of all records, and how many of each sector there are."""
    with closing(open_gazetteer(path).conn) as conn:
        rows = conn.execute("SELECT name, sector FROM record").fetchall()
    return Counter((sector, sector_of_name(name)) for name, sector in rows), Counter(sector for _, sector in rows)


def main() -> None:
    """Print both tables."""
    config = load_config()
    gold = Path(os.environ.get("WHEREUSED_GOLD", "../shared")) / "papers" / "gold.jsonl"
    with closing(Matcher(config.gazetteer)) as matcher:
        counts, wrong = papers(matcher, gold)
    for kind in ("record", "no record"):
        right, false = counts[f"{kind}, right"], counts[f"{kind}, wrong"]
        print(f"{kind}: {right} of {right + false} right ({right / max(right + false, 1):.3f}), {counts[f'{kind}, not found']} not found")
    print("\n".join(f"  {line}" for line in wrong))
    table, totals = names(config.gazetteer)
    for sector, n in totals.most_common():
        told = {got: count for (is_, got), count in table.items() if is_ == sector}
        right, silent = told.get(sector, 0), told.get("other", 0) if sector != "other" else 0
        rest = ", ".join(f"{got} {count}" for got, count in sorted(told.items(), key=lambda x: -x[1]) if got not in (sector, "other"))
        share = right / max(n - silent, 1)
        print(f"by name, {sector}: {n} records, {n - silent} told, {share:.3f} of them right; else {rest}")


if __name__ == "__main__":
    main()
