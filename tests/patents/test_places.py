"""Which strings of a patent go to geocode, and with which country."""

from __future__ import annotations

import pytest

from crawler.patents.records import located_strings, own_country
from db.patents import Party


@pytest.mark.parametrize(
    ("name", "number", "country"),
    [
        ("例视科技有限公司", "CN999000001A", "CN"),
        ("北京例视信息技术有限公司", "CN999000001A", "CN"),
        ("谷歌公司", "CN999000001A", None),  # Google, in Chinese
        ("三星电子株式会社", "CN999000001A", None),
        ("株式会社例示", "JP2020123456A", "JP"),
        ("三星電子株式会社", "JP2020123456A", None),
        ("グーグル エルエルシー", "JP2020123456A", None),
        ("주식회사 예시", "KR20170012345A", "KR"),
        ("구글 엘엘씨", "KR20170012345A", None),
        ("국립예시대학교산학협력단", "KR20170012345A", "KR"),
        ("財團法人例示研究院", "TW202012345A", "TW"),
        ("Beispiel Bild GmbH", "DE102020123456A1", "DE"),
        ("Beispiel Bild GmbH", "US9900001B2", None),
        ("EXEMPLE VISION S.A.S.", "FR3012345A1", "FR"),
        ("Example Vision plc", "GB2512345A", "GB"),
        ("Example Vision Inc", "US9900001B2", None),  # everybody files there
        ("Example Vision Ltd", "WO2020123456A1", None),
    ],
)
def test_the_office_is_a_sign_of_the_country_only_with_a_form_of_that_country(name: str, number: str, country: str | None) -> None:
    assert own_country(name, number) == country


def test_assignees_go_before_applicants_and_what_is_told_before_what_is_guessed() -> None:
    told = [
        (Party("applicant", "EXAMPLE VISION CO LTD", "KR"),),
        (
            Party("assignee", "北京例视有限公司"),
            Party("assignee", "Example Lab", "US", "Sunnyvale"),
            Party("assignee", "Example Lab", "US", "Sunnyvale"),
        ),
    ]
    assert located_strings(told, "CN999000001A") == ("北京例视有限公司, China", "Example Lab, Sunnyvale, United States")
    assert located_strings(told[:1], "CN999000001A") == ("EXAMPLE VISION CO LTD, South Korea",)
    assert located_strings([], "CN999000001A") == ()
