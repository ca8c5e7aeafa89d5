"""What the database holds does not depend on the order in which records came."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import groupby, permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from db.bulk import save_works
from db.connect import writing
from db.records import WorkRecord, json_list
from db.works import save_work
from tests.db.memory import content, new_database, partition

TITLES = ("A long enough title of a work", "Another long enough title", "Preface", None)
AUTHORS = ((), ("Ann Bee",), ("Bee, A.", "Bob Cee"), ("Dora Dee",))
Told = tuple[str, WorkRecord]


@st.composite
def records(draw: st.DrawFn, *, with_imports: bool, unique_ids: bool) -> list[Told]:
    """Papers of one service, each under its own id, and perhaps references of the user that know DOI or arXiv id only."""
    found: list[Told] = []
    dois, arxivs = ["10.1000/a", "10.1000/b", "10.2000/c"], ["1501.00001", "1501.00002"]
    for number in range(draw(st.integers(1, 5))):
        doi, arxiv = draw(st.sampled_from([None, *dois])), draw(st.sampled_from([None, *arxivs]))
        if unique_ids:
            dois, arxivs = [d for d in dois if d != doi], [a for a in arxivs if a != arxiv]
        ids = [
            ("s2", f"{number + 1:040x}"),
            ("corpus", str(number + 1)),
            *([("doi", doi)] if doi else []),
            *([("arxiv", arxiv)] if arxiv else []),
        ]
        found.append(("semantic_scholar", _record(draw, ids)))
    for number in range(draw(st.integers(1, 3)) if with_imports else 0):
        ids = [("doi", f"10.1000/{'abc'[number]}" if number < 2 else "10.2000/c")]
        found.append(("import", _record(draw, ids)))
    return found


def _record(draw: st.DrawFn, ids: list[tuple[str, str]]) -> WorkRecord:
    return WorkRecord(
        draw(st.sampled_from(TITLES)), year=draw(st.sampled_from([None, 2015, 2016, 2019])),
        venue=draw(st.sampled_from([None, "arXiv.org", "CVPR"])), authors=draw(st.sampled_from(AUTHORS)), ids=tuple(sorted(ids)),
    )  # fmt: skip


def _saved(told: Sequence[Told]) -> tuple[list[str], list[list[str]]]:
    db = new_database()
    for provider, record in told:
        with writing(db):
            save_work(db, record, provider=provider, run_id=1)
    return content(db), partition(db)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), told=records(with_imports=False, unique_ids=False))
def test_papers_that_share_ids(data: st.DataObject, told: list[Told]) -> None:
    assert _saved(told) == _saved(data.draw(st.permutations(told)))


@settings(max_examples=60, deadline=None)
@given(data=st.data(), told=records(with_imports=True, unique_ids=True))
def test_papers_and_references(data: st.DataObject, told: list[Told]) -> None:
    assert _saved(told) == _saved(data.draw(st.permutations(told)))


@settings(max_examples=60, deadline=None)
@given(data=st.data(), told=records(with_imports=True, unique_ids=False))
def test_groups_where_everybody_shares_everything(data: st.DataObject, told: list[Told]) -> None:
    """Here only the groups are promised: which of two versions took up a reference depends on which was there."""
    assert _saved(told)[1] == _saved(data.draw(st.permutations(told)))[1]


@settings(max_examples=60, deadline=None)
@given(told=records(with_imports=True, unique_ids=False))
def test_saving_again_changes_nothing(told: list[Told]) -> None:
    assert _saved(told) == _saved([*told, *told])


def _saved_in_pages(told: Sequence[Told], times: int = 1) -> tuple[list[str], list[list[str]]]:
    db = new_database()
    for _ in range(times):
        for provider, page in groupby(told, key=lambda entry: entry[0]):
            with writing(db):
                save_works(db, [record for _, record in page], provider=provider, run_id=1)
    return content(db), partition(db)


@settings(max_examples=60, deadline=None)
@given(told=records(with_imports=True, unique_ids=True))
def test_a_page_at_once_is_the_same_as_work_by_work(told: list[Told]) -> None:
    assert _saved_in_pages(told) == _saved(told) == _saved_in_pages(told, times=2)


@settings(max_examples=30, deadline=None)
@given(told=records(with_imports=True, unique_ids=False))
def test_a_page_of_works_that_share_ids(told: list[Told]) -> None:
    assert _saved_in_pages(told)[1] == _saved(told)[1]


def test_a_page_of_strangers_takes_few_statements() -> None:
    db, asked = new_database(), []
    db.conn.set_trace_callback(lambda sql: asked.append(sql.split()[0]))
    page = [WorkRecord(f"The work of number {i} on faces", ids=(("doi", f"10.1000/{i}"),)) for i in range(100)]
    with writing(db):
        ids = save_works(db, page, provider="semantic_scholar", run_id=1)
    assert len(set(ids)) == 100
    assert asked.count("SELECT") < 20  # not 100 times as many


def test_a_reference_lends_its_authors_to_no_version() -> None:
    """Three records have one title; two of them share the DOI of a reference, which goes to the one that came first."""
    title, ann = TITLES[0], ("Ann Bee",)
    bare, doi = [("s2", f"{2:040x}")], [("doi", "10.1000/a")]
    told = [
        ("semantic_scholar", WorkRecord(title, ids=(*doi, *bare))),
        ("semantic_scholar", WorkRecord(title, authors=ann, ids=(*doi, ("s2", f"{3:040x}")))),
        ("semantic_scholar", WorkRecord(title, authors=ann, ids=(("s2", f"{4:040x}"),))),
        ("import", WorkRecord(title, authors=ann, ids=tuple(doi))),
    ]
    first, *others = [_saved(order)[1] for order in permutations(told)]
    assert all(other == first for other in others)


def test_lists_of_texts_as_json() -> None:
    for texts in ([], ["a"], ['say "so"', "back\\slash", "tab\tline\n", "ü \u2028 \x01 😀"]):
        assert json_list(texts) == json.dumps(texts, ensure_ascii=False)
