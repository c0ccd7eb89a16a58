"""Reasons: true by the figures, varied, the strongest first."""

from collections import Counter
from dataclasses import replace

import pytest

from twincitylab.matching import engine
from twincitylab.matching.engine.facts import PairFacts
from twincitylab.matching.engine.reasons import reasons_for
from twincitylab.matching.engine.results import CityCard, LanguageShare, Rules, SharedLanguage
from twincitylab.matching.tests.cast import KARLSRUHE

CITY = CityCard(
    geonameid=1, name="A", slug="a-de", country="DE", country_name="Germany", continent="EU",
    continent_name="Europe", population=300_000, latitude=49.0, longitude=8.0, climate="Cfb",
    climate_words="mild winters, warm summers and rain all year", sea_km=400.0,
    languages=(LanguageShare("de", "German", 0.9),), twin_count=2, timezone="Europe/Berlin",
)  # fmt: skip
OTHER = replace(CITY, geonameid=2, name="B", slug="b-at", country="AT", country_name="Austria", twin_count=0)
FACTS = PairFacts(
    a=CITY, b=OTHER, distance_km=560.0, fewest_hours=8.0, most_hours=8.0,
    language=SharedLanguage("de", "German", 0.9, 0.97), common_twins=(), country_links=0,
)  # fmt: skip
PLAIN_RULES = Rules()


def said(facts: PairFacts, block: str, *, rules: Rules = PLAIN_RULES) -> list[str]:
    weights = {block: 1.0}
    return [
        reason.text for reason in reasons_for(facts, weights=weights, rules=rules) if reason.block == block
    ]


@pytest.mark.parametrize(
    ("people", "sentences"),
    [
        (310_000, ["Both have about 300,000 people."]),
        (400_000, ["Both are cities of 300,000 to 400,000 people."]),
        (450_000, []),
        (3_000_000, []),
    ],
)
def test_size(people: int, sentences: list[str]) -> None:
    assert said(replace(FACTS, b=replace(OTHER, population=people)), "size") == sentences


@pytest.mark.parametrize(
    ("fewest", "most", "sentences"),
    [
        (8.0, 8.0, ["All eight office hours are shared."]),
        (7.0, 7.0, ["Seven of eight office hours are shared."]),
        (5.5, 5.5, ["Five and a half of eight office hours are shared."]),
        (
            4.5,
            5.5,
            ["Four and a half to five and a half of eight office hours are shared, depending on the season."],
        ),
        (6.0, 7.0, ["Six to seven of eight office hours are shared, depending on the season."]),
        (2.0, 3.0, []),
    ],
)
def test_hours(fewest: float, most: float, sentences: list[str]) -> None:
    assert said(replace(FACTS, fewest_hours=fewest, most_hours=most), "hours") == sentences


def test_language_with_shares() -> None:
    assert said(FACTS, "language") == ["People of both countries speak German (Germany 90%, Austria 97%)."]


def test_language_of_few_is_not_overstated() -> None:
    facts = replace(FACTS, language=SharedLanguage("en", "English", 0.6, 0.3))
    assert said(facts, "language") == [
        "Some people of both countries speak English (Germany 60%, Austria 30%)."
    ]


def test_language_of_hardly_anybody_is_not_a_reason() -> None:
    assert said(replace(FACTS, language=SharedLanguage("en", "English", 0.6, 0.02)), "language") == []


@pytest.mark.parametrize(
    ("here", "there", "latitudes", "sentences"),
    [
        ("Cfb", "Cfb", (49.0, 51.5), ["Both have mild winters, warm summers and rain all year."]),
        ("Cfb", "Cfa", (49.0, 35.0), ["Winters are mild in both."]),
        ("Dfb", "Dfa", (50.0, 41.0), ["Winters are cold in both."]),
        ("BWh", "BWk", (30.0, 40.0), ["Rain is scarce in both."]),
        ("BSh", "BSk", (28.6, 40.0), ["It is rather dry in both."]),
        ("BWh", "BSh", (30.0, 23.0), []),  # Cairo and Ahmedabad
        ("BSk", "BSh", (39.9, 28.6), ["It is rather dry in both."]),
        ("Cfb", "Csa", (49.0, 41.0), []),
        ("Cwb", "Cwa", (-1.3, -11.7), ["Both have a dry and a wet season."]),  # Nairobi and Lubumbashi
        ("Cfb", "Cfb", (-1.3, 4.6), ["It is mild in both all year."]),  # Nairobi and Bogotá
        ("Cfb", "Cfb", (-23.55, 51.5), []),  # São Paulo and London
        ("Af", "Aw", (1.0, 5.0), []),
    ],
)
def test_climate(here: str, there: str, latitudes: tuple[float, float], sentences: list[str]) -> None:
    a = replace(CITY, climate=here, latitude=latitudes[0])
    b = replace(OTHER, climate=there, latitude=latitudes[1])
    assert said(replace(FACTS, a=a, b=b), "climate") == sentences


