"""A short round of damaged answers for every parser; `make soak` goes on for long."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from db.errors import UsageError
from tests.trust.fuzzing import findings, parsers

ROUNDS = 60
DEEP = b"[" * 5000
# What campaigns have found: parser, input, whether it is refused (else it is read, and the odd part left out).
FOUND = [
    ("semantic scholar page", b'{"data": ' + DEEP, ValueError),
    ("lens", b'{"lens_id": ' + DEEP, ValueError),
    ("uspto", b'{"count": 1, "patentFileWrapperDataBag": [{"applicationMetaData": {"inventorBag": 5}, "assignmentBag": 7}]}', None),
    ("nominatim", b'[{"lat": "47.6", "lon": "-122.3", "class": "place", "type": {"value": null}}]', None),
    ("geonames", b'[{"lat": ' + b"9" * 400 + b', "lng": 1, "fcl": "P", "name": "x", "geonameId": 1}]', None),
    ("photon", b'[{"geometry": {"coordinates": 5}, "properties": true}]', None),
    ("pelias", b'[{"geometry": "x", "properties": {"layer": [null], "name": "x"}}]', None),
    ("ffhq.json", b'{"0": {"photo_url": "https://www.flickr.com/photos/a/1234567/", "author": "\\ud800", "tags": ["\\udfff"]}}', None),
    ("history.xml", b'<rsp><license_history date_change="99999999999999"/><license_history date_change="\xc2\xb2"/></rsp>', None),
    ("patent page", b'</p itemprop="publicationNumber">', ValueError),
    ("labels.jsonl", b"[<]]\n\n" + b"9" * 5000, None),
    ("paths.txt", b'{"path": ["37531198@N00/4174611825_0.jpg", ', UsageError),
]


def test_answers_in_any_shape(tmp_path: Path) -> None:
    """Whatever comes, a parser reads it or refuses it in its own words."""
    wrong = []
    for name, (data, parse) in parsers(tmp_path).items():
        parse(data)  # the right answer is read
        wrong += [(name, repr(error)[:200], case[:300]) for case, error in findings(data, parse, random.Random(name), iter(range(ROUNDS)))]
    assert not wrong, wrong[:5]


@pytest.mark.parametrize(("name", "data", "refused"), FOUND, ids=[f"{name} {number}" for number, (name, *_) in enumerate(FOUND)])
def test_what_was_found_stays_mended(tmp_path: Path, name: str, data: bytes, refused: type[Exception] | None) -> None:
    parse = parsers(tmp_path)[name][1]
    if refused:
        with pytest.raises(refused):
            parse(data)
    else:
        parse(data)
