"""The folder of a publication: nobody else's files are touched, no planted link is followed, one writer at a time."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from db.config import Config
from db.errors import UsageError
from publish import folder
from publish.run import run
from tests.publish.test_run import contents


def publish(database: Path, out: Path) -> None:
    run(Config(db=database, verbosity=-1), ["alpha"], out=out, include="all")


def test_files_of_somebody_else_are_not_replaced(database: Path, tmp_path: Path) -> None:
    own = tmp_path / "papers" / "alpha"
    own.mkdir(parents=True)
    for name in ("citations.csv", "changes.json", "manifest.json"):
        (own / name).write_text("mine")
        with pytest.raises(UsageError, match=f"{name} was not written by"):
            publish(database, own.parent)
        assert contents(own.parent) == {f"alpha/{name}": b"mine"}
        (own / name).unlink()
    (own / "notes.txt").write_text("mine")
    publish(database, own.parent)  # beside what is none of its names it may stand
    (own / "index.html").unlink()
    publish(database, own.parent)
    assert (own / "notes.txt").read_text() == "mine"


def test_a_first_publication_that_was_killed_goes_on(database: Path, tmp_path: Path) -> None:
    publish(database, tmp_path)
    for path in (tmp_path / "alpha").iterdir():
        if path.name != "institutions.geojson":
            path.unlink()
    publish(database, tmp_path)


def test_planted_links_and_pipes_give_way(database: Path, tmp_path: Path) -> None:
    publish(database, site := tmp_path / "site")
    whole, precious = contents(site), tmp_path / "precious"
    precious.write_text("precious")
    for name in ("citations.csv", "index.html"):
        (site / "alpha" / name).unlink()
        (site / "alpha" / name).symlink_to(precious)
    (site / "index.html").unlink()
    (site / "index.html").symlink_to(tmp_path / "nowhere")
    for name in ("manifest.json", "datapackage.json"):
        (site / "alpha" / name).unlink()
        os.mkfifo(site / "alpha" / name)
    publish(database, site)
    assert contents(site) == whole and precious.read_text() == "precious" and not (tmp_path / "nowhere").exists()
    assert not [path for path in site.rglob("*") if path.is_symlink()]
    (link := tmp_path / "link").symlink_to(site)
    publish(database, link)  # a link to the folder itself is the user's
    assert link.is_symlink() and contents(site) == whole


def test_what_is_private_is_not_mixed_with_pages(database: Path, tmp_path: Path) -> None:
    db = Path(shutil.copy(database, tmp_path / "w.db"))
    for out in (tmp_path / "w.db.files", tmp_path / "w.db.files" / "pdf"):
        with pytest.raises(UsageError, match="private"):
            publish(db, out)
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == []
    config = Config(db=db)
    assert all("not for everybody" in str(folder.private_inside(config, out)) for out in (tmp_path, tmp_path.parent))
    assert folder.private_inside(config, tmp_path / "site") is None


def test_one_writer_at_a_time(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "WAIT_S", 0.2)
    with folder.writing_alone(tmp_path / "site"), pytest.raises(UsageError, match="another publication is being written"):
        publish(database, tmp_path / "site")
    assert list((tmp_path / "site").iterdir()) == []
    publish(database, tmp_path / "site")
    assert not [name for name in contents(tmp_path / "site") if "lock" in name]
