"""The page in a real Chromium, from file://, with nothing else in reach."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.publish.visit import Visit

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]


def test_every_place_is_on_the_map(visit: Visit, site: Path) -> None:
    collection = json.loads((site / "alpha" / "institutions.geojson").read_text(encoding="utf-8"))
    n_features = len(collection["features"])
    assert visit.page.evaluate("document.documentElement.dataset.ready") == str(n_features)
    drawn = visit.page.locator("#map .pin").count()
    clustered = sum(int(text) for text in visit.page.locator("#map .cluster text").all_text_contents())
    assert drawn + clustered == n_features
    assert visit.page.locator("#map path.leaflet-interactive, #map .leaflet-land-pane path").count() >= 2, "no land is drawn"
    visit.page.locator("#places-list summary").click()
    expect(visit.page.locator("#places tbody tr")).to_have_count(n_features)
    counts = {node.get_attribute("data-count"): node.text_content() for node in visit.page.locator("dd[data-count]").all()}
    assert counts == {name: f"{n:,}" for name, n in collection["counts"].items()}


def test_two_institutions_at_one_point_unfold_and_open(visit: Visit) -> None:
    page = visit.page
    assert page.locator('#map .pin[title^="Example Company"]').count() == 0
    clusters = page.locator("#map .cluster").all()
    westernmost = min(clusters, key=lambda cluster: (cluster.bounding_box() or {"x": 9999.0})["x"])
    westernmost.click()  # one click: there is nothing to zoom to
    page.locator('#map .pin[title^="Example University"]').wait_for()
    page.locator(".leaflet-cluster-anim").wait_for(
        state="detached"
    )  # a pin that is still on its way would be missed, and the click fold it up
    page.locator('#map .pin[title^="Example Company"]').click()
    popup = page.locator(".leaflet-popup-content")
    popup.wait_for()
    text = popup.inner_text()
    assert "Example Company" in text and "1 verified use" in text and "used: training, testing" in text and "2 reviewers" in text
    assert "We train on Alpha Faces" in text and "p. 4" in text
    assert popup.locator("a[href='https://doi.org/10.5555/pub_1']").count() == 1


def test_pins_open_with_the_keyboard(visit: Visit) -> None:
    pin = visit.page.locator('#map .pin[title="Example Defence Laboratory (used)"]')
    pin.focus()
    visit.page.keyboard.press("Enter")
    visit.page.locator(".leaflet-popup-content", has_text="East of the line").wait_for()
    assert visit.page.evaluate("document.activeElement.className") == "leaflet-popup-content"
    visit.page.keyboard.press("Escape")
    expect(visit.page.locator(".leaflet-popup-content")).to_have_count(0)
    expect(pin).to_be_focused()


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
    card = visit.page.locator("#chart-cites .card")
    assert column.get_attribute("aria-label") == "United States, 3 papers. 2018: 1, 2019: 1, 2020: 1"
    column.hover()
    assert card.inner_text().split() == ["United", "States", "3", "papers", "2018", "1", "2019", "1", "2020", "1"]
    visit.page.locator('#chart-cites .column[data-country="GB"]').focus()
    assert "United Kingdom 2 papers" in card.inner_text()


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
    fill = "node => getComputedStyle(node.querySelector('g')).fill"
    assert visit.page.locator('#map .pin[title="Example Ministry (cites)"]').evaluate(fill) == "rgb(255, 255, 255)"
    assert visit.page.locator('#map .pin[title="Example Defence Laboratory (used)"]').evaluate(fill) != "rgb(255, 255, 255)"
    assert visit.page.locator("#map .pin.city circle[stroke-dasharray]").count() == 1


def expect_shown(page: Page, title: str) -> None:
    """The table holds this one work, as soon as the filters were taken in with the next frame."""
    expect(page.locator("#works td.title")).to_have_count(1)
    expect(page.locator("#works td.title")).to_contain_text(title)


def shown(page: Page) -> list[str]:
    return [title or "" for title in page.locator("#works td.title").evaluate_all("cells => cells.map(c => c.firstChild.textContent)")]


def test_filters_hold_for_the_map_and_the_table(visit: Visit) -> None:
    page = visit.page
    page.locator("select[name=sector]").select_option("commercial")
    expect(page.locator("#shown-places")).to_have_text("1 of 9 places")
    expect(page.locator("#shown")).to_have_text("1 of 13 works")
    expect_shown(page, "Faces at scale")
    assert page.locator('#map .pin[title="Example Company (used)"]').count() == 1
    page.locator("button[data-reset]:visible").first.click()
    expect(page.locator("#shown-places")).to_have_text("9 of 9 places")
    page.locator("select[name=decision]").select_option("not_used")
    expect_shown(page, "Cites it only")
    page.locator("select[name=decision]").select_option("*")
    page.locator("select[name=purpose]").select_option("validate")
    expect_shown(page, "Withdrawn but verified")
    page.locator("select[name=purpose]").select_option("*")
    page.locator("select[name=kind]").select_option("patent")
    expect_shown(page, "Method for recognising examples")


def test_the_address_holds_the_filters(visit: Visit) -> None:
    page = visit.page
    page.locator("select[name=decision]").select_option("")
    page.locator("input[data-find]").first.fill("scale & more=")
    expect(page.locator("#shown")).to_have_text("0 of 13 works")
    assert page.url.endswith("#decision=&find=scale+%26+more%3D")
    page.locator("button[data-reset]:visible").first.click()
    assert page.url.endswith("#")


def test_an_address_with_filters_shows_what_it_says(browser: Browser, site: Path) -> None:
    shared = Visit(browser, site / "alpha" / "index.html", fragment="#sector=commercial&country=XX&until=1066&find=faces")
    expect_shown(shared.page, "Faces at scale")
    expect(shared.page.locator("select[name=sector]")).to_have_value("commercial")
    expect(shared.page.locator("select[name=country]")).to_have_value("*")
    expect(shared.page.locator("#until-text")).to_have_text("all years")
    framed = Visit(browser, site / "alpha" / "index.html", fragment="#embed-map&kind=patent")
    expect(framed.page.locator("#shown-places")).not_to_have_text("9 of 9 places")
    assert framed.page.evaluate("document.documentElement.dataset.embed") == "map"
    for visit in (shared, framed):
        visit.check()
        visit.page.close()


def test_the_slider_goes_back_in_time(visit: Visit) -> None:
    page = visit.page
    slider = page.locator("#until")
    slider.focus()
    for _ in range(2):
        page.keyboard.press("ArrowLeft")
    expect(page.locator("#until-text")).to_have_text("until 2019")
    years = set(page.locator("#works td.year").all_text_contents())
    assert years and max(years) <= "2019" and "" not in years, "a work without a year can't be told to be older"
    expect(page.locator("#shown-places")).not_to_have_text("9 of 9 places")
    assert page.locator('#map .pin[title^="Example Clinic"]').count() == 0


def test_the_table_is_saved_as_it_is_shown(visit: Visit, tmp_path: Path) -> None:
    page = visit.page
    page.locator("#find").fill("example")
    n = page.locator("#works tbody tr").count()
    page.get_by_role("button", name="Work", exact=True).click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download these as CSV").click()
    waiting.value.save_as(tmp_path / "shown.csv")
    with (tmp_path / "shown.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert waiting.value.suggested_filename == "alpha-shown.csv" and 0 < n == len(rows) < 13
    assert [row["title"] for row in rows] == shown(page)
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row.values())
    visit.requests = [url for url in visit.requests if not url.startswith("blob:")]


def test_lines_run_from_the_home_and_can_be_switched_off(visit: Visit) -> None:
    page = visit.page
    assert page.locator("#map .home").count() == 1
    assert page.locator("#map path.arc").count() >= 3
    page.locator("#lines").uncheck()
    assert page.locator("#map path.arc").count() == 0


def test_names_unfold_with_works_and_quotes(visit: Visit) -> None:
    row = visit.page.locator("table.named[data-sector=commercial] tr", has_text="Example Company")
    assert "used: training, testing" in row.inner_text() and "We train on Alpha Faces" in row.inner_text()
    ministry = visit.page.locator("table.named[data-sector=government]").inner_text()
    assert "cites" in ministry and "used" not in ministry


def test_lineage_counts_the_family_once(browser: Browser, site: Path) -> None:
    visit = Visit(browser, site / "alpha" / "index.html")
    rows = [row.split("\t") for row in visit.page.locator("#family tbody tr").all_inner_texts()]
    assert rows == [["Alpha Faces", "this dataset", "13", "7"], ["Beta Faces", "made from Alpha Faces", "1", "0"]]
    assert "14 works found, 7 verified uses" in visit.page.locator("section:has(#lineage) p").inner_text()
    visit.page.locator("#family a").click()
    assert visit.page.title().startswith("Beta Faces")
    visit.page.close()


def test_a_lasting_link_opens_a_pin_or_goes_to_a_row(browser: Browser, site: Path) -> None:
    visit = Visit(browser, site / "alpha" / "index.html", fragment="#place=0aaaaaa02")
    popup = visit.page.locator(".leaflet-popup-content")
    expect(popup).to_contain_text("Example Company")  # out of a cluster of two at one point
    assert popup.locator("a.permalink").get_attribute("href") == "#place=0aaaaaa02"
    visit.page.locator("select[name=sector]").select_option("military")
    expect_shown(visit.page, "East of the line")
    visit.page.evaluate("window.location.hash = 'work=doi%3A10.5555%2Fr1'")  # behind that filter
    expect(visit.page.locator("#works tr:focus td.title")).to_contain_text("Decided, then reopened")
    expect(visit.page.locator("#shown")).to_have_text("13 of 13 works")
    assert visit.page.url.endswith("#work=doi%3A10.5555%2Fr1")
    hrefs = visit.page.locator("#works a.permalink").evaluate_all("links => links.map(link => decodeURIComponent(link.hash.slice(6)))")
    rows = csv.DictReader((site / "alpha" / "citations.csv").read_text(encoding="utf-8").splitlines())
    assert sorted(hrefs) == sorted(row["id"] for row in rows)
    visit.page.evaluate("window.location.hash = 'place=nowhere'")
    visit.page.locator("table.named[data-sector=commercial] a.permalink").click()
    expect(popup).to_contain_text("Example Company")
    visit.check()
    visit.page.close()


def test_the_chart_switches_to_patents_and_sectors(visit: Visit) -> None:
    page = visit.page
    page.locator("select[data-charts]").select_option("military")
    assert page.locator(".chart:visible .column").first.get_attribute("data-country") == "NZ"
    assert page.locator("#chart-used:visible").count() == 0


def test_lines_cross_the_date_line_the_short_way(visit: Visit) -> None:
    """Seattle to 179.99° east: over the Pacific, so that the line leaves at the left edge and comes in at the right."""
    widest = """() => Math.max(...[...document.querySelectorAll('#map path.arc')].map(path => path.getBBox().width))"""
    world = "() => { const box = document.querySelector('#map .land').getBBox(); return box.width; }"
    assert visit.page.evaluate(widest) < visit.page.evaluate(world) / 2 + 20
    assert visit.page.locator("#map path.arc").count() >= 8
