"""The short form of the campaign: seeded, every kind of fault, a list that moves, kills."""

from __future__ import annotations

import random
import signal
from pathlib import Path

from tests.crawl.campaign import BadDays, count_calls, harvested, world
from tests.crawl.world import Crawl, citing_id
from tests.helpers.dump import canonical_dump

N = 1100
QUICK = {"rate_semantic_scholar": "400"}


def test_every_work_arrives_once_whatever_goes_wrong(tmp_path: Path) -> None:
    with world(N) as provider:
        provider.faults = days = BadDays(seed=3, share=0.5, moves=0.5)
        crawl = Crawl(tmp_path / "w.db", provider)
        for _ in range(2):
            done = crawl("megaface", "--no-fulltext", **QUICK)
            assert done.code in (0, 3), done.err
        assert sum(days.met.values()) >= 9, days.met
        provider.faults = days.__class__(seed=4, share=0.0)
        assert crawl("megaface", "--no-fulltext", **QUICK).code == 0
        found = harvested(crawl.db)
        rows = {row["citingPaper"] for row in provider.citations["1" * 40] if isinstance(row["citingPaper"], str)}  # type: ignore[index]
        assert rows <= found.keys()
        assert {citing_id(i) for i in range(N)} - found.keys() <= days.gone
        assert set(found.values()) == {1}
        assert crawl.one("SELECT count(DISTINCT group_id) FROM work JOIN citation ON citing_work_id = work_id") == len(found)


def test_kills_at_random_moments_change_nothing(tmp_path: Path) -> None:
    dice = random.Random(7)
    with world(N) as provider:
        calm = Crawl(tmp_path / "calm.db", provider)
        assert calm("megaface", "--no-fulltext", **QUICK).code == 0
        assert count_calls(provider, None, N + 10).kept
        crawl = Crawl(tmp_path / "w.db", provider)
        provider.faults = BadDays(seed=5, share=0.1, holes=False)
        for _ in range(2):
            moment = ("db.citations:_take", dice.randrange(1, 900))
            assert crawl.start("megaface", "--no-fulltext", dies_at=moment, **QUICK).wait()[0] == -signal.SIGKILL
        assert crawl("megaface", "--no-fulltext", **QUICK).code == 0
        assert canonical_dump(crawl.db) == canonical_dump(calm.db)
