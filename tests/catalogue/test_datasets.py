"""The catalogue file, its way into the database, and the commands that show it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.datasets import ancestors_of, derivatives_of, find_in_catalogue, load_datasets, parse_datasets
from db import catalogue
from db.catalogue import Alias, Dataset, SeedPaper
from db.connect import open_for_writing, writing
from db.errors import UsageError
from tests.db.memory import new_database
from tests.helpers.command import whereused


def test_the_catalogue_is_whole() -> None:
    datasets = load_datasets()
    assert len(datasets) == 38
    megaface = datasets[0]
    assert (megaface.slug, len(megaface.papers), megaface.ancestors) == ("megaface", 3, ("yfcc100m",))
    assert dict(megaface.figures)["photos"] == 3_311_471
    assert {"MegaFace", "MegaFace Challenge 2"} <= {a.alias for a in megaface.aliases if not a.weak}
    assert {a.alias for a in megaface.aliases if a.weak} == {"MF1", "MF2", "MF-2"}


def test_figures_of_licences_add_up() -> None:
    figures = dict(find_in_catalogue("megaface").figures)
    licences = ("photos_by", "photos_by_nd", "photos_by_sa", "photos_by_nc", "photos_by_nc_sa", "photos_by_nc_nd")
    assert sum(figures[name] for name in licences) == figures["photos"]
    assert figures["photos_commercial_use_allowed"] + figures["photos_no_commercial_use"] == figures["photos"]


def test_every_dataset_has_a_name_that_tells_it() -> None:
    for dataset in load_datasets():
        strong = [a.alias for a in dataset.aliases if not a.weak]
        assert strong or dataset.slug == "flickr-cc"
        assert all(len(alias) > 2 for alias in strong)


def test_everyday_words_are_weak() -> None:
    weak = {a.alias for dataset in load_datasets() for a in dataset.aliases if a.weak}
    everyday = {
        "DiF",
        "FEC",
        "Duke",
        "Flickr",
        "WIDER",
        "Brainwash",
        "emore",
        "CASIA",
        "VGG2",
        "Fair Face",
        "Tiny Face",
        "Town Centre",
        "PIPA",
    }
    assert everyday <= weak


def test_ancestry() -> None:
    datasets = load_datasets()
    assert ancestors_of(datasets, "diveface") == ("megaface", "yfcc100m", "flickr-cc")
    assert set(derivatives_of(datasets, "megaface")) == {"mega_age", "tinyface", "diveface"}
    assert {"megaface", "diveface", "ffhq", "ijb_c"} <= set(derivatives_of(datasets, "flickr-cc"))
    slugs = {dataset.slug for dataset in datasets}
    words = {a for dataset in datasets for a in dataset.ancestors if a not in slugs}
    assert all(" " in ancestor for ancestor in words)  # anything that looks like a slug is one


GOOD = '[[dataset]]\nslug = "x"\nname = "X"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "write each dataset as a table"),
        ("[[dataset]\n", "line 1"),
        ('[[dataset]]\nname = "X"\n', "'' is no slug"),
        ('[[dataset]]\nslug = "A B"\nname = "X"\n', "'A B' is no slug"),
        ('[[dataset]]\nslug = "x"\n', "x: a name is missing"),
        (GOOD + "alias = []\n", "x: unknown key 'alias'"),
        (GOOD + 'aliases = "X"\n', "x: aliases must be a list of texts"),
        (GOOD + 'aliases = ["X"]\nweak_aliases = ["X"]\n', "x: the alias 'X' stands there twice"),
        (GOOD + "year = 15\n", "x: year is 15"),
        (GOOD + "home = { latitude = 95.0, longitude = 1.0 }\n", "x: home lies outside of the world"),
        (GOOD + "home = { latitude = 5.0 }\n", "x: home needs both"),
        (GOOD + 'home = { town = "Y" }\n', "x: "),
        (GOOD + 'figures = { photos = "many" }\n', "x: figures must be whole numbers"),
        (GOOD + '[[dataset.papers]]\ntitle = "T"\narxiv = "nonsense"\n', "x: 'nonsense' is no arxiv id"),
        (GOOD + "[[dataset.papers]]\nyear = 2015\n", "x: a paper has no title"),
        (GOOD + GOOD, "the slug 'x' stands there twice"),
        (GOOD + 'ancestors = ["y"]\n[[dataset]]\nslug = "y"\nname = "Y"\nancestors = ["x"]\n', "is its own ancestor"),
    ],
)
def test_errors_are_one_line_that_names_the_entry(text: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_datasets(text, name="my.toml")
    assert str(caught.value).startswith("my.toml: ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


# ---------------------------------------------------------------- in the database


def test_sync_writes_once_and_keeps_what_others_added() -> None:
    db = new_database()
    datasets = load_datasets()
    with writing(db):
        assert catalogue.sync(db, datasets) == 38
        db.conn.execute("UPDATE dataset_paper SET s2 = ?, confirmed_at = 'then' WHERE slug = 'lfw'", ["a" * 40])
        catalogue.add_dataset(db, Dataset("mine", "Mine", origin="user", aliases=(Alias("Mine"),)))
    before = db.conn.total_changes
    with writing(db):
        assert catalogue.sync(db, datasets) == 0
    assert db.conn.total_changes == before
    changed = tuple(replace(d, notes="new", papers=(SeedPaper("Another"), *d.papers)) if d.slug == "lfw" else d for d in datasets)
    with writing(db):
        assert catalogue.sync(db, changed) == 1
    lfw = catalogue.find_dataset(db, "lfw")
    assert (lfw.notes, lfw.papers[1].s2, lfw.papers[1].confirmed_at) == ("new", "a" * 40, "then")
    assert catalogue.find_dataset(db, "mine").origin == "user"
    assert [d.slug for d in catalogue.list_datasets(db)][:2] == ["megaface", "yfcc100m"]
    assert catalogue.list_slugs(db)[-1] == "mine"


def test_what_comes_out_is_what_went_in() -> None:
    db = new_database()
    with writing(db):
        catalogue.sync(db, load_datasets())
    for told, held in zip(load_datasets(), catalogue.list_datasets(db), strict=True):
        assert (told.slug, told.name, told.home, told.papers, told.origin) == (held.slug, held.name, held.home, held.papers, held.origin)
        assert set(told.aliases) == set(held.aliases)
        assert (set(told.figures), set(told.ancestors)) == (set(held.figures), set(held.ancestors))


def test_a_slug_that_the_user_took_stays_the_users() -> None:
    db = new_database()
    with writing(db):
        catalogue.add_dataset(db, Dataset("megaface", "My own", origin="user"))
        assert catalogue.sync(db, load_datasets()) == 37
    assert catalogue.find_dataset(db, "megaface").name == "My own"
    with writing(db), pytest.raises(UsageError, match="stands in the catalogue already"):
        catalogue.add_dataset(db, Dataset("lfw", "Mine", origin="user"))


@pytest.mark.parametrize(
    ("slug", "said"), [("megafce", "did you mean megaface"), ("MS-Celeb", "did you mean msceleb"), ("zzzzzz", "datasets list")]
)
def test_unknown_slugs_name_the_nearest(slug: str, said: str) -> None:
    db = new_database()
    with writing(db):
        catalogue.sync(db, load_datasets())
    with pytest.raises(UsageError, match=said):
        catalogue.find_dataset(db, slug)
    with pytest.raises(UsageError, match=said):
        find_in_catalogue(slug)


# ---------------------------------------------------------------- through the command line


def test_list_and_show_need_no_database(tmp_path: Path) -> None:
    lines = whereused("datasets", "list", cwd=tmp_path).stdout.splitlines()
    assert lines[:2] == ["slug\tname\tyear\tpapers\tworks", "megaface\tMegaFace\t2015\t3\t"]
    assert len(lines) == 39
    page = json.loads(whereused("datasets", "show", "megaface", "--json", cwd=tmp_path).stdout)
    assert page["papers"][1]["doi"] == "10.1109/cvpr.2016.527"
    assert page["derivatives"] == ["diveface", "tinyface", "mega_age"]
    text = whereused("datasets", "show", "megaface", cwd=tmp_path).stdout
    assert "  Level Playing Field for Million Scale Face Recognition (2017, CVPR 2017, pp. 7044-7053) arxiv 1705.00393" in text.splitlines()
    assert not list(tmp_path.iterdir())


def test_show_of_an_unknown_slug(tmp_path: Path) -> None:
    done = whereused("datasets", "show", "megafce", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "did you mean megaface" in done.stderr


def test_list_counts_the_works_of_the_database(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("title,doi\nOne work,10.1000/a\nThe same in another version,10.1000/A\nTwo works,10.1000/b\n")
    whereused("--db", "a.db", "import", "list.csv", "--dataset", "lfw", cwd=tmp_path)
    rows = [json.loads(line) for line in whereused("--db", "a.db", "datasets", "list", "--json", cwd=tmp_path).stdout.splitlines()]
    assert {row["slug"]: row["works"] for row in rows if row["works"]} == {"lfw": 2}
    opened = open_for_writing(tmp_path / "a.db")
    assert catalogue.count_works(opened, "lfw") == 2
