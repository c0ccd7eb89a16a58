"""The potential analysis of two cities."""

import datetime as dt

import pytest

from twincitylab.atlas.models import Twinning
from twincitylab.matching.engine import InvalidRequest, PairAnalysis, pair_analysis
from twincitylab.matching.tests.cast import HIROSHIMA, KARLSRUHE, KRAKOW, KYOTO, NANCY, NOTTINGHAM, SUVA

pytestmark = pytest.mark.usefixtures("atlas")
MILD = "mild winters, warm summers and rain all year"
NOW = dt.datetime(2026, 1, 15, 12, tzinfo=dt.UTC)


def pair(a: int, b: int) -> PairAnalysis:
    return pair_analysis(a, b, now=NOW)


def test_pair_knows_their_twinning_and_the_next_step() -> None:
    found = pair(KARLSRUHE, NANCY)
    assert found.twinning is not None
    assert (found.twinning.since, found.twinning.source_title, found.next_step.key) == (
        1955, "GeoNames", "see-how-it-lives",
    )  # fmt: skip


def test_pair_of_an_ended_twinning_asks_why() -> None:
    Twinning.objects.filter(since=1955).update(status="ended")
    assert pair(KARLSRUHE, NANCY).next_step.key == "ask-why"


def test_pair_names_the_twins_both_have() -> None:
    found = pair(KARLSRUHE, KRAKOW)
    assert [city.name for city in found.common_twins] == ["Nancy"]
    assert (found.common_twin_count, found.next_step.key) == (1, "ask-common-twin")
    assert found.shared[0].text == "Both are twinned with Nancy."


def test_pair_finds_twins_of_twins() -> None:
    found = pair(NOTTINGHAM, KRAKOW)
    assert [(path.via_a.name, path.via_b.name) for path in found.paths] == [("Karlsruhe", "Nancy")]
    assert found.path_count == 1


def test_pair_of_strangers_has_a_next_step_too() -> None:
    found = pair(KYOTO, NANCY)
    assert (found.twinning, found.common_twins, found.paths, found.next_step.key) == (None, (), (), "write")


def test_pair_is_the_same_from_both_sides() -> None:
    here, there = pair(KARLSRUHE, HIROSHIMA), pair(HIROSHIMA, KARLSRUHE)
    assert (here.score, here.benefit_a) == pytest.approx((there.score, there.benefit_b))
    assert {reason.text for reason in here.shared} == {reason.text for reason in there.shared}


def test_pair_has_a_score_of_every_preset() -> None:
    found = pair(KARLSRUHE, SUVA)
    assert [one.preset.key for one in found.scores] == [
        "balanced", "like-us", "easy", "far", "beyond", "established",
    ]  # fmt: skip


@pytest.mark.parametrize("b", [NANCY, KYOTO, SUVA])
def test_every_score_of_a_pair_lies_between_0_and_1(b: int) -> None:
    scores = [(line.score, line.benefit_a, line.benefit_b) for line in pair(KARLSRUHE, b).scores]
    assert [line for line in scores if not all(0 <= value <= 1 for value in line)] == []


def test_pair_differences_are_plain() -> None:
    assert [reason.text for reason in pair(KARLSRUHE, SUVA).differences] == [
        "None of eight office hours are shared.",
        f"Karlsruhe has {MILD}; Suva has hot and rainy weather all year.",
        "Karlsruhe has about 280,000 people, Suva about 77,000.",
        "Suva lies by the sea, Karlsruhe about 450 km away from it.",
        "Karlsruhe lies in Europe, Suva in Oceania, 16,500 km away.",
    ]


def test_pair_does_not_share_what_it_differs_in() -> None:
    found = pair(KARLSRUHE, NOTTINGHAM)
    shared = {reason.block for reason in found.shared}
    assert shared & {"place", *(reason.block for reason in found.differences)} == set()


@pytest.mark.parametrize("b", [NANCY, KRAKOW, NOTTINGHAM, KYOTO, SUVA])
def test_pair_tells_every_distance_to_the_sea_that_does_not_fit(b: int) -> None:
    found = pair(KARLSRUHE, b)
    fits = {block.name: block.value for block in found.blocks}["sea"]
    assert ("sea" in {reason.block for reason in found.differences}) == (fits < 0.8)


@pytest.mark.parametrize(("a", "b"), [(KARLSRUHE, KARLSRUHE), (KARLSRUHE, 1), (2**80, KARLSRUHE)])
def test_pair_refused(a: int, b: int) -> None:
    with pytest.raises(InvalidRequest):
        pair(a, b)
