"""City search: scripts, accents, mistakes, countries, and input that is no name at all."""

import pytest
from pytest_django import DjangoAssertNumQueries

from twincitylab.atlas.models import City, CityName
from twincitylab.atlas.queries import (
    AmbiguousCity,
    UnknownCity,
    UnknownCountry,
    resolve_city,
    search_cities,
)
from twincitylab.atlas.rules import name_tier, name_weight
from twincitylab.base.text import fold

pytestmark = pytest.mark.usefixtures("sample_atlas")

MUNICH, KARLSRUHE = 2867714, 2892794


def found(text: str, *, country: str | None = None) -> list[str]:
    return [hit.slug for hit in search_cities(text, country=country)]


@pytest.mark.parametrize(
    "text",
    ["Munich", "munich", "MUNICH ", "Munchen", "München", "Mu\u0308nchen", "Muenchen", "ميونخ", "Мюнхен",
     "慕尼黑", "뮌헨"],
)  # fmt: skip
def test_search_finds_a_city_by_any_of_its_names(text: str) -> None:
    assert found(text) == ["munich-de"]


@pytest.mark.parametrize("text", ["Munch", "münch", "мюн", "慕尼", "뮌", "ميو"])
def test_search_finds_a_city_by_the_beginning_of_a_name(text: str) -> None:
    assert found(text) == ["munich-de"]


@pytest.mark.parametrize(
    "text", ["karlsrhue", "karlsruhhe", "karsruhe", "karlzruhe", "larlsruhe", "Карлсруз"]
)
def test_search_forgives_one_mistake(text: str) -> None:
    assert found(text) == ["karlsruhe-de"]


@pytest.mark.parametrize("text", ["nottinhg", "notingh", "nottimgh", "nnottin"])
def test_search_forgives_one_mistake_while_typing(text: str) -> None:
    assert found(text) == ["nottingham-gb"]


def test_search_does_not_forgive_two_mistakes() -> None:
    assert found("karlzrhue") == []


@pytest.mark.parametrize(
    "text", ["munich germany", "Munich, Germany", "munich, de", "München Deutschland", "munich 德国"]
)
def test_search_understands_a_name_with_its_country(text: str) -> None:
    assert found(text) == ["munich-de"]


def test_search_ignores_words_behind_the_comma_that_name_no_country_of_the_city() -> None:
    assert found("Karlsruhe, Baden") == ["karlsruhe-de"]


def test_search_puts_larger_cities_first() -> None:
    assert found("par") == ["paris-fr", "paris-15-vaugirard-fr"]


def test_search_puts_a_name_typed_in_full_before_larger_cities() -> None:
    assert found("york")[0] == "york-gb"


def test_search_keeps_to_a_country() -> None:
    assert found("barcelona", country="VE") == ["barcelona-ve"]
    assert found("barcelona", country="Spain") == ["barcelona-es"]


def test_search_refuses_a_country_nobody_knows() -> None:
    with pytest.raises(UnknownCountry, match="There is no country “Atlantis”"):
        search_cities("Karlsruhe", country="Atlantis")


@pytest.mark.parametrize("text", ["", "   ", "\x00", "%", "_", "''", "🙂", ",", "-", "\ud800", "x" * 100_000])
def test_search_finds_nothing_in_nonsense(text: str) -> None:
    assert found(text) == []


def test_search_says_which_name_it_found() -> None:
    (hit,) = search_cities("Munchen")
    assert (hit.name, hit.matched_name, hit.country, hit.country_name) == (
        "Munich",
        "München",
        "DE",
        "Germany",
    )


@pytest.mark.parametrize(("limit", "count"), [(-1, 0), (0, 0), (1, 1), (3, 3), (10**30, 3)])
def test_search_keeps_to_its_limit(limit: int, count: int) -> None:
    assert len(search_cities("springfield", limit=limit)) == count


@pytest.mark.parametrize("text", ["Munich", "karlsrhue", "wein", "munich germany", "qqqq"])
def test_search_asks_few_questions(text: str, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_max_num_queries(5):
        search_cities(text)


@pytest.mark.parametrize("text", ["2892794", "karlsruhe-de", "Karlsruhe", "karlsruhe, de", " Carlsruhe "])
def test_resolve_takes_ids_slugs_and_names(text: str) -> None:
    assert resolve_city(text).geonameid == KARLSRUHE


def test_resolve_prefers_a_city_twice_as_large_as_its_namesake() -> None:
    assert resolve_city("Barcelona").slug == "barcelona-es"


def test_resolve_offers_a_choice_of_namesakes() -> None:
    with pytest.raises(AmbiguousCity) as problem:
        resolve_city("Springfield")
    assert [hit.geonameid for hit in problem.value.choices] == [4409896, 4951788, 4250542]


def test_resolve_names_the_nearest() -> None:
    with pytest.raises(UnknownCity, match="There is no city “Nottinham”") as problem:
        resolve_city("Nottinham")
    assert [hit.slug for hit in problem.value.nearest] == ["nottingham-gb"]


@pytest.mark.parametrize("text", ["", "0", "1", "9" * 40, "\x00", "a\x00b-de", "²", "-", "nowhere-xx"])
def test_resolve_refuses_what_is_no_city(text: str) -> None:
    with pytest.raises(UnknownCity):
        resolve_city(text)


@pytest.mark.parametrize(
    "text",
    [
        "Springfield, IL",
        "springfield illinois",
        "Springfield il",
        "Springfield, Illinois, USA",
        "springfield, il",
    ],
)
def test_search_understands_a_name_with_its_region(text: str) -> None:
    assert (found(text), resolve_city(text).geonameid) == (["springfield-us-4250542"], 4250542)


def test_search_says_in_which_region_a_city_lies() -> None:
    hits = search_cities("springfield")
    assert [hit.place for hit in hits] == [
        f"{s}, United States" for s in ("Missouri", "Massachusetts", "Illinois")
    ]
    assert [hit.place for hit in search_cities("munich")] == ["Germany"]


def test_search_puts_the_larger_of_two_about_equal_namesakes_first() -> None:
    for city, people in ((4951788, 59_680), (4409896, 60_870), (4250542, 59_990)):
        rename(city, "Springfield", people=people)
    assert [hit.population for hit in search_cities("springfield")] == [60_870, 59_990, 59_680]


def test_resolve_offers_no_place_of_another_name_beside_larger_namesakes() -> None:
    rename(2198148, "Springfield", people=60_000, is_main=False)
    with pytest.raises(AmbiguousCity) as problem:
        resolve_city("Springfield")
    assert [hit.name for hit in problem.value.choices] == ["Springfield"] * 3


def rename(city: int, name: str, *, people: int, is_main: bool = True) -> None:
    weight = name_weight(people, is_main=is_main)
    City.objects.filter(pk=city).update(population=people)
    CityName.objects.filter(city_id=city).delete()
    CityName.objects.create(
        city_id=city,
        country_id=City.objects.get(pk=city).country_id,
        key=fold(name),
        name=name,
        weight=weight,
        tier=name_tier(weight),
    )
