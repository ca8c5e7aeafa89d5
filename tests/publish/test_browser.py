"""The page in a real Chromium, from file://, with nothing else in reach."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from db.config import Config
from publish.run import run

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        if os.environ.get("CI") == "true":
            pytest.fail("no chromium; `make system` installs it")
        pytest.skip("chromium (make system)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-background-networking"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def folder(database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("published")
    run(Config(db=database, verbosity=-1), ["alpha", "beta", "gamma"], out=out, include="all")
    return out


class Visit:
    """An open page, with everything it asked for and complained of."""

    def __init__(self, browser: Browser, path: Path, width: int = 1200) -> None:
        self.page: Page = browser.new_page(viewport={"width": width, "height": 900})
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(f"dialog {dialog.message}"))
        self.page.goto(path.as_uri())
        if path.parent.name in ("alpha", "beta", "gamma"):
            self.page.wait_for_selector("html[data-ready]")

    def check(self) -> None:
        assert [url for url in self.requests if not url.startswith("data:")] == self.requests[:1], "the page fetched something"
        assert self.complaints == []


@pytest.fixture
def visit(browser: Browser, folder: Path) -> Iterator[Visit]:
    visit = Visit(browser, folder / "alpha" / "index.html")
    yield visit
    visit.check()
    visit.page.close()


@pytest.mark.parametrize("name", ["index.html", "alpha/index.html", "beta/index.html", "gamma/index.html"])
@pytest.mark.parametrize("width", [360, 1200])
def test_pages_are_quiet_and_fit(browser: Browser, folder: Path, name: str, width: int) -> None:
    visit = Visit(browser, folder / name, width)
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
    visit.check()
    visit.page.close()


def test_every_place_is_on_the_map(visit: Visit, folder: Path) -> None:
    collection = json.loads((folder / "alpha" / "institutions.geojson").read_text(encoding="utf-8"))
    n_features = len(collection["features"])
    assert visit.page.evaluate("document.documentElement.dataset.ready") == str(n_features)
    drawn = visit.page.locator("#map .pin").count()
    clustered = sum(int(text) for text in visit.page.locator("#map .cluster text").all_text_contents())
    assert drawn + clustered == n_features
    assert visit.page.locator("#map path.leaflet-interactive, #map .leaflet-land-pane path").count() >= 2, "no land is drawn"
    visit.page.locator("#places-list summary").click()
    assert visit.page.locator("#places tbody tr").count() == n_features
    counts = {node.get_attribute("data-count"): node.text_content() for node in visit.page.locator("dd[data-count]").all()}
    assert counts == {name: f"{n:,}" for name, n in collection["counts"].items()}


def test_two_institutions_at_one_point_unfold_and_open(visit: Visit) -> None:
    page = visit.page
    assert page.locator('#map .pin[title^="Example Company"]').count() == 0
    clusters = page.locator("#map .cluster").all()
    westernmost = min(clusters, key=lambda cluster: (cluster.bounding_box() or {"x": 9999.0})["x"])
    westernmost.click()  # one click: there is nothing to zoom to
    page.locator('#map .pin[title^="Example University"]').wait_for()
    page.locator('#map .pin[title^="Example Company"]').click()
    popup = page.locator(".leaflet-popup-content")
    popup.wait_for()
    text = popup.inner_text()
    assert "Example Company" in text and "1 verified use" in text and "used: train, test" in text
    assert "We train on Alpha Faces" in text and "p. 4" in text
    assert popup.locator("a[href='https://doi.org/10.5555/pub_1']").count() == 1


def test_pins_open_with_the_keyboard(visit: Visit) -> None:
    pin = visit.page.locator('#map .pin[title="Example Defence Laboratory (used)"]')
    pin.focus()
    visit.page.keyboard.press("Enter")
    visit.page.locator(".leaflet-popup-content", has_text="East of the line").wait_for()


def test_hostile_title_is_text_everywhere(visit: Visit) -> None:
    page = visit.page
    page.locator('#map .pin[title^="Example Ministry"]').click()
    popup = page.locator(".leaflet-popup-content")
    popup.wait_for()
    assert "<script>document.title" in popup.inner_text()
    assert "cites" in popup.inner_text() and "used" not in popup.locator("b").all_inner_texts()
    assert popup.locator("script, img").count() == 0
    assert page.title() == "Alpha Faces: where was it used?"


def test_columns_tell_their_yearly_totals(visit: Visit) -> None:
    column = visit.page.locator('#chart-cites .column[data-country="US"]')
    readout = visit.page.locator("#chart-cites .readout")
    column.hover()
    assert readout.text_content() == "United States, 3 works. 2018: 1, 2019: 1, 2020: 1"
    visit.page.locator('#chart-cites .column[data-country="GB"]').focus()
    assert readout.text_content() == "United Kingdom, 2 works. 2019: 2"


def test_table_finds_and_sorts(visit: Visit) -> None:
    page = visit.page
    page.locator("#find").fill("date line used")
    assert page.locator("#works tbody tr:visible").count() == 1
    assert page.locator("#shown").text_content() == "1 of 13 works"
    page.locator("#find").fill("")
    page.get_by_role("button", name="Year").press("Enter")
    years = [text for text in page.locator("#works td.year").all_text_contents() if text]
    assert years == sorted(years)


def test_candidates_are_hollow_and_cities_ringed(visit: Visit) -> None:
    fill = "node => node.querySelector('g').getAttribute('fill')"
    assert visit.page.locator('#map .pin[title="Example Ministry (cites)"]').evaluate(fill) == "#fff"
    assert visit.page.locator('#map .pin[title="Example Defence Laboratory (used)"]').evaluate(fill) != "#fff"
    assert visit.page.locator("#map .pin.city circle[stroke-dasharray]").count() == 1


def test_contrast_and_names(visit: Visit) -> None:
    page = visit.page
    assert page.locator("h1").count() == 1
    assert page.locator("table:not(:has(caption))").count() == 0
    assert page.evaluate("document.documentElement.lang") == "en"
    unnamed = (
        "[...document.querySelectorAll('a, button, input')].filter(n => !(n.textContent.trim() || n.labels?.length || n.ariaLabel)).length"
    )
    assert page.evaluate(unnamed) == 0
    assert all(len(word) > 4 for word in page.locator("#map .cluster").evaluate_all("nodes => nodes.map(node => node.ariaLabel)"))
