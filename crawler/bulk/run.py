"""``whereused bulk``: the citing works of datasets from a whole release of Semantic Scholar.

Shard by shard: fetched, filtered to a small file, thrown away; a call that was stopped goes on with the next shard.  A later release
is reached by its diffs where the provider has them.  Then each seed's list is one transaction and one pass, as if the API had
shown it, so what a release no longer has is withdrawn.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from crawler.bulk.engine import Engine, open_engine
from crawler.bulk.release import Releases, in_order
from crawler.bulk.rows import as_rows
from crawler.providers import SEMANTIC_SCHOLAR
from crawler.runs import Session, open_session
from db.config import Config
from db.connect import writing
from db.crawl import ListStep, find_list, open_pass, save_page
from db.crawl_plan import load_corpus_seeds
from db.errors import ProviderError, UsageError
from db.progress import progress_bars

NAME = SEMANTIC_SCHOLAR.name
COMPLETE = "complete"  # the file that says that all shards of a release are filtered
Step = Callable[[str], None]


@dataclass(slots=True)
class BulkReport:
    """What a call came to; ``n_lists`` were read anew, the others already stood at this release."""

    release: str
    n_seeds: int = 0
    n_lists: int = 0
    n_rows: int = 0


def run(config: Config, slugs: Sequence[str], *, release: str | None = None) -> BulkReport:
    """Read the lists of these datasets (of those that are crawled, without a slug) from a release, the newest where none is named."""
    with open_session(config, slugs) as session:
        seeds = load_corpus_seeds(session.db, session.slugs)
        if not seeds:
            raise UsageError("no seed paper of these datasets has a corpus id yet; `whereused crawl --limit 1` asks for them")
        releases = Releases(config)
        report = BulkReport(release or releases.latest(), n_seeds=len(seeds))
        wanted = sorted({corpus for _, corpus in seeds})
        digest = hashlib.sha256(json.dumps(wanted).encode()).hexdigest()[:16]
        folder = config.files / "bulk" / digest / report.release
        with open_engine(folder) as engine:
            kept = _Kept(releases, engine, folder, report.release)
            with progress_bars(config) as bars:
                task = bars.add_task("bulk", total=None)
                kept.take(wanted, lambda text: bars.update(task, description=f"bulk: {text}"))
            for work_id, corpus in seeds:
                _save_list(session, kept, work_id, corpus, report)
    return report


def _save_list(session: Session, kept: _Kept, work_id: int, corpus: int, report: BulkReport) -> None:
    """One seed's list: one transaction, one pass."""
    held = find_list(session.db, NAME, work_id)
    after = json.dumps({"release": report.release}, sort_keys=True)
    if held and held.state == "done" and held.position == after:
        return
    n_rows, number = kept.engine.count(corpus), held.pass_number + 1 if held else 1
    url = f"{kept.releases.base}/release/{report.release}/dataset/citations"
    step = ListStep(NAME, str(corpus), url, number, "{}", after, "done", n_rows, withdraws=True, scheme="corpus", work_id=work_id)
    with writing(session.db):
        open_pass(session.db, NAME, work_id, number, n_rows)
    found = kept.engine.rows(corpus, kept.files("papers"), kept.files("paper-ids"))
    save_page(session.db, step, as_rows(session, step, found), run_id=session.run_id)
    report.n_lists += 1
    report.n_rows += n_rows


class _Kept:
    """The filtered files of one release for one set of seeds."""

    def __init__(self, releases: Releases, engine: Engine, folder: Path, release: str) -> None:
        self.releases, self.engine, self._folder, self._release = releases, engine, folder, release

    def files(self, dataset: str) -> list[Path]:
        """What is kept of a dataset."""
        return sorted((self._folder / dataset).glob("*.parquet"))

    def take(self, wanted: list[int], tell: Step) -> None:
        """All three datasets: the citations of the wanted papers, then the papers and ids of those that cite them."""
        older = None if (self._folder / COMPLETE).exists() else self._older()
        for dataset in ("citations", "papers", "paper-ids"):
            self.engine.want(wanted if dataset == "citations" else self.engine.gather(self.files("citations")))
            if (self._folder / COMPLETE).exists():
                continue
            (self._folder / dataset).mkdir(exist_ok=True)
            if older is None or not self._carried(older, dataset, tell):
                self._filtered(dataset, tell)
        (self._folder / COMPLETE).touch()

    def _older(self) -> Path | None:
        """The newest release before this one that was taken whole for the same seeds."""
        names = [path.parent for path in self._folder.parent.glob(f"*/{COMPLETE}") if path.parent.name < self._release]
        return max(names, default=None, key=lambda path: path.name)

    def _filtered(self, dataset: str, tell: Step) -> None:
        known: list[str] = []

        def links(anew: bool) -> list[str]:
            if anew or not known:
                known[:] = self.releases.files(self._release, dataset)
            return known

        if not links(False):
            raise ProviderError(f"semantic_scholar: release {self._release} has no files of {dataset}")
        for number in range(len(known)):
            tell(f"{dataset}, file {number + 1} of {len(known)}")
            self._one(dataset, links, number, self._folder / dataset / f"{number:05d}.parquet")

    def _one(self, dataset: str, links: Callable[[bool], list[str]], number: int, target: Path) -> None:
        if target.exists():
            return
        shard = self._fetched(links, number, target.with_suffix(".shard"))
        try:
            self.engine.keep(dataset, shard, target)
        finally:
            shard.unlink()  # a damaged one is fetched anew by the next call

    def _fetched(self, links: Callable[[bool], list[str]], number: int, shard: Path) -> Path:
        if not shard.exists():
            self.releases.fetch(links, number, shard)
        return shard

    def _carried(self, older: Path, dataset: str, tell: Step) -> bool:
        """Carry what was kept of an older release to this one by its diffs; False where the provider has none."""
        target = self._folder / dataset / "carried.parquet"
        if target.exists():
            return True
        try:
            n_steps = len(self.releases.diffs(older.name, self._release, dataset))
        except ProviderError:  # too old a release: all of it is read
            return False
        old = sorted((older / dataset).glob("*.parquet"))
        for at in range(n_steps):
            tell(f"{dataset}, step {at + 1} of {n_steps}")
            changed = {kind: self._changed(older, dataset, at, kind) for kind in ("update_files", "delete_files")}
            after = self._folder / dataset / f"step-{at}.carrying"
            self.engine.update(dataset, old, changed["update_files"], changed["delete_files"], after)
            for path in [*changed["update_files"], *changed["delete_files"]]:
                path.unlink()
            old = [after]
        if not n_steps:
            return False
        old[0].replace(target)
        for left in (self._folder / dataset).glob("*.carrying"):
            left.unlink()
        return True

    def _changed(self, older: Path, dataset: str, at: int, kind: str) -> list[Path]:
        """The files of one step, fetched."""
        known: list[str] = []

        def links(anew: bool) -> list[str]:
            if anew or not known:
                known[:] = in_order(self.releases.diffs(older.name, self._release, dataset)[at].get(kind))
            return known

        return [
            self._fetched(links, number, self._folder / dataset / f"{at}-{kind}-{number:05d}.shard") for number in range(len(links(False)))
        ]
