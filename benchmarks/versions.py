"""How well works are grouped into versions: against the duplicate clusters that Semantic Scholar itself made.

    python -m benchmarks.versions [FOLDER of gold data]

Precision and recall over pairs of records by the rules of ``db.versions``; no two records share an id.  Headings such as
"Preface" are not grouped on purpose, so the figures over titles that tell a work stand beside those over all.  Errors are
listed, for a person to judge: some of the clusters are doubtful themselves.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from typing import Any

from db.identity import canonical_ids, is_telling, title_key
from db.versions import Version, clusters

FILE = Path("recordings/semantic_scholar/s2apler-duplicate-clusters.json")
Pairs = set[tuple[int, int]]


def load(folder: Path) -> tuple[dict[int, dict[str, Any]], Pairs]:
    """The records by their number, and the pairs that Semantic Scholar holds for one paper."""
    data = json.loads((folder / FILE).read_text(encoding="utf-8"))
    papers = {int(number): paper for number, paper in data["papers"].items()}
    return papers, pairs_of(cluster["sourced_paper_ids"] for cluster in data["clusters"].values())


def pairs_of(groups: Iterable[Iterable[int]]) -> Pairs:
    """All pairs within the groups; groups that share a member are one."""
    joined: list[set[int]] = []
    for group in map(set, groups):
        touching = [other for other in joined if other & group]
        joined = [other for other in joined if not other & group] + [group.union(*touching)]
    return {pair for group in joined for pair in combinations(sorted(group), 2)}


def version(number: int, paper: dict[str, Any]) -> Version:
    """The record as the grouping sees it; its number stands for the id that no other record has."""
    names = [" ".join([a["first"] or "", *(a["middle"] or []), a["last"] or ""]).strip() for a in paper.get("authors") or []]
    ids = {("corpus", str(number)), *canonical_ids([("doi", paper.get("doi"))])[0]}
    return Version(
        number, number, "paper", paper["title"], title_key(paper["title"]), paper.get("year"), paper.get("venue"),
        tuple(names), n_facts=len([v for v in paper.values() if v]), ids=frozenset(ids),
    )  # fmt: skip


def score(papers: dict[int, dict[str, Any]], truth: Pairs) -> tuple[float, float, Pairs, Pairs]:
    """(precision, recall, wrong pairs, missed pairs)."""
    found = pairs_of([v.work_id for v in cluster] for cluster in clusters(version(n, p) for n, p in papers.items()))
    hits = len(found & truth)
    return hits / max(len(found), 1), hits / max(len(truth), 1), found - truth, truth - found


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("WHEREUSED_GOLD") or Path(__file__).resolve().parents[2] / "shared")
    if not (folder / FILE).is_file():
        print(f"versions: no gold data at {folder}")
        return
    papers, truth = load(folder)
    precision, recall, wrong, missed = score(papers, truth)
    print(f"versions: {len(papers)} records, {len(truth)} true pairs; precision {precision:.3f}, recall {recall:.3f}")
    telling = {n: p for n, p in papers.items() if is_telling(p["title"])}
    precision, recall, *_ = score(telling, {pair for pair in truth if set(pair) <= set(telling)})
    print(f"  titles that tell a work: {len(telling)} records; precision {precision:.3f}, recall {recall:.3f}")
    for name, pairs in (("joined, but not by Semantic Scholar", wrong), ("not joined", missed)):
        for pair in sorted(pairs):
            print(f"  {name}: " + "  |  ".join(_line(papers[number]) for number in pair))


def _line(paper: dict[str, Any]) -> str:
    author = (paper.get("authors") or [{"last": "-"}])[0]["last"]
    return f"{paper['title'][:60]} ({author}, {paper.get('year')}, {paper.get('venue') or '-'}, {paper.get('doi') or 'no DOI'})"


if __name__ == "__main__":
    main()
