"""A quote from a reference list names the work, not its authors."""

from __future__ import annotations

import pytest

from db.queries.quotes import without_authors


@pytest.mark.parametrize(
    ("quote", "alias", "public"),
    [
        (
            "[26] A. Nech and I. Kemelmacher-Shlizerman. Level playing field for million scale face recognition. In CVPR, 2017.",
            "Level playing field",
            "Level playing field for million scale face recognition",
        ),
        ("12. Miller, D., Brossard, E.: MegaFace: a million faces. arXiv (2015)", "MegaFace", "MegaFace"),
        ("G. B. Huang, “Labeled faces in the wild,” Tech. Rep., 2007", "Labeled faces in the wild", "Labeled faces in the wild,"),
        ("Huang, G. (2007). Labeled faces in the wild. Technical report.", "Labeled faces", "Labeled faces in the wild"),
        ("nothing that fits", "MegaFace", "MegaFace"),
    ],
)
def test_authors_are_left_out(quote: str, alias: str, public: str) -> None:
    assert without_authors(quote, alias) == public
