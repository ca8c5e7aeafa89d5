"""The sample's own: whose its answers are, and addresses that lead somewhere in place of those of the provider on this machine."""

from __future__ import annotations

from collections.abc import Iterable

from sqlite_utils import Database

from db.connect import writing
from db.records import ProviderFacts
from db.settings import save_setting
from db.works import save_provider

CREDIT = "Bundled sample of whereused, told by a provider on this machine in the shapes of real services; no data of theirs"

_LANDING = """(SELECT CASE scheme WHEN 'doi' THEN 'https://doi.org/' ELSE 'https://arxiv.org/abs/' END || value
    FROM external_id e JOIN work v USING (work_id)
   WHERE v.group_id = (SELECT group_id FROM work w WHERE w.work_id = {work}) AND scheme IN ('doi', 'arxiv')
   ORDER BY scheme DESC, is_primary DESC, value LIMIT 1)"""


def mark_sample(db: Database, providers: Iterable[str]) -> None:
    """The database says from now on that it holds a sample, and credits none of it to the services in whose shapes it is told."""
    save_setting(db, "sample", "1")
    with writing(db):
        for name in providers:
            save_provider(db, ProviderFacts(name, attribution=CREDIT))


def replace_addresses(db: Database, base: str) -> None:
    """Put the page of the work itself where an address begins with ``base``; those without one get a name that can't exist (RFC 2606)."""
    old = f"{base}/%"
    with writing(db):
        citing = _LANDING.format(work="(SELECT citing_work_id FROM citation c WHERE c.citation_id = citation_sighting.citation_id)")
        db.conn.execute(f"UPDATE citation_sighting SET url = coalesce({citing}, url) WHERE url LIKE ?", [old])
        db.conn.execute(f"UPDATE finding SET url = coalesce({_LANDING.format(work='finding.work_id')}, url) WHERE url LIKE ?", [old])
        # Of several places of one work the best one gets the page; the others were places of this machine alone.
        best = (
            "rowid = (SELECT f.rowid FROM fulltext f WHERE f.work_id = fulltext.work_id "
            "ORDER BY f.status <> 'stored', f.rank, f.url LIMIT 1)"
        )
        page = _LANDING.format(work="fulltext.work_id")
        db.conn.execute(f"UPDATE OR IGNORE fulltext SET url = coalesce({page}, url) WHERE url LIKE ? AND {best}", [old])
        for table in ("citation_sighting", "finding", "fulltext"):  # works that have no page anywhere
            db.conn.execute(f"UPDATE {table} SET url = 'https://sample.invalid' || substr(url, ?) WHERE url LIKE ?", [len(base) + 1, old])
