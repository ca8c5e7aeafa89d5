"""The stage: what it stores for which work, what it does when things go wrong, and that a rerun changes nothing."""

from __future__ import annotations

import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from crawler.reading import run as stage
from crawler.reading.year import find_year
from db.config import Config
from db.connect import writing
from db.errors import UsageError
from tests.helpers.dump import canonical_dump
from tests.reading.pages import Sheet
from tests.reading.world import World, paper


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def affiliations(world: World, work_id: int) -> list[str]:
    sql = "SELECT text FROM affiliation JOIN affiliation_string USING (string_id) WHERE work_id = ? ORDER BY position"
    return [text for (text,) in world.rows(sql, [work_id])]


def test_results_go_to_every_work_that_has_the_document(world: World) -> None:
    first, second = world.work("a"), world.work("b")
    world.document(first, paper("One Paper, Known Twice"))
    world.document(second, paper("One Paper, Known Twice"))
    report = stage.run(world.config, ())
    assert (report.n_documents, report.n_read, report.n_failed) == (1, 1, 0)
    for work_id in (first, second):
        assert affiliations(world, work_id) == ["University of Leeds, UK"]
        assert world.rows("SELECT slug, quote, page, section, in_references FROM mention WHERE work_id = ?", [work_id]) == [
            ("megaface", "We train on MegaFace.", 2, "3 Experiments", 0)
        ]
        ((score,),) = world.rows("SELECT score FROM use_score WHERE work_id = ? AND slug = 'megaface'", [work_id])
        assert 0 < score < 1
    links = """SELECT a.name, f.position FROM authorship a JOIN authorship_affiliation USING (authorship_id)
               JOIN affiliation f USING (affiliation_id) ORDER BY a.authorship_id"""
    assert world.rows(links) == [("Ann Lee", 0), ("Ann Lee", 0)]
    assert world.rows("SELECT count(*) FROM affiliation_string") == [(1,)]


def test_a_second_call_reads_nothing_and_again_changes_nothing(world: World) -> None:
    for name in "abc":
        world.document(world.work(name), paper(f"Paper Number {name.upper()} of Three"))
    stage.run(world.config, ())
    before = canonical_dump(world.config.db)
    assert stage.run(world.config, ()).n_waiting == 0
    report = stage.run(world.config, (), again=True, workers=1)
    assert report.n_read == 3
    assert canonical_dump(world.config.db) == before


def test_only_the_datasets_that_are_named_are_read(world: World) -> None:
    world.document(world.work("a", slug="megaface"), paper("A Paper on Large Faces"))
    other = world.work("b", slug="lfw")
    world.document(other, paper("A Paper on Wild Faces"))
    assert stage.run(world.config, ("lfw",)).n_read == 1
    assert affiliations(world, other)
    with pytest.raises(UsageError, match="lfww"):
        stage.run(world.config, ("lfww",))


def test_a_bare_pdf_gets_its_title_and_a_provider_keeps_its_own(world: World) -> None:
    bare, named, told = (
        world.work("bare"),
        world.work("scan-7", title="scan-7"),
        world.work("77", title="As Told", provider="semantic_scholar"),
    )
    cited = world.work("ris", title="From the User’s List")
    for at, work_id in enumerate((bare, named, told, cited)):
        world.document(work_id, paper(f"As Printed on Page {at}"))
    stage.run(world.config, ())
    titles = dict(world.rows("SELECT work_id, title FROM work"))
    assert [titles[work_id] for work_id in (bare, named, told, cited)] == [
        "As Printed on Page 0",
        "As Printed on Page 1",
        "As Told",
        "From the User’s List",
    ]


def test_a_pdf_of_another_paper_is_flagged_and_not_used(world: World) -> None:
    told = "Learning Robust Representations of Unconstrained Faces"
    right, wrong = world.work("1", title=told, provider="semantic_scholar"), world.work("2", title=told, provider="semantic_scholar")
    named = world.work("holiday pictures summer beach scan.pdf", title="holiday pictures summer beach scan")
    world.document(right, paper("LEARNING ROBUST REPRESEN-TATIONS OF UNCONSTRAINED FACES"))
    strange = world.document(wrong, paper("Soil Moisture in Alpine Meadows"))
    world.document(named, paper("Sediment Transport in Shallow Rivers"))
    report = stage.run(world.config, ())
    assert (report.n_read, report.n_failed) == (2, 1)
    assert affiliations(world, right) and affiliations(world, named) and not affiliations(world, wrong)
    assert world.rows("SELECT count(*) FROM mention WHERE work_id = ?", [wrong]) == [(0,)]
    assert {reason for (reason,) in world.rows("SELECT reason FROM document_state WHERE sha256 = ?", [strange])} == {
        "another paper: neither the title nor the authors of its work are on its first page"
    }


