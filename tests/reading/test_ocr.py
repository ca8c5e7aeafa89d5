"""Pages that are pictures: recognised where Tesseract is installed, else named as unreadable."""

from __future__ import annotations

import io
import os
import shutil
import time
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader

from crawler.reading import ocr
from crawler.reading import run as stage
from crawler.reading.guard import Failure, Guard, Limits
from crawler.reading.reader import Order, Reading, read_file
from db.config import Config
from tests.reading.pages import Sheet
from tests.reading.victims import suffer
from tests.reading.world import World

LINES = [
    (40, 300, "Learning Faces from Scanned Pages"),
    (28, 420, "Ann Lee"),
    (24, 480, "University of Leeds, Leeds, United Kingdom"),
    (26, 620, "Abstract"),
    *((22, 670 + 34 * at, "We describe how the method works and show that it is of use.") for at in range(8)),
    (22, 1000, "In our experiments we train the network on MegaFace and report results."),
]


@pytest.fixture
def tesseract() -> None:
    if shutil.which("tesseract") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no tesseract-ocr; `make system` installs it")
        pytest.skip("tesseract-ocr (make system)")


def scan() -> bytes:
    """A PDF of one page that is nothing but a picture of text."""
    image = Image.new("L", (1240, 1754), 255)
    pen = ImageDraw.Draw(image)
    for size, y, text in LINES:
        pen.text((620, y), text, fill=20, font=ImageFont.load_default(size), anchor="mm")
    sheet = Sheet()
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    sheet.canvas.drawImage(ImageReader(buffer), 0, 0, *sheet.size)
    return sheet.pdf()


def test_a_scan_is_recognised_and_the_rows_say_so(tesseract: None, tmp_path: Path) -> None:
    world = World(tmp_path)
    sha256 = world.document(world.work("a"), scan())
    without = Config(db=world.config.db, verbosity=-1, values={"OCR_LANGUAGES": "none"})
    assert stage.run(without, ()).n_failed == 1
    assert world.rows("SELECT DISTINCT status, reason FROM document_state") == [
        ("failed", "no text layer: scanned pages (optical character recognition would be needed)")
    ]
    assert stage.run(without, ()).n_waiting == 0
    assert stage.run(world.config, ()).n_read == 1  # it waits again once pages can be recognised
    assert world.rows("SELECT title FROM work") == [("Learning Faces from Scanned Pages",)]
    ((text, version),) = world.rows("SELECT text, version FROM affiliation JOIN affiliation_string USING (string_id)")
    assert text == "University of Leeds, Leeds, United Kingdom" and f"{stage.READER_VERSION}, tesseract" in version
    ((quote, version),) = world.rows("SELECT quote, version FROM mention")
    assert quote == "In our experiments we train the network on MegaFace and report results." and ", tesseract" in version
    ((reason,),) = world.rows("SELECT reason FROM document_state WHERE stage = 'read' AND sha256 = ?", [sha256])
    assert reason.startswith("recognised by tesseract")
    assert stage.run(world.config, ()).n_waiting == 0


def test_a_picture_without_words_is_unreadable(tesseract: None, tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.canvas.drawImage(ImageReader(Image.new("L", (600, 800), 200)), 0, 0, *sheet.size)
    (tmp_path / "grey.pdf").write_bytes(sheet.pdf())
    reading = read_file(Order(tmp_path / "grey.pdf", languages="eng"))
    assert (reading.error or "").startswith("text recognition gave nothing")


def test_a_language_that_is_not_installed_is_said(tesseract: None, tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").write_bytes(scan())
    reading = read_file(Order(tmp_path / "scan.pdf", languages="tlh"))
    assert (reading.error or "").startswith("text recognition gave nothing") and "tlh" in (reading.error or "")


def test_recognition_keeps_to_the_time_of_the_document(tesseract: None, tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").write_bytes(scan())
    orders = [Order(tmp_path / "scan.pdf", languages="eng", seconds=60.0)]
    ((_, result),) = Guard(read_file, workers=1, limits=Limits(seconds=-4.5)).run(orders)
    assert isinstance(result, Failure) and "took longer" in result.reason


def test_without_the_program_nothing_is_recognised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not ocr.is_installed() and stage.languages_of(Config()) is None
    (tmp_path / "scan.pdf").write_bytes(scan())
    reading: Reading = read_file(Order(tmp_path / "scan.pdf", languages=stage.languages_of(Config())))
    assert (reading.error or "").startswith("no text layer")


def test_a_program_that_a_worker_started_ends_with_it(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    ((_, result),) = Guard(suffer, workers=1, limits=Limits(seconds=-3.0, megabytes=1024)).run([f"child {note}"])
    assert isinstance(result, Failure)
    child = Path(f"/proc/{note.read_text()}/stat")
    deadline = time.monotonic() + 20
    while child.exists() and child.read_text().rpartition(")")[2].split()[0] != "Z" and time.monotonic() < deadline:
        os.sched_yield()
    assert not child.exists() or child.read_text().rpartition(")")[2].split()[0] == "Z"
