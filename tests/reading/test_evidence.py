"""The running text of whole documents: what is read from them, where it stands, and what it says of use."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.reading.aliases import Catalogue
from crawler.reading.entries import Key, key_of
from crawler.reading.layout import Document
from crawler.reading.mentions import Mention, find_mentions
from crawler.reading.passages import Block, _runs_on, mended, read_blocks
from crawler.reading.pdfium import TextDocument
from crawler.reading.reader import Order, read_file
from crawler.reading.textlayer import from_layout
from crawler.reading.usescore import score_uses
from tests.reading.pages import FILL, Sheet

# None of them is in the shipped catalogue: what holds for these holds for a dataset that somebody adds.
CATALOGUE = Catalogue.of(
    [
        ("birds", "CUB-200-2011", False),
        ("streets", "Cityscapes", False),
        ("flowers", "Oxford Flowers", False),
        ("digits", "SVHN", False),
        ("scenes", "Places365", False),
        ("chinese", "人脸千集", False),
        ("umlaut", "MünsterTraffic", False),
        ("net", "VoxNet Faces", False),
    ],
    [("streets", "The Cityscapes dataset for semantic urban scene understanding"), ("digits", "Reading digits in natural images")],
)


def blocks_of(sheet: Sheet) -> list[Block]:
    return read_blocks(TextDocument(sheet.pdf()).pages(), 60)[0]


def told(sheet: Sheet) -> list[Mention]:
    return find_mentions(blocks_of(sheet), CATALOGUE)


def whole(tmp_path: Path, sheet: Sheet) -> list[Mention]:
    (tmp_path / "a.pdf").write_bytes(sheet.pdf())
    return read_file(Order(tmp_path / "a.pdf", catalogue=CATALOGUE)).mentions


def section(sheet: Sheet, y: float, heading: str, lines: list[str]) -> Sheet:
    return sheet.text(70, y, heading, size=13, font="Times-Bold").lines(70, y + 20, lines)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("trained on CUB 200 2011 alone.", "birds"),
        ("trained on CUB-200-\n2011 alone.", "birds"),
        ("trained on City-\nscapes alone.", "streets"),
        ("trained on C ITYSCAPES alone.", "streets"),
        ("trained on SV-\nHN alone.", "digits"),
        ("trained on Vox-\nNet Faces alone.", "net"),
        ("trained on Places 365 alone.", "scenes"),
        ("trained on Places-365 alone.", "scenes"),
        ("an SVHN-\nlike set of numbers.", "digits"),
        ("我们在人脸千集上训练模型。", "chinese"),
        ("trained on MünsterTraffic alone.", "umlaut"),
        ("trained on VoxNet-Faces alone.", "net"),
        ("trained on Cityscapes¹² alone.", "streets"),
    ],
)
def test_names_of_any_form(text: str, slug: str) -> None:
    block = Block(mended(text.split("\n")), 1, None, False)
    assert {mention.slug for mention in find_mentions([block], CATALOGUE)} == {slug}


def test_a_hyphen_before_a_line_s_end_stays_beside_capitals_and_goes_elsewhere() -> None:
    quotes = [m.quote for m in told(Sheet().lines(70, 90, ["We test on SVHN-", "like numbers and on City-", "scapes, too."]))]
    assert quotes == ["We test on SVHN-like numbers and on Cityscapes, too."] * 2


def test_the_number_of_a_footnote_is_no_part_of_a_name() -> None:
    (mention,) = told(Sheet().text(70, 90, "We train on Cityscapes^(12) and more."))
    assert (mention.alias, mention.quote) == ("Cityscapes", "We train on Cityscapes¹² and more.")


def test_columns_that_the_file_gives_row_by_row() -> None:
    sheet = Sheet()
    for at in range(29):
        sheet.text(60, 80 + 12 * at, f"left words that fill the line number {at}")
        sheet.text(320, 80 + 12 * at, "scapes set as all others do." if at == 0 else f"right words that fill the line {at}")
    sheet.text(60, 80 + 12 * 29, "We train our model on the City-")
    (mention,) = told(sheet)
    assert "We train our model on the Cityscapes set as all others do." in mention.quote


def test_running_heads_and_the_title_block_are_no_passages(tmp_path: Path) -> None:
    sheet = Sheet().title("Cityscapes and Beyond")
    sheet.text(297, 120, "Ann Lee, Bob Cityscapes", centred=True).text(297, 140, "Cityscapes Institute, Leeds, UK", centred=True)
    sheet.text(297, 155, "ann@cityscapes.org", centred=True).body(180)
    for page in range(3):
        sheet.new_page().text(70, 40, f"{page + 2}    A. Lee and B. Ray: Cityscapes and Beyond").lines(70, 90, [FILL] * 20)
    sheet.text(70, 400, "We train on Cityscapes.")
    assert [(mention.page, mention.quote[-23:]) for mention in whole(tmp_path, sheet)] == [(4, "We train on Cityscapes.")]


def test_sections_tables_captions_references_and_appendices() -> None:
    sheet = section(Sheet(), 80, "1. Introduction", ["Many use Cityscapes."])
    section(sheet, 180, "4. Experiments", ["All of this is new."])
    section(sheet, 260, "4.2. Comparison", ["We train on Cityscapes."])
    sheet.text(70, 340, "Table 2. Results on Cityscapes", size=8)
    sheet.lines(70, 352, ["Method Cityscapes SVHN", "Ours 92.1 93.4 94.0", "Cityscapes 71.1 72.3 1.1"], size=8, leading=10)
    section(sheet.new_page(), 80, "References", ["[1] A. Roe. Cityscapes revisited. 2016."])
    section(sheet, 180, "A. Further Results", ["We test on Cityscapes once more."])
    assert [(m.page, m.section, m.quote) for m in told(sheet) if m.slug == "streets"] == [
        (1, "1. Introduction", "Many use Cityscapes."),
        (1, "4. Experiments › 4.2. Comparison", "We train on Cityscapes."),
        (1, "4. Experiments › 4.2. Comparison › Table 2", "Table 2. Results on Cityscapes"),
        (1, "4. Experiments › 4.2. Comparison › table", "Method Cityscapes SVHN"),
        (1, "4. Experiments › 4.2. Comparison › table", "Cityscapes 71.1 72.3 1.1"),
        (2, "Appendix › A. Further Results", "We test on Cityscapes once more."),
        (2, "References", "[1] A. Roe. Cityscapes revisited. 2016."),
    ]


def test_an_abstract_that_runs_on_behind_its_heading() -> None:
    sheet = Sheet().lines(70, 80, ["Abstract. We train on Cityscapes [3] and Roe et", "al. [20] do so, too. And more."])
    assert [(m.section, m.quote) for m in told(sheet)] == [("Abstract", "We train on Cityscapes [3] and Roe et al. [20] do so, too.")]


def test_a_sentence_that_runs_over_the_end_of_a_page_is_whole() -> None:
    sheet = section(Sheet(), 80, "4. Experiments", ["We do this. Then we test the network on the"])
    sheet.text(70, 300, "Table 1. Numbers on SVHN", size=8).new_page().lines(
        70, 80, ["Cityscapes set and on SVHN. And Cityscapes is large."]
    )
    quote = "Then we test the network on the Cityscapes set and on SVHN."
    assert [(m.slug, m.page, m.quote) for m in told(sheet)] == [
        ("digits", 1, "Table 1. Numbers on SVHN"),
        ("digits", 2, quote),
        ("streets", 2, quote),
        ("streets", 2, "And Cityscapes is large."),
    ]


def test_a_reference_list_without_a_heading() -> None:
    sheet = section(Sheet(), 80, "4. Experiments", ["We train on Cityscapes [2]."]).new_page()
    sheet.lines(70, 80, [f"[{n}] A. Roe and B. Lee. Cityscapes, part {n}. 2016." for n in range(1, 6)])
    assert [mention.in_references for mention in told(sheet)] == [False] + [True] * 5


def test_small_capitals_make_headings_too() -> None:
    sheet = section(Sheet(), 80, "IV. E XPERIMENTS", ["We train on Cityscapes."])
    assert told(sheet)[0].section == "IV. EXPERIMENTS"


REFERENCES = Block("[8] A. Roe. Another thing. 2010.\n[9] Y. Netzer. Reading digits in natural images. 2011.", 9, "References", True)


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("First this. We train on house numbers [9]. Then that.", ["We train on house numbers [9]."]),
        ("We follow others [3, 7–10] here.", ["We follow others [3, 7–10] here."]),
        ("We follow others [8] and [90] here, as in [10, 11].", []),
        ("We train on SVHN [9] alone.", ["We train on SVHN [9] alone."]),
        ("We train on house numbers.⁹ Then that.", ["We train on house numbers.⁹"]),
    ],
)
def test_a_dataset_that_is_cited_and_not_named(text: str, quotes: list[str]) -> None:
    mentions = find_mentions([Block(text, 4, "4 Experiments", False, place=0.6), REFERENCES], CATALOGUE)
    body = [mention for mention in mentions if not mention.in_references]
    assert [mention.quote for mention in body] == quotes
    assert all(mention.by_citation == ("SVHN" not in text) for mention in body)


NAMES = [
    "Lee, A. and Doe, B. (2014). Other things. Leeds.",
    "Netzer, Y. and Ray, B. (2011). Reading digits in",
    "natural images. Journal of Samples, 4:1-9.",
    "Roe, C. and Lee, A. (2012). Still others. Leeds.",
]


@pytest.mark.parametrize(
    ("text", "alias"),
    [
        ("We train on the digits of Netzer and Ray (2011).", "Netzer and Ray (2011"),
        ("We train on digits (Roe and Lee, 2012; Netzer et al., 2011).", "Netzer et al., 2011"),
        ("We train on digits (Netzer et al., 2010, 2011) and more.", "Netzer et al., 2010, 2011"),
        ("Others train on digits (Roe and Lee, 2012; Netzer, 2013).", None),
    ],
)
def test_a_dataset_that_is_cited_by_author_and_year(text: str, alias: str | None) -> None:
    sheet = section(Sheet(), 80, "4. Experiments", [text]).text(70, 200, "References", size=13, font="Times-Bold")
    for at, line in enumerate(NAMES):
        sheet.text(84 if at == 2 else 70, 220 + 12 * at, line)
    mentions = told(sheet)
    body = [mention for mention in mentions if not mention.in_references]
    assert [(mention.alias, mention.quote, mention.section) for mention in body] == ([(alias, text, "4. Experiments")] if alias else [])
    assert [mention.quote for mention in mentions if mention.in_references] == [" ".join(NAMES[1:3])]
    if alias:
        (use,) = score_uses(mentions)
        assert "not named, only cited by author and year" in use.reasons


def test_author_and_year_that_two_entries_share_tell_neither() -> None:
    both = "Netzer, Y. (2011). Reading digits in natural images.\nNetzer, Y. and Ray, B. (2011). Another."
    block = Block(both, 9, "References", True, entries=(0, both.index("\n") + 1))
    assert [m.in_references for m in find_mentions([Block("As told (Netzer, 2011).", 1, None, False), block], CATALOGUE)] == [True]


@pytest.mark.parametrize(
    ("entry", "key"),
    [
        ("[12] A. Roe. A title. 2016.", Key(number=12)),
        ("[RL16] A. Roe and B. Lee. A title.", Key(label="RL16")),
        ("van der Roe AB, Lee C (2016a). A title.", Key(surname="van der Roe", years=frozenset({"2016a"}))),
        ("Anna Roe-Lee, Bo Ray, and Cy Dee. 2016. A title. arXiv:1801.01234.", Key(surname="Roe-Lee", years=frozenset({"2016"}))),
    ],
)
def test_how_an_entry_of_a_reference_list_is_cited(entry: str, key: Key) -> None:
    assert key_of(entry, entry.index("A title")) == key


def test_a_block_without_text_runs_on_to_nothing() -> None:
    assert not _runs_on("", "and more") and not _runs_on("We train on", "")
    assert _runs_on("We train on", "Cityscapes.")


def score(*passages: str, heading: str = "4 Experiments", place: float = 0.7) -> tuple[float, tuple[str, ...]]:
    blocks = [Block(text, 5, heading, False, place=place) for text in passages]
    (use,) = [use for use in score_uses(find_mentions(blocks, CATALOGUE)) if use.slug == "streets"]
    return use.score, use.reasons


def test_the_score_orders_what_is_said_of_a_dataset_that_no_weight_has_seen() -> None:
    trained = score("We train our network on Cityscapes.", "Results on Cityscapes are in Table 3. Cityscapes is split in two.")
    once = score("We use the web-collected training data, including SVHN, Cityscapes [4] and Places365.")
    network = score("The Cityscapes network of Roe et al. [3] has many layers.")
    likened = score("We build a set similar to Cityscapes.")
    told = score("Others collected Cityscapes and more.", heading="2 Related Work", place=0.1)
    cited = score_uses(find_mentions([Block("As known [9].", 1, "1 Introduction", False, place=0.1), REFERENCES], CATALOGUE))[0]
    assert trained[0] > 0.8 > once[0] > 0.4 > network[0] > told[0] > 0.02 < cited.score < 0.2
    assert once[0] > likened[0]
    assert "the authors say that they use it" in once[1]
    assert "mostly the name of a network or method" in network[1]
    assert "only likened to" in likened[1]
    assert "only in introduction or related work" in told[1] and "only in the first part of the text" in told[1]
    assert "not named, only cited by number" in cited.reasons


def test_pdfminer_reads_what_pdfium_refuses() -> None:
    data = section(Sheet(), 80, "4. Experiments", ["We train on Cityscapes^(3) and more."]).pdf()
    (mention,) = find_mentions(read_blocks(from_layout(Document(data)), 60)[0], CATALOGUE)
    assert (mention.section, mention.quote) == ("4. Experiments", "We train on Cityscapes³ and more.")


def test_quotes_have_whole_words_and_no_signs_that_can_t_be_printed() -> None:
    long = "The words of a sentence that has no end " * 12
    (mention,) = find_mentions([Block(f"{long}Cityscapes \ue012\ufffd {long}", 1, None, False)], CATALOGUE)
    assert len(mention.quote) <= 300 and not set("\ue012\ufffd") & set(mention.quote)
    assert set(mention.quote.strip("…").split()) <= set(f"{long} Cityscapes".split())
