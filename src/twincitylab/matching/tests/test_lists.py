"""Lists of matches: the rules hold whatever is asked, and every list says where it comes from."""

import math
from collections import Counter

import pytest
from django.utils import timezone

from twincitylab.atlas.models import Source, Twinning
from twincitylab.matching import engine
from twincitylab.matching.engine import Filters, InvalidRequest, MatchList
from twincitylab.matching.tests.cast import KARLSRUHE, LEEDS, MUNICH, NANCY, NOTTINGHAM, STRASBOURG, SUVA

pytestmark = pytest.mark.usefixtures("atlas")


def ids(found: MatchList) -> list[int]:
    return [match.city.geonameid for match in found.matches]


@pytest.mark.parametrize("preset", ["balanced", "like-us", "easy", "beyond"])
def test_matches_look_abroad_with_two_of_a_country_and_without_twins(preset: str) -> None:
    found = engine.matches_for(KARLSRUHE, preset=preset)
    countries = Counter(match.city.country for match in found.matches)
    assert (countries["DE"], max(countries.values())) == (0, 2)
    assert {NANCY, NOTTINGHAM} & set(ids(found)) == set()


def test_matches_with_personal_weights_keep_the_rules() -> None:
    found = engine.matches_for(KARLSRUHE, weights={"place": 1.0})
    countries = Counter(match.city.country for match in found.matches)
    assert (found.is_personal, countries["DE"], max(countries.values())) == (True, 0, 2)
    assert ids(found)[0] == STRASBOURG


def test_far_is_on_another_continent() -> None:
    found = engine.matches_for(KARLSRUHE, preset="far")
    assert "EU" not in {match.city.continent for match in found.matches}


def test_matches_are_ranked_by_their_eye_level_score() -> None:
    matches = engine.matches_for(KARLSRUHE).matches
    assert [match.score for match in matches] == sorted((match.score for match in matches), reverse=True)
    for match in matches:
        a, b = match.benefit_here, match.benefit_there
        assert math.isclose(match.score, 2 * a * b / (a + b), rel_tol=1e-6)


def test_matches_live_are_proven_exact_and_say_so() -> None:
    found = engine.matches_for(KARLSRUHE)
    assert (found.origin, found.proof is not None and found.proof.exact) == ("live", True)
    assert found.note.startswith("This list was computed just now, for this city alone.")


def test_own_country_may_be_asked_for() -> None:
    by_option = engine.matches_for(KARLSRUHE, filters=Filters(own_country=True), weights={"place": 1.0})
    by_name = engine.matches_for(KARLSRUHE, filters=Filters(country="de"))
    assert "DE" in {match.city.country for match in by_option.matches}
    assert {match.city.country for match in by_name.matches} == {"DE"}


def test_one_country_is_not_capped() -> None:
    found = engine.matches_for(MUNICH, filters=Filters(country="US"))
    assert len(found.matches) == 4


def test_known_twins_may_be_shown() -> None:
    found = engine.matches_for(KARLSRUHE, filters=Filters(include_twinned=True), top=20)
    assert [match.city.geonameid for match in found.matches if match.is_twinned] == [NOTTINGHAM]


def test_a_new_twinning_is_seen_at_once() -> None:
    before = ids(engine.matches_for(KARLSRUHE))
    source = Source.objects.get()
    Twinning.objects.create(a_id=KARLSRUHE, b_id=STRASBOURG, source=source, imported_at=timezone.now())
    assert (STRASBOURG in before, STRASBOURG in ids(engine.matches_for(KARLSRUHE))) == (True, False)


def test_compare_scores_any_city_even_a_twin() -> None:
    found = engine.matches_for(KARLSRUHE, compare_with=NANCY)
    assert found.compared is not None
    assert (found.compared.city.name, found.compared.rank, found.compared.is_twinned) == ("Nancy", 0, True)
    assert found.compared == engine.compare(KARLSRUHE, NANCY)


def test_compare_with_itself_is_refused() -> None:
    with pytest.raises(InvalidRequest) as refused:
        engine.compare(KARLSRUHE, KARLSRUHE)
    assert refused.value.field == "compare"


def test_block_shares_add_up_to_the_score() -> None:
    match = engine.matches_for(KARLSRUHE, preset="like-us").matches[0]
    assert math.isclose(sum(share.contribution for share in match.blocks), match.score, abs_tol=1e-3)
    assert math.isclose(sum(share.weight for share in match.blocks), 1.0)


@pytest.mark.parametrize("top", [0, -1, 10**9])
def test_top_out_of_range_is_refused(top: int) -> None:
    with pytest.raises(InvalidRequest) as refused:
        engine.matches_for(KARLSRUHE, top=top)
    assert refused.value.field == "top"


def test_top_larger_than_the_world_gives_what_there_is() -> None:
    found = engine.matches_for(KARLSRUHE, top=1000)
    assert len(found.matches) == len(set(ids(found))) < 23


@pytest.mark.parametrize("geonameid", [1, -5, 2**70])
def test_unknown_city_is_refused(geonameid: int) -> None:
    with pytest.raises(InvalidRequest) as refused:
        engine.matches_for(geonameid)
    assert refused.value.field == "city"


def test_many_matches_gives_the_lists_of_each() -> None:
    found = list(engine.many_matches([KARLSRUHE, SUVA, LEEDS], preset="like-us", top=3))
    assert [one.city.geonameid for one in found] == [KARLSRUHE, SUVA, LEEDS]
    assert ids(found[0]) == ids(engine.matches_for(KARLSRUHE, preset="like-us", top=3))
