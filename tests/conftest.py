"""What every test stands on: an environment of its own, and the gold data where it lies beside the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.helpers.once import made_once

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def _own_environment(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting, cache or home folder of whoever runs the tests reaches into them."""
    for name in list(os.environ):
        if name.startswith("WHEREUSED_") and name != "WHEREUSED_GOLD":
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.fixture(scope="session")
def gold() -> Path:
    """The folder of gold data; skips, saying so, where it isn't there."""
    folder = Path(os.environ.get("WHEREUSED_GOLD") or ROOT.parent / "shared")
    if not (folder / "papers" / "gold.jsonl").is_file():
        pytest.skip(f"no gold data at {folder} (set WHEREUSED_GOLD)")
    return folder


@pytest.fixture
def few_cities(monkeypatch: pytest.MonkeyPatch) -> None:
    """An index has only the largest cities, and those where a record stands: it is then built in no time."""
    monkeypatch.setattr("geocode.citybuild.SMALLEST", 5_000_000)


@pytest.fixture(scope="session")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small registry as an index, built once for all rooms and workers."""
    from db.config import Config
    from geocode.gazetteer import import_dump
    from tests.geocode.registry import write_dump

    def make(folder: Path) -> None:
        import_dump(Config(gazetteer=folder / "gazetteer.db"), write_dump(folder))

    return made_once(tmp_path_factory, "gazetteer", make) / "gazetteer.db"