def test_a_document_that_cant_be_read_hurts_only_itself(world: World) -> None:
    good, scan, gone = world.work("a"), world.work("b"), world.work("c")
    world.document(good, paper("The Good One of the Three"))
    blank = world.document(scan, b"%PDF-1.4\nnothing")
    missing = world.document(gone, paper("This File Will Be Gone"))
    (world.config.files / "pdf" / missing[:2] / f"{missing}.pdf").unlink()
    report = stage.run(world.config, ())
    assert (report.n_read, report.n_failed) == (1, 2)
    assert affiliations(world, good)
    states = {
        sha: (status, reason)
        for sha, status, reason in world.rows("SELECT sha256, status, reason FROM document_state WHERE stage = 'read'")
    }
    assert states[blank] == ("failed", "truncated: the end of the file is missing")
    assert states[missing] == ("failed", "the stored file is missing")
    assert stage.run(world.config, ()).n_waiting == 0


def test_a_reading_over_its_time_is_noted(world: World) -> None:
    world.document(world.work("a"), paper("Too Slow for the Limit"))
    config = Config(db=world.config.db, verbosity=-1, values={"READ_SECONDS": "0.0001"})
    slow = stage.Limits(seconds=-60.0)  # the first task of a worker has some seconds more
    original = stage.limits_of
    try:
        stage.limits_of = lambda _: slow
        report = stage.run(config, ())
    finally:
        stage.limits_of = original
    assert report.n_failed == 1
    assert world.rows("SELECT DISTINCT status, reason FROM document_state") == [("failed", "reading took longer than -60 s")]


@pytest.mark.parametrize("better_first", [True, False])
def test_the_better_of_two_documents_speaks(world: World, better_first: bool) -> None:
    work_id = world.work("a")
    data = [paper("The Published Paper Itself"), paper("An Early Draft of It", place="Universidad de Granada, Spain")]
    if not better_first:
        world.document(work_id, data[1], rank=1)
        stage.run(world.config, ())
        assert affiliations(world, work_id) == ["Universidad de Granada, Spain"]
        world.document(work_id, data[0], rank=0)
    else:
        world.document(work_id, data[0], rank=0)
        world.document(work_id, data[1], rank=1)
    stage.run(world.config, ())
    assert affiliations(world, work_id) == ["University of Leeds, UK"]


def test_when_the_better_document_fails_later_the_other_one_speaks(world: World) -> None:
    work_id = world.work("a")
    best = world.document(work_id, paper("The Published Paper Itself"), rank=0)
    world.document(work_id, paper("An Early Draft of It", place="Universidad de Granada, Spain"), rank=1)
    stage.run(world.config, ())
    (world.config.files / "pdf" / best[:2] / f"{best}.pdf").unlink()
    stage.run(world.config, (), again=True)
    assert affiliations(world, work_id) == ["Universidad de Granada, Spain"]
    assert world.rows("SELECT text FROM affiliation_string") == [("Universidad de Granada, Spain",)]


def test_a_new_alias_brings_the_documents_back_for_mentions_alone(world: World) -> None:
    work_id = world.work("a")
    world.document(work_id, paper("A Paper on Many Faces", sentence="We test on Labelled Faces."))
    stage.run(world.config, ())
    assert world.rows("SELECT count(*) FROM mention") == [(0,)]
    world.db.conn.execute("INSERT INTO dataset_alias VALUES ('lfw', 'Labelled Faces', 0)")
    stamp = world.rows("SELECT updated_at FROM document_state WHERE stage = 'read'")
    assert stage.run(world.config, ()).n_read == 1
    assert world.rows("SELECT slug, alias FROM mention") == [("lfw", "Labelled Faces")]
    assert world.rows("SELECT updated_at FROM document_state WHERE stage = 'read'") == stamp
    assert affiliations(world, work_id)


def test_explain_shows_the_roles_and_stores_nothing(world: World) -> None:
    world.document(world.work("a"), paper("A Paper to Be Explained"))
    before = canonical_dump(world.config.db)
    text = "\n".join(stage.run(world.config, (), explain="file:a", image=world.config.db.with_name("a.png")).explanation)
    assert "title         A Paper to Be Explained" in text and "authors       Ann Lee1" in text
    assert "affiliation 0: University of Leeds, UK (mark 1)" in text
    assert canonical_dump(world.config.db) == before
    with pytest.raises(UsageError, match="no stored full text"):
        stage.run(world.config, (), explain="nothing")


