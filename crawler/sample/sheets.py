"""The text of a stand-in: what a work of the sample does with each dataset, in sentences that say they are no quotes."""

from __future__ import annotations

from crawler.datasets import find_in_catalogue
from crawler.sample.sheet import Author, Section, Sheet
from crawler.sample.works import Citation, SampleWork
from db.catalogue import SeedPaper

FLAG = "[stand-in]"  # begins each sentence, so that none is taken for a quote from the paper
# What is said of a dataset that a work uses, as papers say it: in the first sentence all purposes, then a sentence for each.
_VERBS = {"train": "train on", "validate": "validate on", "test": "test on", "derive": "derive new data from"}
_IN_DETAIL = {
    "train": "Our models are trained on {}.",
    "validate": "We choose the settings of our models by their accuracy on {}.",
    "test": "We report the accuracy of our models on {} by its protocol; the numbers stand in the paper.",
    "derive": "We select images of {} and annotate them anew.",
}
_ABSTRACT = (
    "This file stands in for the paper that is named above.",
    "Title, names and affiliations are those of the paper; every other sentence was written for the demo.",
    "Read the paper itself before you say anything about it.",
)
_INTRODUCTION = (
    "The words of the paper are not repeated here.",
    "A real paper would state its question in this place and say why the question matters.",
    "It would go on with what others tried, and with what none of them could do.",
    "Then it would list what it brings, often in three points.",
    "The demo needs none of this, but a page with little text on it looks like no page of a paper.",
    "So this column is filled with sentences that say nothing about anybody.",
    "They are long enough to run over several lines, and plain enough to be skipped.",
    "Nobody said them, so nobody can be held to them.",
    "They bring no result, no claim and no comparison.",
    "Their number is chosen so that the column reaches well below the middle of the page.",
    "In a narrow column they run on further, in a wide one they end sooner.",
    "A reader of files does not know beforehand which of the two it has to do with.",
    "It has to see from the gaps between words where one column ends and the next one begins.",
    "That is one of the things which these pages are here to try.",
    "Who reads them has seen that the reader of whereused passes over them as well.",
)
_RELATED = (
    "An overview of earlier work would stand here.",
    "Names of methods and of their makers are left out on purpose.",
    "Only datasets whose papers are cited below are named, and only those that the paper names too.",
)
_METHOD = (
    "A description of the method would stand here, with a figure and some formulas.",
    "None of it is needed to find out who worked with which data.",
    "The section is kept because papers have one, and because a section heading tells where a sentence stands.",
    "Whatever is written between two headings belongs to the first of them.",
    "So the order of the sections matters more than what is said in them.",
    "Two columns are read one after the other, the left one first.",
    "A line that runs over both of them would be a title or a figure, and there is no figure here.",
    "The numbers in brackets lead to the list at the end, as they do in most papers of this field.",
    "Other fields write names and years instead, which the demo leaves to the real papers.",
    "With this the section has as many lines as the one beside it, and can end.",
)
_EXPERIMENTS = (
    "The experiments of the paper are told in the paper.",
    "Here stands only which data it works with, as a person noted it who read the paper.",
    "Settings, numbers and tables are left out.",
    "A table would tell how well something works, and with it who is better than whom.",
    "Such a comparison can be right only with the numbers of the authors, and those are theirs.",
    "What a reviewer wants to know is simpler: which data went in, and what for.",
    "The sentences that say so stand at the end of this section, some for each dataset.",
    "Each of them names a purpose: to train, to validate, to test, or to derive new data.",
    "The purposes are those of the codebook, so that a label can be compared with the sentence.",
    "Where the paper goes by the number of a reference, the sentence does so too.",
    "Where the paper uses none of the datasets of the demo, no such sentence follows.",
)
_END = (
    "Nothing is concluded here.",
    "A paper would say once more what it has shown, and what is left for others to do.",
    "It would thank its funders, and the people who read it before anyone else did.",
    "None of this is repeated, as it would be about people and not about data.",
    "The map of the demo is made from the first page alone, and its table from the pages after it.",
    "Both lead back to this file, and this file says on every page what it is.",
    "So nobody can take the one for the other.",
    "The list below names the papers of the datasets that the paper cites, and no others.",
)


