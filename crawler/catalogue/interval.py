"""``datasets interval``: how often a dataset is crawled by ``--due``."""

from __future__ import annotations

from crawler.datasets import load_datasets
from db import catalogue
from db.config import Config
from db.connect import open_for_writing, writing
from db.intervals import DUE_DAYS, find_interval, save_interval


def set_interval(config: Config, slug: str, days: float | None, *, reset: bool) -> float:
    """Set the days between two crawls, where ``days`` or ``reset`` says so; returns those that hold.  UsageError for an unknown slug."""
    db = open_for_writing(config.db)
    try:
        with writing(db):
            catalogue.sync(db, load_datasets())
            catalogue.find_dataset(db, slug)
            if days is not None or reset:
                save_interval(db, slug, None if reset else days)
        return find_interval(db, slug) or DUE_DAYS
    finally:
        db.close()
