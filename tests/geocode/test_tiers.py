"""What a document prints places its work; what providers tell corroborates, or is a conflict for a reviewer."""

from __future__ import annotations

import pytest

from db.config import Config
from db.connect import open_for_writing, writing
from db.queries.counts import load_counts
from db.queries.doubtful import load_doubtful, load_string
from db.queries.works import load_works
from geocode.run import run
from tests.geocode.conftest import Archive
from tests.geocode.registry import ror

PRINTED, TOLD, SAME = "Stanford University, Stanford, CA, USA", "Tsinghua University, Beijing, China", "Stanford University, USA"


def add(archive: Archive, text: str, tier: str, beside: str | None = None, given: str | None = None) -> None:
    """A string of a tier, in a work of its own or in that of another string."""
    string_id = archive.add(text, slug="faces")
    db = open_for_writing(archive.config.db)
    with writing(db):
        if beside:
            work = "(SELECT work_id FROM affiliation JOIN affiliation_string s USING (string_id) WHERE s.text = :beside)"
            own = "(SELECT work_id FROM affiliation WHERE string_id = :string)"
            db.conn.execute("DELETE FROM finding WHERE work_id = " + own, {"string": string_id})
            db.conn.execute(
                f"UPDATE affiliation SET work_id = {work}, position = 7 WHERE string_id = :string", {"string": string_id, "beside": beside}
            )
        db.conn.execute("UPDATE affiliation SET tier = ? WHERE string_id = ?", [tier, string_id])
        if given:
            db.conn.execute(
                "INSERT INTO affiliation_ror SELECT affiliation_id, ?, 'Given', 'XX' FROM affiliation WHERE string_id = ?",
                [given, string_id],
            )
    db.conn.close()


def pins(config: Config) -> list[tuple[str, str, str | None, str | None]]:
    db = open_for_writing(config.db)
    found = [(a.tier, a.text, a.place.ror_id if a.place else None, a.reason) for work in load_works(db, "faces") for a in work.affiliations]
    db.conn.close()
    return found


def doubts(config: Config) -> list[tuple[str, str, list[str]]]:
    db = open_for_writing(config.db)
    rows = [(load_string(db, "faces", string_id), why) for string_id, why in load_doubtful(db, "faces")]
    db.conn.close()
    return [(string.text, why, [rival.name for rival in string.rivals]) for string, why in rows]


def test_front_matter_alone_places_where_there_is_one(archive: Archive) -> None:
    add(archive, PRINTED, "front matter")
    add(archive, TOLD, "openalex", beside=PRINTED)
    run(archive.config, [])
    assert pins(archive.config) == [
        ("front matter", PRINTED, ror("00f54p054"), None),
        ("openalex", TOLD, None, "openalex names Tsinghua University, the document does not"),
    ]
    assert doubts(archive.config) == [(PRINTED, "conflict", ["Tsinghua University"])]


def test_a_provider_that_agrees_is_a_second_source(archive: Archive) -> None:
    add(archive, PRINTED, "front matter")
    add(archive, SAME, "openalex", beside=PRINTED)
    run(archive.config, [])
    assert pins(archive.config)[1] == ("openalex", SAME, None, "openalex agrees with the document")
    assert doubts(archive.config) == []


@pytest.mark.parametrize("tier", ["openalex", "import"])
def test_without_front_matter_the_other_tier_places_with_its_name(archive: Archive, tier: str) -> None:
    add(archive, TOLD, tier)
    run(archive.config, [])
    assert pins(archive.config) == [(tier, TOLD, ror("03cve4549"), None)]
    db = open_for_writing(archive.config.db)
    assert load_counts(db, "faces")["located"] == 1
    db.conn.close()


def test_ids_that_a_provider_gives_speak_too(archive: Archive) -> None:
    add(archive, PRINTED, "front matter")
    add(archive, "No such house", "openalex", beside=PRINTED, given=ror("00f54p054"))
    run(archive.config, [])
    assert doubts(archive.config) == []
    db = open_for_writing(archive.config.db)
    with writing(db):
        db.conn.execute("UPDATE affiliation_ror SET ror_id = ?", [ror("03cve4549")])
    db.conn.close()
    assert doubts(archive.config) == [(PRINTED, "conflict", ["Given"])]


def test_what_only_a_provider_knows_is_not_put_on_the_map_but_shown_to_the_reviewer(archive: Archive) -> None:
    add(archive, "Frobnicators", "front matter")
    add(archive, TOLD, "openalex", beside="Frobnicators")
    run(archive.config, [])
    assert [pin[2] for pin in pins(archive.config)] == [None, None]
    assert doubts(archive.config) == [("Frobnicators", "nowhere", ["Tsinghua University"])]
