"""The reactor of a crawl."""

from __future__ import annotations

from typing import Any


def reactor() -> Any:
    """The reactor that Scrapy has installed; importing it before would install another one."""
    from twisted.internet import reactor as installed

    return installed
