"""A PDF of another paper is told from one whose title merely changed."""

from __future__ import annotations

import pytest

from crawler.reading.samework import is_another
from db.read_rows import ToldWork

BODY = "abstract we show how the method works and that it is of use in the setting that was chosen for it " * 6
FACES = f"Learning Robust Representations of Faces Ann Leeman Bob Raymond {BODY}"


@pytest.mark.parametrize(
    ("opening", "told", "another"),
    [
        (FACES, ToldWork("Learning Robust Representations of Faces: a Long Story with Many More Words in It", ("Ann Leeman",)), False),
        (FACES, ToldWork("Robust Face Embeddings Revisited", ("A. Leeman", "B. Raymond")), False),
        (FACES, ToldWork("Robust Face Embeddings Revisited Once Again", ("Carl Olafson", "Di Petersen")), True),
        (FACES, ToldWork("Soil Moisture Measured under Alpine Meadows", ()), True),
        (FACES, ToldWork("Soil Moisture Measured under Alpine Meadows", (), ("10.1000/Other",)), True),
        (f"doi: 10.1000/ Other {FACES}", ToldWork("Soil Moisture Measured under Alpine Meadows", (), ("10.1000/other",)), False),
        (FACES, ToldWork("Faces", ()), False),
        (f"基于深度学习的人脸识别方法研究 张皓 {BODY}", ToldWork("基于深度学习的人脸识别方法研究综述", ()), False),
        (f"高山草地土壤水分的测量 李明 {BODY}", ToldWork("基于深度学习的人脸识别方法研究", ()), True),
        (f"Распознавание лиц в неограниченных условиях {BODY}", ToldWork("Распознавание лиц в неограниченных условиях: обзор"), False),
        (f"Влажность почвы альпийских лугов {BODY}", ToldWork("Распознавание человеческих лиц в неограниченных условиях"), True),
        ("too little text", ToldWork("Soil Moisture Measured under Alpine Meadows"), False),
    ],
)
def test_the_same_work(opening: str, told: ToldWork, another: bool) -> None:
    assert is_another(opening, [told]) is another


def test_one_of_the_works_is_enough() -> None:
    other = ToldWork("Soil Moisture Measured under Alpine Meadows")
    assert not is_another(FACES, [other, ToldWork("Learning Robust Representations of Faces")])
    assert not is_another(FACES, [])
