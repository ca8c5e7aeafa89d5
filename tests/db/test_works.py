"""Saving works: who may say what, which ids tie, which versions belong together."""

from __future__ import annotations

from sqlite_utils import Database

from db.connect import writing
from db.records import FulltextPlace, WorkRecord
from db.works import holder_of, merge_groups, save_finding, save_fulltext_places, save_work
from tests.db.memory import content, new_database, partition

TITLE = "Level Playing Field for Million Scale Face Recognition"
NECH = ("Aaron Nech", "Ira Kemelmacher-Shlizerman")


def save(db: Database, record: WorkRecord, provider: str = "semantic_scholar") -> int:
    with writing(db):
        return save_work(db, record, provider=provider, run_id=1)


def fields(db: Database, work_id: int, *names: str) -> tuple[object, ...]:
    return tuple(db.conn.execute(f"SELECT {', '.join(names)} FROM work WHERE work_id = ?", [work_id]).fetchone())


def groups(db: Database) -> int:
    return int(db.conn.execute("SELECT count(*) FROM work_group").fetchone()[0])


def test_a_provider_refreshes_its_own_fields_and_nothing_replaces_a_value_by_nothing() -> None:
    db = new_database()
    ids = (("s2", "a" * 40),)
    work_id = save(db, WorkRecord("An old title", year=2016, venue="CVPR", ids=ids))
    assert save(db, WorkRecord("A new title", year=None, venue="", ids=ids)) == work_id
    assert fields(db, work_id, "title", "year", "venue", "title_key") == ("A new title", 2016, "CVPR", "anewtitle")


def test_an_import_fills_gaps_but_replaces_nothing_of_a_provider() -> None:
    for imported_first in (False, True):
        db = new_database()
        told = [("semantic_scholar", WorkRecord("By the provider", ids=(("doi", "10.1/x"), ("s2", "a" * 40))))]
        told.insert(0 if imported_first else 1, ("import", WorkRecord("By the user", year=2017, ids=(("doi", "10.1/x"),))))
        work_ids = {save(db, record, provider) for provider, record in told}
        assert len(work_ids) == 1
        assert fields(db, work_ids.pop(), "title", "year", "provider", "field_providers") == (
            "By the provider", 2017, "semantic_scholar", '{"year": "import"}',
        )  # fmt: skip


def test_an_unchanged_record_writes_nothing() -> None:
    db = new_database()
    record = WorkRecord(TITLE, year=2017, authors=NECH, ids=(("s2", "a" * 40), ("arxiv", "1705.00393")))
    save(db, record)
    before = db.conn.total_changes
    save(db, record)
    assert db.conn.total_changes == before


def test_preprint_and_published_version_are_one_group_and_the_published_one_is_shown() -> None:
    preprint = WorkRecord(TITLE, year=2017, venue="arXiv.org", authors=NECH, abstract="x", ids=(("arxiv", "1705.00393"), ("s2", "a" * 40)))
    published = WorkRecord(
        TITLE + ".", year=2018, venue="CVPR", authors=("Nech, A.",), ids=(("doi", "10.1109/cvpr.2017.363"), ("s2", "b" * 40))
    )
    for order in ((preprint, published), (published, preprint)):
        db = new_database()
        for record in order:
            save(db, record)
        assert groups(db) == 1
        shown = db.conn.execute("SELECT w.venue FROM work_group g JOIN work w ON w.work_id = g.preferred_work_id").fetchall()
        assert shown == [("CVPR",)]


def test_what_speaks_against_one_group() -> None:
    first = WorkRecord(TITLE, year=2017, authors=NECH, ids=(("s2", "a" * 40), ("arxiv", "1705.00393")))
    others = {
        "another author": WorkRecord(TITLE, year=2017, authors=("Bob Cee",), ids=(("s2", "b" * 40),)),
        "years apart": WorkRecord(TITLE, year=2020, authors=NECH, ids=(("s2", "b" * 40),)),
        "another arXiv id": WorkRecord(TITLE, year=2017, authors=NECH, ids=(("s2", "b" * 40), ("arxiv", "1705.00394"))),
        "another title": WorkRecord(TITLE + " II", year=2017, authors=NECH, ids=(("s2", "b" * 40),)),
        "a patent": WorkRecord(TITLE, kind="patent", year=2017, authors=NECH, ids=(("publication_number", "CN108256450A"),)),
    }
    for reason, other in others.items():
        db = new_database()
        save(db, first)
        save(db, other)
        assert groups(db) == 2, reason


