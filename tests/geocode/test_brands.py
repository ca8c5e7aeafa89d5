"""Applicants under names that the registry does not print."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from db.config import Config
from geocode.assignees import spelled_out
from geocode.brands import spellings
from geocode.gazetteer import import_dump
from geocode.matcher import Matcher
from tests.geocode.registry import records, write_dump

OTHERS = [
    ("Hitachi (Japan)", ["日立製作所"], "JP"),
    ("NEC (Japan)", ["日本電気", "Nippon Electric Company"], "JP"),
    ("Tencent (China)", ["腾讯控股有限公司"], "CN"),
    ("Baidu (China)", ["百度"], "CN"),
    ("ACME (Germany)", [], "DE"),
    ("ACME (Japan)", [], "JP"),
    ("Twin (Japan)", ["双子"], "JP"),
    ("Twin Works (Japan)", ["双子"], "JP"),
    ("Zorkiy (Russia)", ["Зоркий"], "RU"),
    ("Makromatic (Greece)", ["Μακροματική"], "GR"),
    ("Gyrowave Technologies (China)", [], "CN"),
    ("Gyrowave Technologies (Japan)", [], "JP"),
    ("Quillon Pharmaceuticals (Japan)", [], "JP"),
    ("Pomelo (United States)", ["Pomelo"], "US"),
    ("Pomelo (Japan)", [], "JP"),
    ("Tencent Optics (Japan)", [], "JP"),
]


@pytest.fixture(scope="module")
def matcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Matcher]:
    """The small registry with a few companies more."""
    folder, known = tmp_path_factory.mktemp("brands"), records()
    company = next(record for record in known if record["names"][0]["value"] == "Sensetime (China)")
    config = Config(gazetteer=folder / "gazetteer.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("geocode.citybuild.SMALLEST", 50_000)  # many cities are enough here, and their index is built in half of the time
        others = [_like(company, at, *told) for at, told in enumerate(OTHERS)]
        others[-1]["relationships"] = [{"type": "parent", "id": others[2]["id"], "label": ""}]  # the laboratory of Tencent
        import_dump(config, write_dump(folder, rows=[*known, *others]))
    found = Matcher(config.gazetteer)
    yield found
    found.close()


def _like(company: dict[str, Any], at: int, name: str, aliases: list[str], country: str) -> dict[str, Any]:
    names = [{"value": name, "types": ["ror_display", "label"], "lang": "en"}]
    names += [{"value": alias, "types": ["label"], "lang": None} for alias in aliases]
    place = company["locations"][0]
    details = place["geonames_details"] | {"country_code": country}
    return company | {
        "id": f"https://ror.org/0zz{at:06}", "names": names, "locations": [place | {"geonames_details": details}], "links": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("printed", "company"),
    [
        ("株式会社日立製作所, Japan", "Hitachi (Japan)"),
        ("日本電気株式会社, Japan", "NEC (Japan)"),
        ("NEC CORP [JP]", "NEC (Japan)"),
        ("ACME [DE]", "ACME (Germany)"),
        ("腾讯科技（深圳）有限公司, China", "Tencent (China)"),
        ("百度在线网络技术（北京）有限公司, China", "Baidu (China)"),
        ("北京市商汤科技开发有限公司, China", "Sensetime (China)"),
        ("腾讯科技（深圳）有限公司, Japan", None),  # the country must agree
        ("腾讯科技（深圳）有限公司", None),
        ("株式会社日立製作所", "Hitachi (Japan)"),  # the form tells the country
        ('ООО "Зоркий"', "Zorkiy (Russia)"),
        ("Общество с ограниченной ответственностью «Зоркий», Russia", "Zorkiy (Russia)"),
        ("Μακροματική Α.Ε., Greece", "Makromatic (Greece)"),
        ("ACME GmbH", None),  # in one of two countries
        ("SENSETIME CO LTD", "Sensetime (China)"),
        ("深圳腾讯科技有限公司, China", None),  # two characters alone are a brand only where the company has branches
        ("ACME [US]", None),  # no record there
        ("双子株式会社, Japan", None),  # two records bear the name
        ("Acme Town, Germany", None),
        ("百度大学, China", None),
    ],
)
def test_a_company_is_found_by_its_name_without_form_and_by_its_brand(matcher: Matcher, printed: str, company: str | None) -> None:
    found = matcher.company(spelled_out(printed))
    assert (found.institution.name if found else None) == company


def test_a_brand_alone_is_below_the_bar_of_the_map(matcher: Matcher) -> None:
    found = matcher.company("腾讯科技（深圳）有限公司, China")
    assert found is not None
    assert (found.method, found.score) == ("company brand", 0.7)
    whole = matcher.company("株式会社日立製作所, Japan")
    assert whole is not None
    assert (whole.method, whole.score) == ("company name", 0.9)


def test_names_that_no_company_bears_have_no_other_spelling() -> None:
    assert list(spellings("Department of Physics")) == []
    assert list(spellings("清华大学")) == []
    assert [spelling.name for spelling in spellings("Example Vision Co., Ltd.")] == ["Example Vision"]


@pytest.mark.parametrize(
    ("printed", "company"),
    [
        ("Tencent", "Tencent (China)"),
        ("Sky Lab, Tencent", "Tencent (China)"),
        ("Tencent AI Research", "Tencent (China)"),
        ("Tencent Treetop Lab", "Tencent (China)"),
        ("Tencent High School", None),
        ("Tencent Memorial Hospital", None),
        ("Google Reality Systems", "Google (United States)"),
        ("Google High School", None),
        ("Google Memorial Hospital", None),
        ("Tencent Optics", None),  # a laboratory in one country, and no country is printed
        ("Tencent Optics, Tokyo, Japan", "Tencent Optics (Japan)"),
        ("Gyrowave, Tokyo, Japan", "Gyrowave Technologies (Japan)"),
        ("Sky Lab, Gyrowave, China", "Gyrowave Technologies (China)"),
        ("Gyrowave", None),  # two countries
        ("Quillon", None),  # may be another one than Quillon Pharmaceuticals
        ("Quillon, Tokyo, Japan", "Quillon Pharmaceuticals (Japan)"),
        ("Pomelo Inc.", "Pomelo (United States)"),  # it bears the plain name
    ],
)
def test_companies_by_their_brand(matcher: Matcher, printed: str, company: str | None) -> None:
    assert [match.institution.name for match in matcher.match(printed).matches] == ([company] if company else [])
