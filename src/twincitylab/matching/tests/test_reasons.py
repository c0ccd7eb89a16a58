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
        (450_000, ["Both are cities of 300,000 to 450,000 people."]),
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
        (4.5, 4.5, ["4.5 of eight office hours are shared."]),
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
    ("climate", "sentences"),
    [
        ("Cfb", ["Both have mild winters, warm summers and rain all year."]),
        ("Csa", ["Winters are mild in both."]),
        ("BWh", []),
    ],
)
def test_climate(climate: str, sentences: list[str]) -> None:
    assert said(replace(FACTS, b=replace(OTHER, climate=climate)), "climate") == sentences


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
    assert said(FACTS, "twinnings", rules=rules) == ["No twinning of B is known yet."]
    assert said(FACTS, "twinnings") == []


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
