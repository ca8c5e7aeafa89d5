"""The page in all its forms: phone, frame, paper, dark, packed, without scripts; and for those who hear it."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from db.config import Config
from publish.run import run
from tests.publish.visit import Visit

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]


@pytest.mark.parametrize("name", ["index.html", "alpha/index.html", "beta/index.html", "gamma/index.html"])
@pytest.mark.parametrize("width", [360, 1200])
def test_pages_are_quiet_and_fit(browser: Browser, site: Path, name: str, width: int) -> None:
    visit = Visit(browser, site / name, width)
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
    visit.check()
    visit.page.close()


def test_on_a_phone_a_country_unfolds_under_its_bar(browser: Browser, site: Path) -> None:
    visit = Visit(browser, site / "alpha" / "index.html", width=360)
    bar = visit.page.locator('#chart-cites .bar[data-country="US"]')
    assert visit.page.locator("#chart-cites .column:visible").count() == 0
    bar.click()
    assert "United States 3 papers" in visit.page.locator("#chart-cites li:has([data-country=US]) .card").inner_text()
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 360
    visit.page.close()


def test_in_a_frame_only_the_part_that_is_asked_for(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    page.goto((site / "alpha" / "index.html").as_uri() + "#embed-map")
    page.wait_for_selector("html[data-ready]")
    assert page.locator("main > section:visible").count() == 1 and page.locator("#map .pin:visible").count() >= 3
    assert "does not confirm" in page.locator(".embedded:visible").inner_text()
    page.close()


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


def test_paper_shows_every_row(browser: Browser, site: Path) -> None:
    visit = Visit(browser, site / "alpha" / "index.html")
    visit.page.emulate_media(media="print")
    assert visit.page.locator("#works tbody tr:visible").count() == 13
    assert visit.page.locator(".filters:visible, nav:visible").count() == 0
    assert len(visit.page.pdf()) > 10_000
    visit.page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1200])
def test_axe_finds_nothing(browser: Browser, site: Path, scheme: str, width: int) -> None:
    """https://github.com/dequelabs/axe-core, every rule that is on by default."""
    for name in ("alpha/index.html", "index.html"):
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme="dark" if scheme == "dark" else "light")
        page.goto((site / name).as_uri())
        if name != "index.html":
            page.wait_for_selector("html[data-ready]")
        results = Axe().run(page)
        assert [(v["id"], v["nodes"][0]["html"][:200]) for v in results.response["violations"]] == []
        page.close()


def test_a_packed_page_is_read_as_well(browser: Browser, database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("publish.page.render.PACK_ABOVE", 0)
    run(Config(db=database, verbosity=-1), ["alpha"], out=tmp_path, include="all")
    assert "data-packed" in (tmp_path / "alpha" / "index.html").read_text(encoding="utf-8")
    visit = Visit(browser, tmp_path / "alpha" / "index.html")
    assert visit.page.locator("#works tbody tr").count() == 13
    visit.check()
    visit.page.close()


def test_without_scripts_the_tables_are_a_page_of_their_own(browser: Browser, site: Path) -> None:
    page = browser.new_page(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page.goto((site / "alpha" / "index.html").as_uri())
    page.locator("section:has(#citations) noscript a").first.click()
    assert page.locator("#works-plain tbody tr").count() == 13 and page.locator("#places tbody tr").count() == 9
    assert page.locator("#works-plain script, #works-plain img").count() == 0
    page.close()


def test_plain_tables_are_clean(browser: Browser, site: Path) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto((site / "alpha" / "plain.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in Axe().run(page).response["violations"]] == []
    page.close()