def test_two_articles_of_one_venue_stay_apart_though_title_and_author_agree() -> None:
    db = new_database()
    for number in ("1", "2"):
        save(
            db,
            WorkRecord(
                "Protein secretion: puzzling receptors", year=1997, venue="Cell", authors=NECH, ids=(("doi", f"10.1016/s{number}"),)
            ),
        )
    assert groups(db) == 2
    save(db, WorkRecord("Protein secretion: puzzling receptors", year=1997, venue="ECCV", authors=NECH, ids=(("doi", "10.1007/3"),)))
    assert groups(db) == 2  # a conference paper and one journal version


LONG_TITLE = "Identification and developmental expression of an exoribonuclease from Drosophila"
AUTHORS = ("Dora Till", "Ben Linz", "Jane Seago", "Pat Elgar")


def test_records_that_were_read_off_a_pdf() -> None:
    """Wrong years, titles that run on into the text, marks at the end of names: the authors and a long title tell the work."""
    db = new_database()
    save(db, WorkRecord(LONG_TITLE, year=1998, authors=AUTHORS, ids=(("doi", "10.1/a"),)))
    save(db, WorkRecord(LONG_TITLE.upper(), year=1989, authors=AUTHORS, ids=(("s2", "a" * 40),)))
    save(db, WorkRecord(f"{LONG_TITLE} melanogaster. The mRNA of", year=1998, authors=AUTHORS, ids=(("s2", "b" * 40),)))
    save(db, WorkRecord(LONG_TITLE, year=1998, authors=("D Tilla", "B Linzb", "J Seagoa", "P Elgarc"), ids=(("s2", "c" * 40),)))
    assert groups(db) == 1
    save(db, WorkRecord(f"{LONG_TITLE}: Part II", year=1998, authors=AUTHORS, ids=(("s2", "d" * 40),)))
    save(db, WorkRecord(LONG_TITLE, year=2009, authors=("Dora Till",), ids=(("s2", "e" * 40),)))
    save(db, WorkRecord(f"{LONG_TITLE} melanogaster", year=1998, authors=("Ann Other", "Ben Linz"), ids=(("s2", "f" * 40),)))
    assert groups(db) == 4, "a sequel, one author years later, other authors"


def test_short_titles_without_authors_need_the_same_year() -> None:
    db = new_database()
    for number, year in enumerate((1998, 1997, 1998, None)):
        save(db, WorkRecord("Protein secretion: Puzzling receptors", year=year, ids=(("s2", f"{number:040x}"),)))
    assert groups(db) == 3


def test_headings_are_never_grouped() -> None:
    db = new_database()
    for number in "ab":
        save(db, WorkRecord("Preface", year=2014, ids=(("s2", number * 40),)))
    assert groups(db) == 2


def test_a_title_that_too_many_works_have_is_a_heading() -> None:
    db = new_database()
    for number in range(60):
        save(db, WorkRecord("Guest editorial of the special issue on faces in crowds", ids=(("s2", f"{number:040x}"),)))
        if number == 49:
            assert groups(db) == 1
    assert groups(db) == 60


def test_a_group_splits_when_a_later_answer_speaks_against_it() -> None:
    db = new_database()
    save(db, WorkRecord(TITLE, ids=(("s2", "a" * 40),)))
    save(db, WorkRecord(TITLE, authors=("Bob Cee",), ids=(("s2", "b" * 40),)))
    assert groups(db) == 1
    save(db, WorkRecord(TITLE, authors=NECH, ids=(("s2", "a" * 40),)))
    assert groups(db) == 2


def test_an_id_that_two_papers_share_ties_them() -> None:
    db = new_database()
    one = save(db, WorkRecord("One title", ids=(("s2", "b" * 40), ("doi", "10.1/x"))))
    other = save(db, WorkRecord("Quite another", ids=(("s2", "a" * 40), ("doi", "10.1/x"))))
    assert one != other
    assert groups(db) == 1
    assert holder_of(db, "doi", "10.1/x") == other  # the lower natural key, not the first


