"""The partners of a community: both directions count, and whoever must not be shown is not."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from twincitylab.community.choices import Direction, ExchangeKind, Mode, Topic
from twincitylab.community.models import Community, CommunityBlock
from twincitylab.community.tests.world import make_community, make_need
from twincitylab.matching.engine.communities import CommunityFilters, matches_of, pair_of, store
from twincitylab.matching.operations.communities import learn_from, remember_pair

pytestmark = pytest.mark.usefixtures("atlas")
NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
OVENS: dict[str, Any] = {"topic": Topic.FOOD, "kind": ExchangeKind.KNOWLEDGE}
CHOIRS: dict[str, Any] = {"topic": Topic.CULTURE, "kind": ExchangeKind.AUDIENCE}


def seeks_ovens(name: str, *, city: str, **more: Any) -> Community:
    """It seeks to know how clay ovens are built, and brings an audience for choirs."""
    found = make_community(name, city=city, topics=[Topic.FOOD], **more)
    make_need(found, text="How do you build a clay oven for bread?", **OVENS)
    make_need(found, direction=Direction.OFFER, text="A hall full of people who like choirs", **CHOIRS)
    return found


def brings_ovens(name: str, *, city: str, **more: Any) -> Community:
    """The other way round."""
    found = make_community(name, city=city, topics=[Topic.CULTURE], **more)
    make_need(found, direction=Direction.OFFER, text="We have built a clay oven for bread", **OVENS)
    make_need(found, text="Somewhere our choir can sing before a full hall", **CHOIRS)
    return found


def names(pk: int, **more: Any) -> list[str]:
    return [match.card.name for match in matches_of(pk, now=NOW, **more).matches]


def test_each_finds_the_other_whose_offer_answers_its_need() -> None:
    a = seeks_ovens("Bakers", city="karlsruhe-de")
    make_need(make_community("Wanderers", city="leeds-gb", topics=[Topic.TREES]), topic=Topic.TREES)
    b = brings_ovens("Singers", city="nottingham-gb")
    first, back = matches_of(a.pk, now=NOW).matches[0], matches_of(b.pk, now=NOW).matches[0]
    assert (first.card.pk, back.card.pk) == (b.pk, a.pk)
    assert first.benefit_here == pytest.approx(back.benefit_there)
    assert first.benefit_there == pytest.approx(back.benefit_here)
    assert first.gets[0].offer.text == "We have built a clay oven for bread"
    assert first.gives[0].need.text == "Somewhere our choir can sing before a full hall"


def test_giving_alone_is_not_enough() -> None:
    a = seeks_ovens("Bakers", city="karlsruhe-de")
    brings_ovens("Singers", city="nottingham-gb")
    one_way = make_community("Masons", city="leeds-gb", topics=[Topic.CULTURE])
    make_need(one_way, direction=Direction.OFFER, text="We have built a clay oven for bread", **OVENS)
    assert names(a.pk) == ["Singers", "Masons"]


def test_nobody_of_the_same_city() -> None:
    a = seeks_ovens("Bakers", city="karlsruhe-de")
    brings_ovens("Neighbours", city="karlsruhe-de")
    assert names(a.pk) == []


@pytest.mark.parametrize("is_own_block", [True, False])
def test_block_of_either_side_excludes_both(is_own_block: bool) -> None:  # noqa: FBT001 - parametrised
    a, b = seeks_ovens("Bakers", city="karlsruhe-de"), brings_ovens("Singers", city="nottingham-gb")
    blocker, blocked = (a, b) if is_own_block else (b, a)
    CommunityBlock.objects.create(community=blocker, blocked=blocked, made_at=NOW)
    assert (names(a.pk), names(b.pk)) == ([], [])


def test_known_pairs_are_left_out() -> None:
    a, b = seeks_ovens("Bakers", city="karlsruhe-de"), brings_ovens("Singers", city="nottingham-gb")
    assert remember_pair(b, a, NOW) == remember_pair(a, b, NOW)
    assert (names(a.pk), names(b.pk)) == ([], [])


def test_hidden_ones_are_shown_to_nobody_but_look_themselves() -> None:
    a = seeks_ovens("Bakers", city="karlsruhe-de", is_hidden=True)
    b = brings_ovens("Singers", city="nottingham-gb")
    assert (names(a.pk), names(b.pk)) == (["Singers"], [])


def test_one_hidden_meanwhile_is_not_shown_even_before_matching_knows() -> None:
    a, b = seeks_ovens("Bakers", city="karlsruhe-de"), brings_ovens("Singers", city="nottingham-gb")
    before = names(a.pk)
    Community.objects.filter(pk=b.pk).update(visibility="hidden")
    assert (before, names(a.pk)) == (["Singers"], [])


def test_safe_mode_shows_the_pseudonym_and_no_place() -> None:
    a = seeks_ovens("Bakers", city="karlsruhe-de")
    brings_ovens("Singers of Leeds", city="leeds-gb", pseudonym="The Larks", hides_city=True)
    match = matches_of(a.pk, now=NOW).matches[0]
    assert (match.card.name, match.card.city, match.distance_km) == ("The Larks", "", None)
    assert "Leeds" not in repr(match)


def test_no_list_is_a_way_to_find_those_in_safety_mode() -> None:
    a = seeks_ovens("Bakers", city="karlsruhe-de")
    lurker = seeks_ovens("Lurkers", city="karlsruhe-de", is_hidden=True)
    brings_ovens("Singers of Leeds", city="leeds-gb", pseudonym="The Larks", hides_city=True)
    silent = make_community("Weavers of Nairobi", city="nairobi-ke", pseudonym="The Wrens")
    silent.needs_offers.all().delete()
    assert names(a.pk) == ["The Larks"]
    assert names(lurker.pk) == []
    for filters in (CommunityFilters(country="GB"), CommunityFilters(language="en")):
        assert matches_of(a.pk, filters=filters, now=NOW).matches == ()
    found = matches_of(a.pk, now=NOW)
    assert (found.candidate_count, found.choices.country, found.choices.kind) == (0, {}, {})


def test_one_that_hides_its_city_is_shown_in_no_city_of_its_country() -> None:
    near = [seeks_ovens(f"Bakers {city}", city=city) for city in ("nottingham-gb", "leeds-gb")]
    hidden = brings_ovens("Larks", city="leeds-gb", pseudonym="The Larks", hides_city=True)
    assert [names(community.pk) for community in (*near, hidden)] == [
        ["Bakers leeds-gb"],
        ["Bakers nottingham-gb"],
        [],
    ]


def test_full_ones_come_last_and_say_so() -> None:
    a = seeks_ovens("Bakers", city="karlsruhe-de")
    brings_ovens("Full", city="leeds-gb", capacity=0)
    make_need(make_community("Wanderers", city="nottingham-gb", topics=[Topic.TREES]), topic=Topic.TREES)
    assert [(m.card.name, m.is_full) for m in matches_of(a.pk, now=NOW).matches] == [
        ("Wanderers", False),
        ("Full", True),
    ]


def test_wrong_topic_does_not_lose_the_pair() -> None:
    a = seeks_ovens("Bakers", city="karlsruhe-de")
    other = brings_ovens("Others", city="leeds-gb")
    other.needs_offers.all().delete()
    make_need(other, direction=Direction.OFFER, text="We know food for a feast", **OVENS)
    make_need(other, text="Listeners", **CHOIRS)
    b = brings_ovens("Singers", city="nottingham-gb")
    b.needs_offers.filter(direction=Direction.OFFER).update(topic=Topic.PARKING_KERB)
    found = matches_of(a.pk, now=NOW).matches
    assert "Singers" in [match.card.name for match in found]
    singers = next(match for match in found if match.card.name == "Singers")
    assert singers.gets[0].offer.text == "We have built a clay oven for bread"


def test_turned_down_for_now_comes_back_after_90_days() -> None:
    a, b = seeks_ovens("Bakers", city="karlsruhe-de"), brings_ovens("Singers", city="nottingham-gb")
    learn_from(a, b, "not-now", NOW)
    shown = [
        [match.card.name for match in matches_of(a.pk, now=NOW + dt.timedelta(days=days)).matches]
        for days in (0, 89, 91)
    ]
    assert shown == [[], [], ["Singers"]]


def test_not_our_topic_lowers_that_topic_for_this_community_alone() -> None:
    a, c = seeks_ovens("Bakers", city="karlsruhe-de"), seeks_ovens("Cooks", city="nancy-fr")
    refused = make_community("Planters", city="leeds-gb", topics=[Topic.TREES])
    alike = make_community("Gardeners", city="nottingham-gb", topics=[Topic.TREES])
    before = {pk: score_of(pk, alike.pk) for pk in (a.pk, c.pk)}
    learn_from(a, refused, "not-our-topic", NOW + dt.timedelta(seconds=1))
    assert score_of(a.pk, alike.pk) < before[a.pk]
    assert score_of(c.pk, alike.pk) == before[c.pk]


def test_too_far_lowers_far_ones_and_not_near_ones() -> None:
    a = seeks_ovens("Bakers", city="karlsruhe-de")
    near = brings_ovens("Near", city="strasbourg-fr")
    far = brings_ovens("Far", city="kyoto-jp")
    refused = brings_ovens("Refused", city="hiroshima-jp")
    before = score_of(a.pk, near.pk), score_of(a.pk, far.pk)
    learn_from(a, refused, "too-far", NOW + dt.timedelta(seconds=1))
    after = score_of(a.pk, near.pk), score_of(a.pk, far.pk)
    assert after[0] == pytest.approx(before[0], rel=0.01)
    assert after[1] < 0.97 * before[1]


def score_of(a: int, b: int) -> float:
    return pair_of(a, b, now=NOW).match.score


def test_filters_narrow_the_list() -> None:
    a = seeks_ovens("Bakers", city="karlsruhe-de")
    brings_ovens("Singers", city="nottingham-gb", languages=["en", "fr"])
    brings_ovens("Chanteurs", city="strasbourg-fr", languages=["fr"])
    assert names(a.pk, filters=CommunityFilters(country="FR")) == ["Chanteurs"]
    assert names(a.pk, filters=CommunityFilters(language="en")) == ["Singers"]
    assert names(a.pk, filters=CommunityFilters(topic=Topic.HEAT)) == []


def test_shared_language_counts() -> None:
    a = seeks_ovens("Bakers", city="karlsruhe-de", languages=["de", "fr"])
    brings_ovens("Silent", city="leeds-gb", languages=["en"])
    brings_ovens("Talking", city="nottingham-gb", languages=["fr"])
    found = matches_of(a.pk, now=NOW).matches
    assert [(match.card.name, match.shared_languages) for match in found] == [
        ("Talking", ("French",)),
        ("Silent", ()),
    ]


def test_same_question_same_answer() -> None:
    a = seeks_ovens("Bakers", city="karlsruhe-de")
    for place in ("leeds-gb", "nottingham-gb", "kyoto-jp"):
        brings_ovens(f"Singers {place}", city=place, modes=[Mode.ONLINE, Mode.VISIT])
    first = matches_of(a.pk, now=NOW)
    store.forget()
    assert matches_of(a.pk, now=NOW) == first


def test_pair_shows_all_that_each_seeks_and_brings() -> None:
    a, b = seeks_ovens("Bakers", city="karlsruhe-de"), brings_ovens("Singers", city="nottingham-gb")
    make_need(b, text="Seeds of old tomatoes", topic=Topic.BIODIVERSITY, kind=ExchangeKind.MATERIAL)
    pair = pair_of(a.pk, b.pk, now=timezone.now())
    assert [words.text for words in pair.other_needs] == ["Seeds of old tomatoes"]
    assert pair.hours is not None
    assert pair.hours.shared_hours == 7.0
    assert len(pair.match.gets) == len(pair.match.gives) == 1


def test_full_ones_come_on_top_of_the_length_asked_for() -> None:
    a = seeks_ovens("Bakers", city="karlsruhe-de")
    for number in range(9):
        city = ("leeds-gb", "kyoto-jp", "nancy-fr")[number % 3]
        brings_ovens(f"Choir {number}", city=city, languages=["sw"])
    full = brings_ovens("Full", city="strasbourg-fr", capacity=0)
    found = matches_of(a.pk, top=3, now=NOW).matches
    assert [match.group for match in found] == ["answer"] * 3 + ["full"]
    assert (found[-1].card.pk, found[-1].rank) == (full.pk, 4)


def test_choices_count_whom_one_may_meet() -> None:
    a = seeks_ovens("Bakers", city="karlsruhe-de")
    brings_ovens("At home", city="karlsruhe-de", languages=["it"])
    brings_ovens("Singers", city="nottingham-gb", languages=["en", "fr"])
    brings_ovens("Chanteurs", city="strasbourg-fr", languages=["fr"])
    choices = matches_of(a.pk, filters=CommunityFilters(country="FR"), now=NOW).choices
    assert choices.country == {"GB": 1, "FR": 1}
    assert choices.language == {"en": 1, "fr": 2}
    assert choices.topic[Topic.CULTURE] == 2


def test_words_say_full_where_both_answer_each_other() -> None:
    a, b = seeks_ovens("Bakers", city="karlsruhe-de"), brings_ovens("Singers", city="nottingham-gb")
    in_list = matches_of(a.pk, now=NOW).matches[0]
    on_page = pair_of(a.pk, b.pk, now=NOW).match
    assert in_list.factors == on_page.factors
    words = {one.label: one.level for one in in_list.factors}
    assert words["Needs and offers"] == "strong"
    assert in_list.benefits[0] == "strong"
