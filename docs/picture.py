"""Takes the picture of the demo's MegaFace page that README opens with.

python -m docs.picture [SITE]      SITE: the folder of `whereused demo`'s pages [default: demo-out/site]

Debian's Chromium draws the page without a network; the window is cut to the banner, the filters and the map.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

CHROMIUM = "/usr/bin/chromium"
TARGET = Path(__file__).with_name("demo.png")
WIDTH, HEIGHT = 1400, 1000


def take(page_file: Path, target: Path) -> int:
    """Write the picture; returns its size in bytes."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        page.goto(page_file.resolve().as_uri())
        page.wait_for_selector("html[data-ready]")
        # The banner stays in sight: what is seen here is a sample.  Nothing else of the page is changed.
        page.evaluate(
            "() => { const banner = document.querySelector('.sample'), width = banner.offsetWidth;"
            " banner.style.cssText = `position: fixed; top: 0; z-index: 3000; width: ${width}px`; }"
        )
        clusters = page.locator("#map .cluster").all()
        max(clusters, key=lambda cluster: (cluster.bounding_box() or {"x": 0.0})["x"]).click()  # the easternmost: two verified uses
        page.locator("#map .pin.verified").last.click()
        page.locator(".leaflet-popup-content").wait_for()
        page.wait_for_timeout(600)  # the pop-up glides into sight
        page.evaluate("window.scrollTo(0, document.getElementById('map-title').offsetTop - 75)")  # clicks have moved the window
        page.screenshot(path=target)
        browser.close()
    return target.stat().st_size


if __name__ == "__main__":
    site = Path(sys.argv[1] if len(sys.argv) > 1 else "demo-out/site")
    print(f"{TARGET}: {take(site / 'megaface' / 'index.html', TARGET):,} bytes")
