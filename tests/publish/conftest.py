"""The database that most tests of publishing read, and ways to ask it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from db.config import Config
from db.connect import Database, open_for_reading
from db.queries import snapshot
from publish.export import stream
from publish.run import run
from tests.publish.rows import build
from tests.publish.visit import Visit

Json = dict[str, Any]
CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("publish") / "whereused.db")


@pytest.fixture
def opened(database: Path) -> Iterator[Database]:
    db = open_for_reading(database)
    with snapshot(db):
        yield db
    db.close()


@pytest.fixture
def exported(opened: Database) -> Callable[..., str]:
    def export(format_: str, include: str = "all", slug: str = "alpha") -> str:
        return "".join(stream(opened, slug, format=format_, include=include))

    return export


@pytest.fixture
def lines(exported: Callable[..., str]) -> Callable[..., dict[str, Json]]:
    """JSONL lines by title."""

    def parse(include: str = "all", slug: str = "alpha") -> dict[str, Json]:
        parsed = [json.loads(line) for line in exported("jsonl", include, slug).splitlines()]
        return {line["title"]: line for line in parsed}

    return parse


@pytest.fixture
def features(exported: Callable[..., str]) -> Callable[..., dict[str, Json]]:
    """Features by institution, or by city where there is no institution."""

    def parse(include: str = "all", slug: str = "alpha") -> dict[str, Json]:
        collection = json.loads(exported("geojson", include, slug))
        return {f["properties"]["institution"] or f["properties"]["city"]: f for f in collection["features"]}

    return parse


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        if os.environ.get("CI") == "true":
            pytest.fail("no chromium; `make system` installs it")
        pytest.skip("chromium (make system)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-background-networking"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The three datasets as published."""
    out = tmp_path_factory.mktemp("published")
    run(Config(db=database, verbosity=-1), ["alpha", "beta", "gamma"], out=out, include="all")
    return out


@pytest.fixture
def visit(browser: Browser, site: Path) -> Iterator[Visit]:
    visit = Visit(browser, site / "alpha" / "index.html")
    yield visit
    visit.check()
    visit.page.close()
