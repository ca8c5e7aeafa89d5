"""Ids and titles in canonical form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.identity import SCHEMES, canonical, canonical_ids, is_telling, natural_key, same_authors, same_person, surname, title_key

SHA = "0123456789abcdef0123456789ABCDEF01234567"


@pytest.mark.parametrize(
    ("scheme", "value", "form"),
    [
        ("doi", "10.1109/CVPR.2016.527", "10.1109/cvpr.2016.527"),
        ("doi", "https://doi.org/10.1109/CVPR.2016.527", "10.1109/cvpr.2016.527"),
        ("doi", "http://dx.doi.org/10.1109%2FCVPR.2016.527", "10.1109/cvpr.2016.527"),
        ("doi", "DOI: 10.1109/CVPR.2016.527.", "10.1109/cvpr.2016.527"),
        ("doi", "doi:10.1016/S0092-8674(02)00964-9", "10.1016/s0092-8674(02)00964-9"),
        ("doi", "10.1016/j.cub.2004.03.029),", "10.1016/j.cub.2004.03.029"),
        ("doi", "https://link.springer.com/10.1007/s00265-015-1952-7", "10.1007/s00265-015-1952-7"),
        ("doi", "10.1002/(SICI)1097-0258(1998)17:15<1661::AID>3.0.CO;2-2", "10.1002/(sici)1097-0258(1998)17:15<1661::aid>3.0.co;2-2"),
        ("doi", "１０.1109/cvpr.2016.527", "10.1109/cvpr.2016.527"),
        ("doi", "10.1109", None),
        ("doi", "see 10.1109/x and others", None),
        ("doi", "n/a", None),
        ("doi", "", None),
        ("doi", None, None),
        ("arxiv", "1705.00393", "1705.00393"),
        ("arxiv", "arXiv:1705.00393v2", "1705.00393"),
        ("arxiv", "https://arxiv.org/abs/1705.00393v1", "1705.00393"),
        ("arxiv", "http://export.arxiv.org/pdf/1705.00393v1.pdf", "1705.00393"),
        ("arxiv", "10.48550/arXiv.1705.00393", "1705.00393"),
        ("arxiv", "cs/0112017v3", "cs/0112017"),
        ("arxiv", "math.GT/0309136", "math/0309136"),
        ("arxiv", "cond-mat/9703041", "cond-mat/9703041"),
        ("arxiv", "1705.00393 [cs.CV]", "1705.00393"),
        ("arxiv", "0704.0001", "0704.0001"),
        ("arxiv", "1713.00393", None),
        ("arxiv", "10.1109/cvpr.2016.527", None),
        ("arxiv", "17.393", None),
        ("s2", SHA, SHA.lower()),
        ("s2", f"https://www.semanticscholar.org/paper/Level-Playing-Field/{SHA}", SHA.lower()),
        ("s2", SHA[:-1], None),
        ("corpus", 215416146, "215416146"),
        ("corpus", "CorpusId:215416146", "215416146"),
        ("corpus", "-3", None),
        ("corpus", True, None),
        ("pmc", "PMC4521097", "PMC4521097"),
        ("pmc", "4521097", "PMC4521097"),
        ("pmc", "pmc4521097", "PMC4521097"),
        ("pmc", "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC4521097", "PMC4521097"),
        ("pmc", "PMCX", None),
        ("openalex", "https://openalex.org/W2963925437", "W2963925437"),
        ("openalex", "A5023888391", None),
        ("publication_number", "CN108256450A", "CN108256450A"),
        ("publication_number", "CN 108256450 A", "CN108256450A"),
        ("publication_number", "US-2019/0123456-A1", "US20190123456A1"),
        ("publication_number", "https://patents.google.com/patent/US7654321B2/en", "US7654321B2"),
        ("publication_number", "EP.1000000.A1", "EP1000000A1"),
        ("publication_number", "12345", None),
        ("url", "HTTPS://Example.org:443/Path?q=1#part", "https://example.org/Path?q=1"),
        ("url", "http://example.org", "http://example.org/"),
        ("url", "ftp://example.org/x", None),
        ("url", "javascript:alert(1)", None),
        ("url", "http://[broken", None),
        ("file", "Müller 2017", "Müller 2017"),
        ("file", "Mu\u0308ller 2017", "Müller 2017"),
        ("file", "../etc/passwd", None),
    ],
)  # fmt: skip
def test_canonical(scheme: str, value: object, form: str | None) -> None:
    assert canonical(scheme, value) == form


@given(st.sampled_from(SCHEMES), st.text() | st.integers())
def test_canonical_is_stable_and_never_fails(scheme: str, value: object) -> None:
    form = canonical(scheme, value)
    assert form is None or canonical(scheme, form) == form


def test_doi_of_arxiv_gives_the_arxiv_id_too() -> None:
    ids, n_bad = canonical_ids([("doi", "10.48550/arXiv.1705.00393"), ("doi", "nonsense"), ("arxiv", None), ("s2", "")])
    assert ids == (("arxiv", "1705.00393"), ("doi", "10.48550/arxiv.1705.00393"))
    assert n_bad == 1


def test_title_key_folds_what_printing_changes() -> None:
    assert title_key("Level Playing Field for Million-Scale Face Recognition") == title_key(
        "LEVEL PLAYING FIELD\nfor Million Scale Face Recognition."
    )
    assert title_key("Eﬃcient ﬁnding of ＦＡＣＥＳ") == title_key("efficient finding of faces")
    assert title_key("人脸识别 方法") == "人脸识别方法"
    assert title_key(None) == ""


@pytest.mark.parametrize(
    ("title", "telling"),
    [("Preface", False), ("Deep Face Recognition", False), ("Face Recognition via Deep Embedding", True), (None, False),
     ("Electroencephalographically speaking", True), ("基于深度学习的人脸识别方法研究", True), ("人脸", False)],
)  # fmt: skip
def test_is_telling(title: str | None, telling: bool) -> None:
    assert is_telling(title) is telling


@pytest.mark.parametrize(
    ("name", "family"),
    [("Ira Kemelmacher-Shlizerman", "kemelmachershlizerman"), ("Nech, Aaron", "nech"), ("Kumar N.", "kumar"),
     ("Belhumeur P.N.", "belhumeur"), ("N. Kumar", "kumar"), ("Martin Luther King, Jr.", "king"), ("José García", "garcia"),
     ("刘晓明", "刘晓明"), ("Y. Li", "li"), ("Plato", "plato"),
     ("", ""), (None, "")],
)  # fmt: skip
def test_surname(name: str | None, family: str) -> None:
    assert surname(name) == family


def test_people() -> None:
    assert same_person("Xiaoming Liu", "Liu Xiaoming")
    assert same_person("Dale D. Till", "Dale D. Tilla")
    assert not same_person("Ann Bee", "Ann Beech")
    assert not same_person("Wei Li", "Wei Liu")
    assert same_authors(["Moyà-Solà, S.", "Köhler, M."], ["Meike Köhler", "Salvador Moyà-Solà"])
    assert not same_authors(["Ann Bee", "Bob Cee", "Dora Dee"], ["Eve Eff", "Bob Cee", "Gil Gee"])


def test_natural_key_has_nothing_to_do_with_order() -> None:
    ids = [("s2", "b"), ("doi", "10.1/x"), ("file", "a")]
    assert natural_key(ids) == natural_key(reversed(ids)) < natural_key([("file", "a")]) < natural_key([])
