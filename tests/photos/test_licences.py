"""Licences are told by their address; names and ids change."""

from __future__ import annotations

import pytest

from photos.licences import FLICKR_IDS, parse_licence


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("http://creativecommons.org/licenses/by-nc-sa/2.0/", "BY-NC-SA 2.0"),
        ("https://creativecommons.org/licenses/by/4.0/deed.de", "BY 4.0"),
        ("https://www.creativecommons.org/licenses/by-nd/3.0/us/legalcode", "BY-ND 3.0"),
        ("http://creativecommons.org/licenses/nd-by-nc/1.0", "BY-NC-ND 1.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0"),
        ("https://creativecommons.org/publicdomain/mark/1.0/", "PDM 1.0"),
        ("http://www.usa.gov/copyright.shtml", "USGOV"),
        ("https://www.usa.gov/government-copyright", "USGOV"),
        ("https://www.flickr.com/commons/usage/", "NKCR"),
        ("Attribution License", "unknown"),
        ("http://creativecommons.org/licenses/sampling+/1.0/", "unknown"),
        ("http://creativecommons.org/licenses/by-nd-sa/2.0/", "unknown"),
        ("https://example.org/?u=creativecommons.org/licenses/by/2.0/", "unknown"),
        ("", "unstated"),
        (None, "unstated"),
    ],
)
def test_an_address_has_one_licence(address: str | None, name: str) -> None:
    assert parse_licence(address).name == name


def test_the_ids_of_flickr_are_not_in_the_order_of_restriction() -> None:
    told = {number: parse_licence(address).name for number, address in FLICKR_IDS.items()}
    assert told == {
        "0": "ARR", "1": "BY-NC-SA 2.0", "2": "BY-NC 2.0", "3": "BY-NC-ND 2.0", "4": "BY 2.0", "5": "BY-SA 2.0", "6": "BY-ND 2.0",
        "7": "NKCR", "8": "USGOV", "9": "CC0 1.0", "10": "PDM 1.0", "11": "BY 4.0", "12": "BY-SA 4.0", "13": "BY-ND 4.0", "14": "BY-NC 4.0",
        "15": "BY-NC-SA 4.0", "16": "BY-NC-ND 4.0",
    }  # fmt: skip


def test_flags_follow_the_elements() -> None:
    licence = parse_licence(FLICKR_IDS["1"])
    assert (licence.attribution, licence.share_alike, licence.derivatives, licence.commercial) == (True, True, True, False)
    assert parse_licence(FLICKR_IDS["0"]).commercial is False
    assert parse_licence(FLICKR_IDS["7"]).commercial is None
