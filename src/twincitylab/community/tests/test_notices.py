"""Notices: what they say, who reads which names in them, and what is read."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from twincitylab.community.models import Community, Notice, Person
from twincitylab.community.operations.notices import mark_read, notify
from twincitylab.community.operations.seeing import let_see
from twincitylab.community.queries.notices import notice_lines, notices_of, unread_count
from twincitylab.community.rules.notice_sentences import SENTENCES, sentence
from twincitylab.community.tests.world import NOW, make_community, make_person

pytestmark = pytest.mark.usefixtures("atlas")


def notice(
    person: Person, ours: Community, theirs: Community, *, kind: str = "introduction-proposed"
) -> None:
    notify(
        [person],
        kind=kind,
        words={"community_id": ours.pk, "other_id": theirs.pk},
        address="/introductions/1/",
        community=ours,
        now=NOW,
    )


def read_by(person: Person) -> list[str]:
    return [line.sentence for line in notice_lines(notices_of(person), reader=person)]


def test_a_notice_names_both_sides() -> None:
    ada = make_person()
    ours, theirs = make_community("Fixers", steward=ada), make_community("Repair Café", city="leeds-gb")
    notice(ada, ours, theirs)
    assert read_by(ada) == ["Repair Café would like to meet Fixers."]


def test_in_safety_mode_an_old_notice_shows_the_pseudonym() -> None:
    ada = make_person()
    ours, theirs = make_community("Fixers", steward=ada), make_community("Rainbow House", city="leeds-gb")
    notice(ada, ours, theirs)
    Community.objects.filter(pk=theirs.pk).update(is_safe_mode=True, pseudonym="Quiet Hands")
    assert read_by(ada) == ["Quiet Hands would like to meet Fixers."]


def test_whoever_hides_is_named_only_to_those_it_lets_see() -> None:
    ada = make_person()
    ours = make_community("Fixers", steward=ada)
    theirs = make_community("Rainbow House", city="leeds-gb", is_hidden=True)
    notice(ada, ours, theirs)
    assert read_by(ada) == ["a community would like to meet Fixers."]
    let_see(theirs, to=ours, now=NOW)
    assert read_by(ada) == ["Rainbow House would like to meet Fixers."]


def test_names_in_another_direction_stay_apart() -> None:
    words = {"other": "مقهى الإصلاح", "community": "Fixers"}
    assert sentence("introduction-proposed", words) == "\u2068مقهى الإصلاح\u2069 would like to meet Fixers."
    with translation.override("ar"):
        assert "\u2068Fixers\u2069" in sentence("introduction-proposed", words)


@pytest.mark.parametrize("kind", sorted(SENTENCES))
def test_every_kind_makes_a_sentence_of_any_names(kind: str) -> None:
    assert sentence(kind, {"community": "Fixers", "other": "100 % Café"}).count("%") <= 1
    assert sentence(kind, {})


def test_an_unknown_kind_says_little() -> None:
    assert sentence("of-tomorrow", {"other": "Secret"}) == "There is news for you."


def test_the_number_of_queries_does_not_grow() -> None:
    ada = make_person()
    ours = make_community(steward=ada)
    for _number in range(8):
        notice(ada, ours, make_community(city="leeds-gb"))
    with CaptureQueriesContext(connection) as queries:
        assert len(notice_lines(notices_of(ada), reader=ada)) == 8
    assert len(queries) == 2


def test_reading_marks_ones_own_only() -> None:
    ada, bo = make_person(), make_person()
    ours, theirs = make_community(steward=ada), make_community(city="leeds-gb", steward=bo)
    for person in (ada, ada, bo):
        notice(person, ours, theirs)
    assert mark_read(by=bo, now=NOW, pks=notices_of(ada).values_list("pk", flat=True)) == 0
    first = notices_of(ada)[1]
    assert mark_read(by=ada, now=NOW + dt.timedelta(hours=1), pks=[first.pk]) == 1
    assert (unread_count(ada), unread_count(bo)) == (1, 1)
    assert mark_read(by=ada, now=NOW, address="/introductions/1/") == 1
    assert mark_read(by=ada, now=NOW) == 0
    first.refresh_from_db()
    assert first.read_at == NOW + dt.timedelta(hours=1)


def test_newest_first_and_only_unread() -> None:
    ada = make_person()
    ours, theirs = make_community(steward=ada), make_community(city="leeds-gb")
    for kind in ("introduction-proposed", "introduction-withdrawn"):
        notice(ada, ours, theirs, kind=kind)
    newest = notices_of(ada)[0]
    assert newest.kind == "introduction-withdrawn"
    mark_read(by=ada, now=NOW, pks=[newest.pk])
    assert [one.kind for one in notices_of(ada, only_unread=True)] == ["introduction-proposed"]
    assert list(notices_of(ada, community=theirs)) == []
    assert Notice.objects.count() == 2