@pytest.mark.parametrize(
    ("km", "sentences"),
    [
        (120.0, ["Only 120 km apart, across the border."]),
        (380.0, ["380 km apart."]),
        (790.0, []),
        (3800.0, []),
    ],
)
def test_a_distance_is_a_reason_where_it_is_short(km: float, sentences: list[str]) -> None:
    assert said(replace(FACTS, distance_km=km), "place") == sentences


def test_two_who_share_nothing_still_get_two_true_sentences() -> None:
    nothing = replace(FACTS, fewest_hours=0.0, most_hours=0.0, language=None, distance_km=9187.0)
    b = replace(OTHER, climate="Af", population=9_000_000, sea_km=1.0, continent="AS", continent_name="Asia")
    reasons = reasons_for(replace(nothing, b=b), weights={"size": 1.0}, rules=Rules())
    assert [reason.text for reason in reasons] == [
        "A has about 300,000 people, B about 9,000,000.",
        "B lies in Asia, 9,200 km away.",
    ]


def test_a_spare_reason_stands_beside_a_single_good_one() -> None:
    b = replace(OTHER, climate="Dfb", population=450_000, sea_km=1.0)
    facts = replace(FACTS, b=b, language=None, distance_km=1400.0)
    assert [reason.text for reason in reasons_for(facts, weights={"size": 1.0}, rules=Rules())] == [
        "All eight office hours are shared.",
        "Both are cities of 300,000 to 450,000 people.",
    ]


@pytest.mark.parametrize(
    ("here", "there", "sentences"),
    [
        (1.0, 14.0, ["Both lie by the sea."]),
        (1.0, 25.0, ["Both lie within 30 km of the sea."]),
        (400.0, 800.0, ["Both lie far inland, more than 300 km from the sea."]),
        (1.0, 400.0, []),
    ],
)
def test_sea(here: float, there: float, sentences: list[str]) -> None:
    facts = replace(FACTS, a=replace(CITY, sea_km=here), b=replace(OTHER, sea_km=there))
    assert said(facts, "sea") == sentences


def test_common_twins_are_named() -> None:
    twins = ("Nancy", "Halle", "Nottingham", "Krasnodar", "Temeswar")
    assert said(replace(FACTS, common_twins=twins[:1]), "ties") == ["Both are twinned with Nancy."]
    assert said(replace(FACTS, common_twins=twins), "ties") == [
        "Both are twinned with Nancy, Halle, Nottingham and 2 more cities."
    ]


def test_twinnings_of_the_countries_do_not_count_their_own() -> None:
    facts = replace(FACTS, country_links=6, is_twinned=True)
    assert said(facts, "affinity") == ["Beside their own, 6 twinnings are known between Germany and Austria."]


def test_few_twinnings_are_told_where_they_count() -> None:
    rules = Rules(few_twinnings_first=True)
    covered = replace(FACTS, is_covered=True)
    assert said(covered, "twinnings", rules=rules) == ["No twinning of B is known yet."]
    assert said(covered, "twinnings") == []


def test_missing_data_are_no_fact() -> None:
    assert said(FACTS, "twinnings", rules=Rules(few_twinnings_first=True)) == []


def test_far_tells_the_continent() -> None:
    facts = replace(FACTS, distance_km=9187.0, b=replace(OTHER, continent="AS", continent_name="Asia"))
    assert said(facts, "place", rules=Rules(other_continent=True)) == ["B lies in Asia, 9,200 km away."]


def test_a_sentence_told_before_is_weaker() -> None:
    told: Counter[object] = Counter()
    strengths = [
        reasons_for(FACTS, weights={"climate": 1.0}, rules=Rules(), told=told)[0].strength for _ in range(3)
    ]
    assert strengths == sorted(strengths, reverse=True)
    assert len(set(strengths)) == 3


def test_what_is_particular_comes_before_what_the_list_said() -> None:
    told: Counter[object] = Counter()
    weights = {"size": 1.0, "climate": 0.9, "hours": 0.9}
    same = [reasons_for(FACTS, weights=weights, rules=Rules(), told=told)[0].block for _ in range(3)]
    by_the_sea = replace(FACTS, a=replace(CITY, sea_km=1.0), b=replace(OTHER, sea_km=2.0))
    last = reasons_for(by_the_sea, weights={**weights, "sea": 0.9}, rules=Rules(), told=told)
    assert (same[0], last[0].text) == ("size", "Both lie by the sea.")


def test_strongest_reason_stays_however_often_it_was_told() -> None:
    told: Counter[object] = Counter()
    for _ in range(20):
        last = reasons_for(FACTS, weights={"size": 1.0, "climate": 0.9}, rules=Rules(), told=told)
    assert "Both have about 300,000 people." in {reason.text for reason in last}


@pytest.mark.usefixtures("atlas")
@pytest.mark.parametrize("preset", ["balanced", "like-us", "easy", "far", "beyond"])
def test_every_match_has_two_or_three_reasons_of_different_kinds(preset: str) -> None:
    for match in engine.matches_for(KARLSRUHE, preset=preset, top=20).matches:
        kinds = [reason.block for reason in match.reasons]
        assert (2 <= len(kinds) <= 3, len(set(kinds))) == (True, len(kinds))
        assert [reason.strength for reason in match.reasons] == sorted(
            (reason.strength for reason in match.reasons), reverse=True
        )
