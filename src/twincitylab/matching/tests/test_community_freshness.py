"""A change is seen by the next question, wherever it was made, and costs only the rows it changes."""

import datetime as dt
import threading

import numpy as np
import pytest
from django.db import connections

from twincitylab.community.choices import Direction, Topic
from twincitylab.community.models import Community
from twincitylab.community.operations.changes import touch
from twincitylab.community.tests.world import make_community, make_need
from twincitylab.matching.engine.communities import matches_of, store
from twincitylab.matching.engine.communities.crowd import Crowd
from twincitylab.matching.engine.communities.results import CommunityMatchList, Group
from twincitylab.matching.models import Feedback
from twincitylab.matching.operations.communities import (
    ask_for_rounds,
    compute_rounds,
    learn_from,
    remember_pair,
)
from twincitylab.matching.tests.test_community_lists import OVENS, brings_ovens, seeks_ovens

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
SOON = NOW + dt.timedelta(seconds=1)


def names(pk: int) -> list[str]:
    return [match.card.name for match in matches_of(pk, now=SOON).matches]


def assert_as_rebuilt() -> None:
    patched: Crowd = store.assembly(now=SOON).whole()
    rebuilt = store.gather(now=SOON).assembly.whole()
    for name in ("pk", "rows", "city", "topics", "capacity", "matched_at"):
        assert np.array_equal(getattr(patched, name), getattr(rebuilt, name)), name
    assert np.array_equal(patched.items.words, rebuilt.items.words)


@pytest.mark.usefixtures("atlas")
def test_new_need_changes_the_list_at_once() -> None:
    a = make_community("Bakers", city="karlsruhe-de", topics=[Topic.FOOD])
    brings_ovens("Singers", city="leeds-gb")
    before = matches_of(a.pk, now=NOW).matches[0].gets
    make_need(a, text="How do you build a clay oven for bread?", **OVENS)
    touch(a, now=SOON)
    after = matches_of(a.pk, now=SOON).matches[0].gets
    assert (before, len(after)) == ((), 1)


@pytest.mark.usefixtures("atlas")
def test_patch_equals_full_rebuild() -> None:
    a, b = seeks_ovens("Bakers", city="karlsruhe-de"), brings_ovens("Singers", city="leeds-gb")
    c = brings_ovens("Choir", city="kyoto-jp")
    store.assembly(now=NOW)
    b.needs_offers.filter(direction=Direction.OFFER).delete()
    touch(b, now=SOON)
    learn_from(a, c, "not-our-topic", SOON)
    learn_from(a, b, "too-far", SOON)
    seeks_ovens("Cooks", city="nancy-fr", now=SOON)
    Community.objects.filter(pk=c.pk).update(visibility="hidden", matched_at=SOON)
    assert_as_rebuilt()


@pytest.mark.usefixtures("atlas")
def test_those_who_refused_its_topics_follow_its_change() -> None:
    a, c = seeks_ovens("Bakers", city="karlsruhe-de"), brings_ovens("Choir", city="kyoto-jp")
    learn_from(a, c, "not-our-topic", NOW)
    store.assembly(now=NOW)
    make_need(c, topic=Topic.TREES, text="Saplings")
    touch(c, now=SOON)
    assert_as_rebuilt()


@pytest.mark.usefixtures("atlas")
def test_deleted_one_is_gone() -> None:
    a, b = seeks_ovens("Bakers", city="karlsruhe-de"), brings_ovens("Singers", city="leeds-gb")
    before = names(a.pk)
    Feedback.objects.all().delete()
    b.delete()
    assert (before, names(a.pk)) == (["Singers"], [])


@pytest.mark.usefixtures("atlas")
def test_need_that_lapsed_over_night_counts_no_more() -> None:
    a, b = seeks_ovens("Bakers", city="karlsruhe-de"), brings_ovens("Singers", city="leeds-gb")
    b.needs_offers.filter(direction=Direction.OFFER).update(valid_until=NOW.date())
    store.assembly(now=NOW)
    tomorrow = NOW + dt.timedelta(days=1)
    lapsed = matches_of(a.pk, now=tomorrow).matches[0]
    assert lapsed.gets == ()
    assert lapsed.benefit_here < lapsed.benefit_there


@pytest.mark.django_db(transaction=True)
def test_change_by_another_connection_is_seen() -> None:
    from tests.sample_atlas import store_sample_atlas

    store_sample_atlas()
    a, b = seeks_ovens("Bakers", city="karlsruhe-de"), brings_ovens("Singers", city="leeds-gb")
    before = matches_of(a.pk, now=NOW).matches[0].gets

    def elsewhere() -> None:
        b.needs_offers.filter(direction=Direction.OFFER).delete()
        touch(b, now=SOON)
        connections.close_all()

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    after = matches_of(a.pk, now=SOON).matches[0].gets
    assert (len(before), after) == (1, ())


