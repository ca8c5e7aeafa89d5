"""Files that are no papers, or broken ones: each has a clear reason, none a crash."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.pdfencrypt import StandardEncryption

from crawler.reading.aliases import Catalogue
from crawler.reading.reader import Order, Reading, read_file
from tests.reading.pages import Sheet


def paper() -> bytes:
    sheet = Sheet().title("A Paper Like Any Other").text(297, 120, "Ann Lee^(1)", centred=True)
    return sheet.text(297, 140, "^(1)University of Leeds, UK", centred=True).body(180).pdf()


def read(tmp_path: Path, data: bytes) -> Reading:
    path = tmp_path / "file.pdf"
    path.write_bytes(data)
    return read_file(Order(path))


def bare_pdf(content: bytes, *, font: bytes = b"<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>", filters: bytes = b"") -> bytes:
    """A PDF of one page with this content stream."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>/XObject<</X 4 0 R>>>>>>",
        b"<</Length " + str(len(content)).encode() + filters + b">>stream\n" + content + b"\nendstream",
        font,
    ]
    out = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += str(number).encode() + b" 0 obj\n" + body + b"\nendobj\n"
    table = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer<</Root 1 0 R/Size 6>>\nstartxref\n" + str(table).encode() + b"\n%%EOF"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty file"),
        (b"  \n", "empty file"),
        (b"<!DOCTYPE html><html><title>Just a moment...</title>", "not a PDF: a web page saved under a PDF name"),
        (b"PK\x03\x04rest of an office file", "not a PDF: a zip or office file"),
        (b"plain words", "not a PDF"),
        (b"%PDF-1.4\nnothing follows", "truncated: the end of the file is missing"),
        (paper()[:900], "truncated: the end of the file is missing"),
        (b"%PDF-1.4\ngarbage\n%%EOF", "broken PDF"),
        (bare_pdf(b""), "no text layer"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, data: bytes, reason: str) -> None:
    reading = read(tmp_path, data)
    assert (reading.error or "").startswith(reason)
    assert not reading.title and not reading.affiliations


def test_a_file_that_is_not_there_and_a_folder(tmp_path: Path) -> None:
    assert read_file(Order(tmp_path / "none.pdf")).error == "no such file"
    assert read_file(Order(tmp_path)).error == "a folder, not a file"


def test_an_encrypted_file_asks_for_its_password(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.canvas._doc.encrypt = StandardEncryption("secret", "owner")
    assert read(tmp_path, sheet.title("Nobody May Read This").body(150).pdf()).error == "encrypted: it asks for a password"


@pytest.mark.parametrize(("owner", "strength"), [("", 40), ("owner", 40), ("owner", 128)])
def test_an_encrypted_file_that_asks_for_no_password_is_read(tmp_path: Path, owner: str, strength: int) -> None:
    sheet = Sheet()
    sheet.canvas._doc.encrypt = StandardEncryption("", owner, canPrint=0, canCopy=0, strength=strength)
    sheet.title("Anybody May Read This Paper").text(297, 120, "Ann Lee^(1)", centred=True)
    sheet.text(297, 140, "^(1)University of Leeds, UK", centred=True).body(180).text(70, 600, "We train on MegaFace.")
    path = tmp_path / "locked.pdf"
    path.write_bytes(sheet.pdf())
    reading = read_file(Order(path, catalogue=Catalogue.of([("megaface", "MegaFace", False)], [])))
    assert reading.error is None and reading.title == "Anybody May Read This Paper"
    assert [text for text, _, _ in reading.affiliations] == ["University of Leeds, UK"]
    assert [mention.slug for mention in reading.mentions] == ["megaface"]


def test_fonts_without_a_unicode_map_are_garbage(tmp_path: Path) -> None:
    font = (
        b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/X"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor<</Type/FontDescriptor/FontName/X/Flags 4>>>>]>>"
    )
    line = b"<" + "".join(f"{code:04x}" for code in range(3, 90)).encode() + b"> Tj 0 -14 Td "
    reading = read(tmp_path, bare_pdf(b"BT /F1 10 Tf 50 700 Td " + line * 20 + b"ET", font=font))
    assert reading.error == "garbage text layer: its fonts have no Unicode map"


def test_a_shifted_alphabet_is_garbage(tmp_path: Path) -> None:
    text = "the university of the north and the south shows that we can read a page of words with ease and that it is good "
    shifted = "".join(chr(ord(c) + 3) if c.isalpha() else c for c in text).replace("(", "x").replace(")", "x")
    lines = b"".join(b"(" + shifted.encode() + b") Tj 0 -14 Td " for _ in range(12))
    assert read(tmp_path, bare_pdf(b"BT /F1 10 Tf 50 700 Td " + lines + b"ET")).error == "garbage text layer: its letters make no words"


def test_names_in_a_shifted_alphabet_are_said_to_be_unreadable(tmp_path: Path) -> None:
    rows = ["Ann Lee, Bob Ray, Clara Oldenburg", "Department of Physics, University of Leeds, Leeds LS2 9JT, United Kingdom"]
    sheet = Sheet().title("A Title That Can Be Read")
    for at, row in enumerate(rows):
        sheet.text(100, 120 + 14 * at, "".join(chr(ord(c) - 29) if c > " " else c for c in row).replace("\x0f", "+"), font="Helvetica")
    reading = read(tmp_path, sheet.body(180).pdf())
    assert (reading.error, reading.title, reading.authors, reading.affiliations) == (None, "A Title That Can Be Read", [], [])
    assert reading.front_note == "garbage: the font of the names has no Unicode map"
    assert read(tmp_path, paper()).front_note is None


def test_a_form_that_calls_itself_ends(tmp_path: Path) -> None:
    content = b"/X Do BT /F1 10 Tf 50 700 Td " + b"(the words of the page and of all that is in it) Tj 0 -14 Td " * 10 + b"ET"
    assert read(tmp_path, bare_pdf(content)).error is None


def test_a_bomb_of_zeros_hurts_only_itself(tmp_path: Path) -> None:
    from crawler.reading.guard import Failure, Guard, Limits

    packer = zlib.compressobj(9)
    bomb = b"".join(packer.compress(b" " * 1_000_000) for _ in range(600)) + packer.flush()
    (tmp_path / "bomb.pdf").write_bytes(bare_pdf(bomb, filters=b"/Filter/FlateDecode"))
    (tmp_path / "good.pdf").write_bytes(paper())
    orders = [Order(tmp_path / "bomb.pdf"), Order(tmp_path / "good.pdf")]
    results = [result for _, result in Guard(read_file, workers=1, limits=Limits(seconds=60, megabytes=500)).run(orders)]
    assert isinstance(results[0], Failure) or results[0].error
    assert isinstance(results[1], Reading) and results[1].title == "A Paper Like Any Other"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6000), st.integers(0, 255)), min_size=1, max_size=40), st.integers(0, 2))
def test_damaged_files_never_raise(tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(paper())
    for place, value in changes:
        data[place % len(data)] = value
    reading = read(tmp_path_factory.mktemp("damaged"), bytes(data[: len(data) - cut * 300]))
    assert reading.error is None or len(reading.error) < 200
