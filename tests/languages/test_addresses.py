"""An address is written as it is where it lies, and its country in the reader's language."""

import pytest

from portal.languages.addresses import address_lines

TOKYO = {
    "name": "株式会社東西重機",
    "street": "丸の内1-1-1",
    "city": "千代田区",
    "region": "東京都",
    "postalCode": "100-0001",
    "country": "JP",
}
SEOUL = {
    "name": "한강중기",
    "street": "세종대로 110",
    "city": "중구",
    "region": "서울특별시",
    "postalCode": "04524",
    "country": "KR",
}
LATIN = {"name": "Goods in", "street": "Teheran-ro 1", "city": "Seoul", "postalCode": "06000", "country": "KR"}
BERLIN = {
    "name": "Baumaschinen Nord",
    "street": "Hafenstr. 3",
    "city": "Berlin",
    "postalCode": "10115",
    "country": "DE",
}


@pytest.mark.parametrize(
    ("address", "language", "lines"),
    [
        (TOKYO, "ja", ["〒100-0001", "東京都", "千代田区丸の内1-1-1", "株式会社東西重機", "日本"]),
        (SEOUL, "ko", ["서울특별시 중구", "세종대로 110", "한강중기", "04524", "대한민국"]),
        (LATIN, "ja", ["Goods in", "Teheran-ro 1", "Seoul", "06000", "韓国"]),
        (BERLIN, "ko", ["Baumaschinen Nord", "Hafenstr. 3", "10115 Berlin", "독일"]),
        ({"street": "1-1 Marunouchi", "city": "Tokyo", "country": "jp"}, "en", ["1-1 Marunouchi, Tokyo", "Japan"]),
        ({"street": "Somewhere 1", "city": "There", "country": "XX"}, "en", ["Somewhere 1", "There", "XX"]),
        ({"city": "千代田区", "country": "JP"}, "ja", ["千代田区", "日本"]),
        ({}, "en", []),
    ],
)
def test_lines_of_an_address(address: dict[str, str], language: str, lines: list[str]):
    assert address_lines(address, language) == lines