@pytest.mark.usefixtures("atlas")
def test_rounds_serve_everybody_and_the_page_says_so() -> None:
    cities = ("karlsruhe-de", "leeds-gb", "kyoto-jp", "nancy-fr")
    seekers = [seeks_ovens(f"Seeker {city}", city=city) for city in cities]
    bringers = [brings_ovens(f"Bringer {city}", city=city) for city in cities]
    assert ask_for_rounds(now=NOW)
    assert compute_rounds() is not None
    lists = {one.pk: matches_of(one.pk, now=SOON) for one in (*seekers, *bringers)}
    assert {found.origin for found in lists.values()} == {"rounds"}
    shown = {pk: {match.card.pk for match in found.matches} for pk, found in lists.items()}
    assert all(pk in shown[other] for pk, others in shown.items() for other in others)


@pytest.mark.usefixtures("atlas")
def test_whoever_changed_since_the_rounds_has_a_list_of_its_own_and_is_put_into_others() -> None:
    a, b = seeks_ovens("Bakers", city="karlsruhe-de"), brings_ovens("Singers", city="leeds-gb")
    ask_for_rounds(now=NOW)
    run = compute_rounds(now=lambda: SOON)
    assert run is not None
    later = SOON + dt.timedelta(seconds=1)
    new = brings_ovens("Newcomers", city="kyoto-jp", now=later)
    found = matches_of(a.pk, now=later)
    assert found.origin == "rounds"
    assert [(m.card.pk, m.is_new, m.group) for m in found.matches] == [
        (b.pk, False, Group.FIRST),
        (new.pk, True, Group.ANSWER),
    ]
    assert matches_of(new.pk, now=later).origin == "live"


@pytest.mark.usefixtures("atlas")
def test_known_pair_leaves_the_lists_of_rounds_at_once() -> None:
    a, b = seeks_ovens("Bakers", city="karlsruhe-de"), brings_ovens("Singers", city="leeds-gb")
    c = brings_ovens("Choir", city="kyoto-jp")
    ask_for_rounds(now=NOW)
    compute_rounds(now=lambda: SOON)
    remember_pair(a, b, SOON)
    assert [match.card.pk for match in matches_of(a.pk, now=SOON).matches] == [c.pk]


@pytest.mark.usefixtures("atlas")
def test_rounds_are_asked_for_once_and_again_after_a_change() -> None:
    a = seeks_ovens("Bakers", city="karlsruhe-de")
    brings_ovens("Singers", city="leeds-gb")
    first = ask_for_rounds(now=NOW), ask_for_rounds(now=NOW)
    compute_rounds(now=lambda: SOON)
    later = SOON + dt.timedelta(hours=1)
    unchanged = ask_for_rounds(now=later)
    touch(a, now=later)
    assert (*first, unchanged, ask_for_rounds(now=later)) == (True, False, False, True)


CITIES = (
    "karlsruhe-de",
    "leeds-gb",
    "kyoto-jp",
    "nancy-fr",
    "nottingham-gb",
    "strasbourg-fr",
    "hiroshima-jp",
)


def after_rounds(count: int = 7) -> list[Community]:
    """Communities that seek what others bring, after rounds; ``SOON`` is when those were computed."""
    made = [seeks_ovens(f"Seeker {city}", city=city) for city in CITIES[:count]]
    made += [brings_ovens(f"Bringer {city}", city=city) for city in CITIES[:count]]
    ask_for_rounds(now=NOW)
    assert compute_rounds(now=lambda: SOON) is not None
    return made


def places(found: CommunityMatchList) -> list[tuple[int, float]]:
    """The place of the group of each match, and its score with the sign turned: ascending if in order."""
    return [(list(Group).index(match.group), -round(match.score, 6)) for match in found.matches]


@pytest.mark.usefixtures("atlas")
def test_each_group_of_a_list_of_rounds_is_best_first_and_the_first_are_so_for_both() -> None:
    lists = {one.pk: matches_of(one.pk, now=SOON) for one in after_rounds()}
    first = {
        pk: {match.card.pk for match in found.matches if match.group == Group.FIRST}
        for pk, found in lists.items()
    }
    for pk, found in lists.items():
        assert found.origin == "rounds"
        assert places(found) == sorted(places(found))
        assert [match.rank for match in found.matches] == list(range(1, len(found.matches) + 1))
        assert 0 < len(first[pk]) <= 3
        assert all(pk in first[other] for other in first[pk])


@pytest.mark.usefixtures("atlas")
def test_new_one_stands_only_where_its_score_puts_it_and_never_among_the_first() -> None:
    made = after_rounds()
    later = SOON + dt.timedelta(seconds=1)
    weak = make_community("Weak", city="kyoto-jp", topics=[Topic.FOOD], now=later)
    for one in made:
        found = matches_of(one.pk, now=later)
        assert places(found) == sorted(places(found))
        assert all(match.group != Group.FIRST for match in found.matches if match.is_new)
        assert all(match.is_new for match in found.matches if match.card.pk == weak.pk)


@pytest.mark.usefixtures("atlas")
def test_partner_who_changed_since_the_rounds_is_marked_and_no_longer_called_first_for_both() -> None:
    a, *_others = after_rounds()
    partner = Community.objects.get(pk=matches_of(a.pk, now=SOON).matches[0].card.pk)
    later = SOON + dt.timedelta(seconds=1)
    touch(partner, now=later)
    found = {match.card.pk: match for match in matches_of(a.pk, now=later).matches}
    assert matches_of(partner.pk, now=later).origin == "live"
    assert found[partner.pk].is_new
    assert found[partner.pk].group == Group.ANSWER
