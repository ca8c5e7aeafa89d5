"""Passages that name a dataset: which count, which don't, and how they are quoted."""

from __future__ import annotations

import pytest

from crawler.reading.aliases import Catalogue
from crawler.reading.mentions import Mention, find_mentions
from crawler.reading.passages import Block, read_blocks
from crawler.reading.pdfium import TextDocument
from crawler.reading.usescore import score_uses
from tests.reading.pages import Sheet

ALIASES = [
    *(("megaface", alias, False) for alias in ("MegaFace", "MegaFace Challenge 1")),
    ("megaface", "MF1", True),
    *(("vgg_face", alias, False) for alias in ("VGGFace", "VGG Face")),
    *(("vgg_face2", alias, False) for alias in ("VGGFace2", "VGGFace 2")),
    *(("celeba", alias, False) for alias in ("CelebA",)),
    *(("casia_webface", alias, weak) for alias, weak in (("CASIA-WebFace", False), ("WebFace", True), ("CASIA", True))),
    *(("duke_mtmc", alias, False) for alias in ("DukeMTMC", "DukeMTMC-reID")),
    *(("duke_mtmc_reid", alias, weak) for alias, weak in (("DukeMTMC-reID", False), ("DukeMTMC reID", False), ("Duke", True))),
    ("lfw", "LFW", False),
    ("wider_face", "WIDER FACE", False),
    ("wider", "WIDER", True),
]
TITLES = [("vgg_face", "Deep Face Recognition"), ("casia_webface", "Learning Face Representation from Scratch")]
CATALOGUE = Catalogue.of(ALIASES, TITLES)


def find(text: str, *, references: str = "") -> list[Mention]:
    blocks = [Block(text, 3, "4 Experiments", False, place=0.6)]
    if references:
        blocks.append(Block(references, 9, "References", True))
    return find_mentions(blocks, CATALOGUE)


def slugs(text: str, references: str = "") -> set[str]:
    return {mention.slug for mention in find(text, references=references)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We train on MegaFace.", {"megaface"}),
        ("We train on Mega-Face and MEGAFACE.", {"megaface"}),
        ("We train on Mega-\nFace.", {"megaface"}),
        ("We compare on C ELEBA [26] and others.", {"celeba"}),
        ("We use VGGFace2 for training.", {"vgg_face2"}),
        ("We use VGG-Face 2 for training.", {"vgg_face2"}),
        ("Results on MegaFace Challenge1 are good.", {"megaface"}),
        ("We evaluate on DukeMTMC-reID.", {"duke_mtmc", "duke_mtmc_reid"}),
        ("Faces of WIDER FACE are small.", {"wider_face"}),
        ("See megafacet and LFWX and lfw.", set()),
        ("The code is at https://github.com/x/LFW for all.", set()),
        ("We train on WebFace260M alone.", set()),
    ],
)
def test_spellings_and_longer_names(text: str, expected: set[str]) -> None:
    assert slugs(text) == expected


@pytest.mark.parametrize(
    ("text", "references", "expected"),
    [
        ("We evaluate on Duke.", "", set()),
        ("We evaluate on the Duke dataset.", "", {"duke_mtmc_reid"}),
        ("We work at Duke. The dataset Duke is ours.", "", {"duke_mtmc_reid"}),
        ("We evaluate on Duke and DukeMTMC-reID.", "", {"duke_mtmc", "duke_mtmc_reid"}),
        ("We spoof CASIA FASD and the CASIA database.", "", set()),
        ("We train on CASIA, and test.", "[3] D. Yi. Learning face representation from scratch. 2014.", {"casia_webface"}),
        ("Large databases of faces (e.g., ImageNet and WebFace) are used.", "", {"casia_webface"}),
        ("A wider view, WIDER than before.", "", set()),
        ("Nothing here.", "[1] O. Parkhi. Deep face recognition. In BMVC, 2015.", {"vgg_face"}),
        ("Nothing here.", "[1] A. Roe. A survey of deep face recognition. 2015.", set()),
    ],
)
def test_weak_names_need_a_second_sign(text: str, references: str, expected: set[str]) -> None:
    assert slugs(text, references) == expected


def test_a_quote_is_one_sentence_of_at_most_300_characters() -> None:
    text = (
        "First comes another one. "
        + "We note, as others did, that " * 20
        + "MegaFace is large "
        + "and that it is hard " * 30
        + ". Then the last."
    )
    (mention,) = find(text)
    assert len(mention.quote) <= 300 and "MegaFace" in mention.quote
    assert mention.quote.startswith("…") and mention.quote.endswith("…")
    (mention,) = find("See Fig. 3, e.g. the left. We, i.e. A. Roe et al. [3], test on LFW\nand others. Then more.")
    assert mention.quote == "We, i.e. A. Roe et al. [3], test on LFW and others."


def test_a_quote_holds_no_address() -> None:
    (mention,) = find("MegaFace is given by {ann, bob}@cs.x.edu, cy@x.org or di.fox at x.edu on demand.")
    assert mention.quote == "MegaFace is given by @cs.x.edu, @x.org or @x.edu on demand."


def test_pages_sections_and_the_reference_list() -> None:
    sheet = Sheet().text(70, 90, "4. Experiments", size=13, font="Times-Bold")
    sheet.lines(70, 110, ["We train our network on the Mega-", "Face challenge data, which are many."]).new_page()
    sheet.text(70, 90, "References", size=13, font="Times-Bold").lines(70, 110, ["[1] A. Roe. MegaFace revisited. 2016."])
    blocks, n_pages = read_blocks(TextDocument(sheet.pdf()).pages(), 60)
    body, reference = find_mentions(blocks, CATALOGUE)
    assert n_pages == 2
    assert (body.page, body.section, body.in_references) == (1, "4. Experiments", False)
    assert body.quote == "We train our network on the Mega-Face challenge data, which are many."
    assert (reference.page, reference.in_references) == (2, True)
    assert reference.quote == "[1] A. Roe. MegaFace revisited. 2016."


def test_columns_are_read_one_after_the_other() -> None:
    sheet = Sheet()
    sheet.lines(60, 80, [f"left words that fill the line number {at}" for at in range(29)] + ["We train our model on the"])
    sheet.lines(320, 80, ["MegaFace set as all others do."] + [f"right words that fill the line number {at}" for at in range(29)])
    blocks, _ = read_blocks(TextDocument(sheet.pdf()).pages(), 60)
    (mention,) = find_mentions(blocks, CATALOGUE)
    assert "We train our model on the MegaFace set as all others do." in mention.quote


def test_use_is_more_probable_than_a_mention() -> None:
    used = find("We train our model on MegaFace. We report results on MegaFace in Table 3.")
    told = find_mentions([Block("Others built MegaFace and more.", 1, "1 Introduction", False, place=0.1)], CATALOGUE)
    listed = find("Nothing.", references="[1] A. Roe. MegaFace revisited. 2016.")
    scores = [score_uses(mentions)[0] for mentions in (used, told, listed)]
    assert scores[0].score > 0.5 > scores[1].score > scores[2].score
    assert scores[2].reasons == ("named only in the reference list",)
    assert "said to be trained, evaluated or tested on" in scores[0].reasons
