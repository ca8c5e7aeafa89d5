"""One calm run of the whole job, with the house as it stood before and after each stage."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.sample.provider import LoopbackProvider
from tests.trust.house import LIST, STAGES, House, world


@pytest.fixture(scope="session")
def provider() -> Iterator[LoopbackProvider]:
    with world() as running:
        yield running


class Calm:
    """``before[stage]`` is the house as the stage finds it, ``after[stage]`` its content once the stage is done."""

    def __init__(self, folder: Path, provider: LoopbackProvider, gazetteer: Path) -> None:
        self.before: dict[str, House] = {}
        self.after: dict[str, str] = {}
        house = House(folder / "start", provider, gazetteer)
        house.folder.mkdir()
        (house.folder / "list.csv").write_text(LIST)
        for stage in STAGES:
            self.before[stage] = house
            house = house.copied(folder / f"after-{stage}")
            done = house.run(stage)
            assert done.code == 0, (stage, done.err)
            self.after[stage] = house.content()
        self.end = house


@pytest.fixture(scope="session")
def calm(provider: LoopbackProvider, gazetteer: Path, tmp_path_factory: pytest.TempPathFactory) -> Calm:
    return Calm(tmp_path_factory.mktemp("calm"), provider, gazetteer)