def _killed_at(config: Config, count: int) -> None:
    """Run the stage, and die by -9 when so many documents are about to be saved, or in the midst of saving the last."""
    original = stage.save_reading
    calls = 0

    def save(*args: object, **kwargs: object) -> None:
        nonlocal calls
        calls += 1
        if calls == count:
            os.kill(os.getpid(), signal.SIGKILL)
        original(*args, **kwargs)  # type: ignore[arg-type]

    stage.save_reading = save
    stage.run(config, (), workers=2)


def test_killed_and_run_again_it_is_as_if_nothing_had_been(tmp_path: Path) -> None:
    dumps = []
    for folder, deaths in (("whole", ()), ("killed", (1, 3))):
        (tmp_path / folder).mkdir()
        world = World(tmp_path / folder)
        for name in "abcdef":
            world.document(world.work(name), paper(f"Paper Number {name.upper()} of Six", place=f"University of Town{name}, UK"))
        world.db.close()
        for count in deaths:
            process = multiprocessing.get_context("spawn").Process(target=_killed_at, args=(world.config, count))
            process.start()
            process.join()
            assert process.exitcode == -signal.SIGKILL
        stage.run(world.config, ())
        dumps.append(canonical_dump(world.config.db))
    assert dumps[0] == dumps[1]
    assert "University of Townf" in dumps[0]


@pytest.mark.parametrize(
    ("lines", "year"),
    [
        (["© 2015 Thompson et al.; licensee BioMed Central."], 2015),
        (["W&CP volume 28. Copyright 2013 by the author(s)."], 2013),
        (["978-1-5386-6420-9/18/$31.00 ©2018 IEEE"], 2018),
        (["Published as a conference paper at ICLR 2019"], 2019),
        (["21st International Conference on Pattern Recognition (ICPR 2012)", "978-4-9906441-1-6 ©2012 IAPR"], 2012),
        (["arXiv:1705.00393v2 [cs.CV] 2 May 2017"], 2017),
        (["arXiv:1705.00393v2 [cs.CV] 2 May 2016", "Accepted at CVPR 2017"], 2017),
        (["© 2015 A. B.", "Copyright 2017 by C."], None),
        (["As shown at CVPR 2016, faces are hard.", "The 1999-2003 survey"], None),
        (["Proceedings of the workshop, 2011 to 2014"], None),
        (["© 2999 Nobody"], None),
        ([], None),
    ],
)
def test_the_printed_year(lines: list[str], year: int | None) -> None:
    assert find_year(lines) == year


def test_a_bare_pdf_gets_its_year_and_a_provider_keeps_its_own(world: World) -> None:
    bare, told = world.work("bare"), world.work("77", title="As Told", provider="semantic_scholar")
    with writing(world.db):
        world.db.conn.execute("UPDATE work SET year = 2001 WHERE work_id = ?", [told])
    for at, work_id in enumerate((bare, told)):
        sheet = Sheet().title(f"As Told in Print {at}").text(70, 740, "© 2018 The Authors").body(180)
        world.document(work_id, sheet.pdf())
    stage.run(world.config, ())
    assert world.rows("SELECT year FROM work ORDER BY work_id") == [(2018,), (2001,)]
    stage.run(world.config, (), again=True)
    assert world.rows("SELECT year FROM work ORDER BY work_id") == [(2018,), (2001,)]


def test_a_work_that_names_another_dataset_becomes_its_candidate(world: World) -> None:
    work_id = world.work("a")
    world.document(work_id, paper("A Paper on Two Datasets", sentence="We train on MegaFace and test on LFW."))
    assert stage.run(world.config, ()).n_candidates == 0, "nobody has begun with LFW"
    other = world.work("b", slug="lfw")
    assert stage.run(world.config, ()).n_candidates == 1
    found = "SELECT work_id, slug, provider, how FROM finding WHERE withdrawn_at IS NULL ORDER BY work_id, slug"
    expected = [(work_id, "lfw", "fulltext", "read"), (work_id, "megaface", "import", "import"), (other, "lfw", "import", "import")]
    assert world.rows(found) == expected
    n_runs = world.rows("SELECT count(*) FROM run")
    assert stage.run(world.config, ()).n_candidates == 0
    assert world.rows("SELECT count(*) FROM run") == n_runs, "nothing to do, no run"
    with writing(world.db):
        world.db.conn.execute("DELETE FROM dataset_alias WHERE slug = 'lfw'")
    stage.run(world.config, ())
    assert world.rows(found) == expected[1:], "the passage is gone"
