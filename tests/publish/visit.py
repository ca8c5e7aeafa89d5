"""An open page in Chromium, with everything it asked for and complained of."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page


class Visit:
    """An open page, with everything it asked for and complained of."""

    def __init__(self, browser: Browser, path: Path, width: int = 1200, fragment: str = "") -> None:
        self.page: Page = browser.new_page(viewport={"width": width, "height": 900})
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(f"dialog {dialog.message}"))
        self.page.goto(path.as_uri() + fragment)
        if path.parent.name in ("alpha", "beta", "gamma"):
            self.page.wait_for_selector("html[data-ready]")

    def check(self) -> None:
        assert [url for url in self.requests if not url.startswith("data:")] == self.requests[:1], "the page fetched something"
        assert self.complaints == []