def test_a_merged_id_leads_to_the_same_work() -> None:
    db = new_database()
    old = save(db, WorkRecord("Asked", ids=(("s2", "a" * 40),)))
    new = save(db, WorkRecord("Answered", ids=(("s2", "b" * 40),), old_ids=(("s2", "a" * 40),)))
    assert old == new
    assert db.conn.execute("SELECT value, is_primary FROM external_id ORDER BY 1").fetchall() == [("a" * 40, 0), ("b" * 40, 1)]
    assert save(db, WorkRecord("Answered", ids=(("s2", "a" * 40),))) == new


def test_a_record_that_knows_two_works_ties_them() -> None:
    db = new_database()
    one = save(db, WorkRecord("One title", ids=(("s2", "a" * 40), ("doi", "10.1/x"))))
    save(db, WorkRecord("Quite another", ids=(("s2", "b" * 40), ("arxiv", "1705.00393"))))
    assert groups(db) == 2
    assert save(db, WorkRecord("A third", ids=(("arxiv", "1705.00393"), ("doi", "10.1/x"))), "import") == one
    assert groups(db) == 1


def test_a_record_without_ids_is_known_by_its_content() -> None:
    db = new_database()
    record = WorkRecord(TITLE, year=2017, authors=NECH)
    assert save(db, record, "import") == save(db, record, "import") != save(db, WorkRecord(TITLE, year=2016), "import")
    assert groups(db) == 1


def test_a_patent_family_is_one_group_for_good() -> None:
    db = new_database()
    members = [save(db, WorkRecord(f"Method {n}", kind="patent", ids=(("publication_number", f"CN10825645{n}A"),))) for n in range(3)]
    with writing(db):
        merge_groups(db, members, scheme="family", value="53373834")
    assert groups(db) == 1
    save(db, WorkRecord("Method", kind="patent", ids=(("publication_number", "CN108256450A"),)))
    assert groups(db) == 1


def test_finding_and_places_are_noted_once() -> None:
    db = new_database()
    db.conn.execute("INSERT INTO dataset (slug, name, origin) VALUES ('megaface', 'MegaFace', 'catalogue')")
    work_id = save(db, WorkRecord(TITLE, ids=(("s2", "a" * 40),)))
    with writing(db):
        for is_new in (True, False):
            assert save_finding(db, work_id, "megaface", provider="import", how="import", url="list.csv", run_id=1) is is_new
        db.conn.execute("UPDATE finding SET withdrawn_at = '2020-01-01T00:00:00Z'")
        assert save_finding(db, work_id, "megaface", provider="import", how="import", url="list.csv", run_id=1)
        worse, better = FulltextPlace("https://example.org/a.pdf", 3), FulltextPlace("https://example.org/a.pdf", 1, licence="CC-BY-4.0")
        assert save_fulltext_places(db, work_id, [worse, better, worse], provider="import", run_id=1) == 1
    assert db.conn.execute("SELECT rank, licence, status FROM fulltext").fetchall() == [(1, "CC-BY-4.0", "pending")]
    assert db.conn.execute("SELECT count(*) FROM finding WHERE withdrawn_at IS NULL").fetchone() == (1,)


def test_places_do_not_depend_on_order() -> None:
    places = [("semantic_scholar", FulltextPlace("https://x.org/1", 0)), ("openalex", FulltextPlace("https://x.org/1", 0, "CC0")),
              ("import", FulltextPlace("https://x.org/1", 2, "?"))]  # fmt: skip
    seen = set()
    for order in (places, places[::-1], places[1:] + places[:1]):
        db = new_database()
        work_id = save(db, WorkRecord(TITLE, ids=(("s2", "a" * 40),)))
        with writing(db):
            for provider, place in order:
                save_fulltext_places(db, work_id, [place], provider=provider, run_id=1)
        seen.add(db.conn.execute("SELECT provider, rank, licence FROM fulltext").fetchone()[:2])
    assert seen == {("openalex", 0)}


def test_content_is_told_without_row_numbers() -> None:
    db = new_database()
    save(db, WorkRecord(TITLE, ids=(("s2", "a" * 40),)))
    assert len(content(db)) == len(partition(db)) == 1