def _flagged(sentences: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{FLAG} {sentence}" for sentence in sentences)


def _listing(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def find_seed(citation: Citation) -> SeedPaper:
    """The dataset's paper that is cited."""
    return find_in_catalogue(citation.slug).papers[citation.seed]


def sentence(work: SampleWork, citation: Citation) -> str | None:
    """What the work does with the dataset; None where the paper has it in its list of references alone.

    Where the paper goes by the number of the reference and never prints the name, so does the sentence.
    """
    number = 1 + work.citations.index(citation)
    name = f"{find_in_catalogue(citation.slug).name} [{number}]" if citation.named_in_text else f"the data of reference [{number}]"
    deeds = _listing([_VERBS[purpose] for purpose in citation.purposes]) if citation.purposes else ""
    if citation.label == "used":
        return f"{FLAG} In our experiments we {deeds} {name}."
    if citation.label == "created":
        return f"{FLAG} We introduce {name}; we {deeds} it."
    if not citation.named_in_text:
        return None
    if citation.label == "unclear":
        return f"{FLAG} This work names {name}; whether it uses it is not clear."
    return f"{FLAG} Earlier sets of images, such as {name}, have moved this field."


def context(work: SampleWork, citation: Citation) -> tuple[list[str], list[str]]:
    """The sentences around the reference and their intents, as the provider tells them."""
    text = sentence(work, citation)
    if text is None:
        return [], []
    return [text], ["methodology" if citation.label in ("used", "created") else "background"]


def _said(work: SampleWork, *labels: str) -> tuple[str, ...]:
    return tuple(text for c in work.citations if c.label in labels and (text := sentence(work, c)))


def _in_abstract(work: SampleWork) -> tuple[str, ...]:
    """One sentence on all datasets that the work uses and prints the names of."""
    names = [find_in_catalogue(c.slug).name for c in work.citations if c.label in ("used", "created") and c.named_in_text]
    return (f"{FLAG} We run experiments on {_listing(names)}.",) if names else ()


def _in_detail(work: SampleWork) -> tuple[str, ...]:
    """A sentence for each purpose of each dataset that the work uses and prints the name of."""
    used = [(find_in_catalogue(c.slug).name, c.purposes) for c in work.citations if c.label == "used" and c.named_in_text]
    return tuple(f"{FLAG} {_IN_DETAIL[purpose].format(name)}" for name, purposes in used for purpose in purposes)


def reference(paper: SeedPaper) -> str:
    """A line of the list of references: title, venue or arXiv id, year."""
    where = paper.venue or (f"arXiv:{paper.arxiv}" if paper.arxiv else "")
    year = "" if str(paper.year) in where else str(paper.year or "")
    return ", ".join(part for part in (paper.title, where, year) if part) + "."


def make_sheet(work: SampleWork) -> Sheet:
    """The stand-in of a work, ready for the typesetter."""
    return Sheet(
        title=work.title,
        authors=tuple(Author(name, places) for name, places in work.authors),
        affiliations=work.affiliations,
        abstract=(*_flagged(_ABSTRACT), *_in_abstract(work)),
        sections=(
            Section("Introduction", (*_flagged(_INTRODUCTION), *_said(work, "created"))),
            Section("Related work", (*_flagged(_RELATED), *_said(work, "mentioned", "unclear")), opens="column"),
            Section("Method", _flagged(_METHOD)),
            Section("Experiments", (*_flagged(_EXPERIMENTS), *_said(work, "used"), *_in_detail(work)), opens="page"),
            Section("Conclusion", _flagged(_END), opens="column"),
        ),
        references=tuple(reference(find_seed(citation)) for citation in work.citations),
    )
