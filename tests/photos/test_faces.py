"""Ages and mosaic, with the true networks on a portrait in the public domain."""

from __future__ import annotations

import base64
import csv
import io
import os
import re
import signal
import sqlite3
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from db.config import Config
from photos.ages import Seen, add
from photos.ages import run as run_ages
from photos.workers import Workers
from publish.run import run as publish
from tests.crawl.process import Running
from tests.photos.conftest import Desk
from tests.photos.pictures import portrait, require_faces, save, scene
from tests.photos.work import work
from tests.publish.rows import build

PDM = "https://creativecommons.org/publicdomain/mark/1.0/"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two pictures of one person, a landscape, and three files that are no whole picture."""
    require_faces()
    folder = tmp_path_factory.mktemp("pictures")
    save(portrait(), folder / "4000000001_portrait.png")
    save(portrait().transpose(Image.Transpose.FLIP_LEFT_RIGHT), folder / "b" / "4000000002_a_b.jpg")
    save(scene(), folder / "c" / "4000000003.png")
    whole = (folder / "b" / "4000000002_a_b.jpg").read_bytes()
    (folder / "c" / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    (folder / "c" / "text.jpg").write_text("no picture")
    Image.new("1", (9000, 9000)).save(folder / "c" / "bomb.png")
    return folder


def rows_of(path: Path, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(path) as db:
        return db.execute(sql).fetchall()


def test_ages_are_kept_as_sums_alone(desk: Desk, folder: Path) -> None:
    out = desk.call("photos", "ages", folder, "--dataset", "megaface", "--workers", 2)
    assert sum(int(line.split("\t")[1]) for line in out.splitlines()) == 2
    assert all(30 <= int(line.split("–")[0]) < 60 for line in out.splitlines())  # she was 35
    assert rows_of(desk.db, "SELECT n_files, n_done, n_images, n_faces FROM photo_ages") == [(6, 6, 3, 2)]
    failures = dict(rows_of(desk.db, "SELECT reason, n FROM photo_age_failure"))
    assert failures == {"no picture": 1, "picture damaged": 1, "picture too large": 1}
    kept = desk.db.read_bytes() + b"".join(p.read_bytes() for p in desk.folder.rglob("*") if p.is_file())
    assert b"4000000001" not in kept and b"portrait.png" not in kept  # nothing of one picture, not even its name


def test_ages_killed_and_called_again(desk: Desk, tmp_path: Path) -> None:
    require_faces()
    for n in range(70):
        save(portrait().resize((128, 128)) if n % 35 == 0 else scene().resize((32, 32)), tmp_path / "many" / f"{n:03}.png")
    args = ["--db", str(desk.db), "photos", "ages", str(tmp_path / "many"), "--dataset", "megaface", "--workers", "1"]
    assert Running(args, dict(os.environ), dies_at=("photos.ages:save_ages", 2)).wait()[0] == -signal.SIGKILL
    done = rows_of(desk.db, "SELECT n_done FROM photo_ages")[0][0]
    assert isinstance(done, int) and 0 < done < 70
    report = run_ages(Config(db=desk.db, verbosity=-1), tmp_path / "many", slug="megaface", workers=1)
    assert report.went_on_from == done
    assert (report.sums.n_done, report.sums.n_images, report.sums.n_faces) == (70, 70, 2)


def tiles_of(page: Path) -> list[Image.Image]:
    found = re.findall(r"data:image/png;base64,([A-Za-z0-9+/=]+)", page.read_text())
    return [Image.open(io.BytesIO(base64.b64decode(text))) for text in found]


def test_mosaic_of_blurred_faces_with_credits(desk: Desk, folder: Path, tmp_path: Path) -> None:
    from photos.networks import STRICT, Networks

    build(desk.db)
    credits = tmp_path / "credits.csv"
    credits.write_text(
        "file,title,owner,license_url,page_url\n"
        f"4000000001_portrait.png,Eileen Collins,NASA,{PDM},https://example.org/1\n"
        "4000000002_a_b.jpg,The same,NASA,https://creativecommons.org/licenses/by-nd/2.0/,\n"
        "4000000003.png,Scene,,https://creativecommons.org/licenses/by/2.0/,\n"
        "cut.jpg,Cut,Somebody,https://example.org/terms,\n"
        f"text.jpg,Text,Somebody,{PDM},\n"
    )
    out = tmp_path / "out" / "page.html"
    desk.call("photos", "mosaic", folder, "--credits", credits, "--out", out, "--dataset", "alpha", "--workers", 1)
    page = out.read_text()
    (tile,) = tiles_of(out)
    networks = Networks()
    large = np.asarray(tile.convert("RGB").resize((288, 288)))
    assert not networks.find(large, STRICT) and not networks.find_frontal(large)
    assert np.abs(np.diff(np.asarray(tile.convert("L"), int))).max() <= 8  # no edge is left anywhere
    with (out.parent / "mosaic-licenses.csv").open() as file:
        (row,) = csv.DictReader(file)
    assert (row["title"], row["owner"], row["licence"], row["link"]) == ("Eileen Collins", "NASA", "PDM 1.0", "https://example.org/1")
    for told in (
        "allows no derivatives: 1",
        "licence not known: 1",
        "owner to name is not known: 1",
        "no row names them: 1",
        "no picture: 1",
    ):
        assert told in page, told
    assert sorted(path.name for path in out.parent.iterdir()) == ["mosaic-licenses.csv", "page.html"]

    publish(Config(db=desk.db, verbosity=-1), ["alpha"], out=desk.folder / "site", include="verified")
    site = desk.folder / "site" / "alpha"
    html = (site / "index.html").read_text()
    assert html.index('id="mosaic"') < html.index('id="who"')
    assert (site / "mosaic-licenses.csv").read_text().splitlines()[1].startswith("1,Eileen Collins,NASA")
    assert "mosaic-licenses.csv" in (site / "datapackage.json").read_text()
    assert not list(site.glob("*.png"))


def test_credits_by_photo_id_out_of_a_table_of_yfcc(desk: Desk, folder: Path, tmp_path: Path) -> None:
    from tests.photos.rows import row, write

    table = write(
        tmp_path / "yfcc.tsv", [row(n, licence="http://creativecommons.org/licenses/by-sa/2.0/", title="A+%26+B") for n in range(5)]
    )
    desk.call("photos", "mosaic", folder, "--credits", table, "--out", tmp_path / "o" / "m.html", "--workers", 1, "--tiles", 1)
    with (tmp_path / "o" / "mosaic-licenses.csv").open() as file:
        (found,) = csv.DictReader(file)
    assert (found["title"], found["owner"], found["licence"]) == ("A & B", "name_1", "BY-SA 2.0")


def test_a_face_that_a_detector_still_sees_is_dropped(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    import photos.mosaic as mosaic

    monkeypatch.setattr(mosaic, "blur", lambda picture, box: Image.fromarray(picture[box.top : box.bottom, box.left : box.right]))
    made = mosaic.make(folder / "4000000001_portrait.png")
    assert (made.faces, made.dropped, made.tiles) == (1, 1, ())


def test_a_picture_that_kills_its_worker_costs_itself_alone() -> None:
    items = ["a", "dies", "hangs", "b", *(f"x{n}" for n in range(9))]
    found = [answer for _, answers in Workers(work, "killed", workers=2, seconds=1).run(items) for answer in answers]
    assert found == ["A", "killed", "killed", "B", *(f"X{n}" for n in range(9))]


def test_without_the_extra_one_line_says_what_to_install(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(scene(), tmp_path / "p" / "a.png")
    monkeypatch.setattr("photos.networks.versions", lambda: {"onnx": None})
    assert "pip install 'whereused[faces]'" in desk.call("photos", "ages", tmp_path / "p", "--dataset", "megaface", code=2)
    assert not desk.db.exists()


def test_sums_of_what_workers_tell() -> None:
    from db.photo_faces import AgeSums

    sums = AgeSums()
    add(sums, [Seen((30, 30, 41)), Seen(), Seen(failure="no picture")])
    assert (sums.n_done, sums.n_images, sums.n_faces, sums.ages, sums.failures) == (3, 2, 3, {30: 2, 41: 1}, {"no picture": 1})
