"""Numbers and names as people say them."""

import pytest
from django.utils.translation import override

from twincitylab.matching.engine.words import (
    about,
    country_name,
    hours,
    kilometres,
    language_name,
    listed,
    number,
    percent,
    sea_words,
)


@pytest.mark.parametrize(
    ("value", "said"),
    [(308_436, "310,000"), (15_000, "15,000"), (97, "97"), (0, "0"), (24_874_500, "25,000,000")],
)
def test_about(value: float, said: str) -> None:
    assert about(value) == said


@pytest.mark.parametrize(("value", "said"), [(0.2, "1"), (12.3, "12"), (137.4, "140"), (9187, "9,200")])
def test_kilometres(value: float, said: str) -> None:
    assert kilometres(value) == said


@pytest.mark.parametrize(("value", "said"), [(7.0, "7"), (7.5, "7.5"), (3.25, "3.25")])
def test_hours(value: float, said: str) -> None:
    assert hours(value) == said


def test_listed() -> None:
    assert [listed(["A"]), listed(["A", "B"]), listed(["A", "B", "C"])] == ["A", "A and B", "A, B and C"]


def test_percent() -> None:
    assert percent(0.914) == "91%"


@pytest.mark.parametrize(
    ("km", "said"),
    [(0.0, "by the sea"), (14.9, "by the sea"), (103.0, "about 100 km"), (447.0, "about 450 km")],
)
def test_sea_is_no_finer_than_known(km: float, said: str) -> None:
    assert sea_words(km) == said


def test_arabic_groups_digits_and_keeps_the_percent_sign_with_its_number() -> None:
    with override("ar"):
        assert (about(293_000), " " in percent(0.64)) == ("290,000", False)


def test_words_follow_the_reader() -> None:
    with override("de"):
        assert (number(1234567), country_name("DE"), language_name("fr")) == (
            "1.234.567", "Deutschland", "Französisch",
        )  # fmt: skip


def test_unknown_codes_are_said_as_they_are() -> None:
    assert (country_name("ZZ9"), language_name("xx-unknown-")) == ("ZZ9", "xx-unknown-")
