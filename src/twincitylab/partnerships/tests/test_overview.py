"""All introductions by where they stand, and the bell that counts what waits."""

import datetime as dt
import re
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from twincitylab.community.models import CommunityBlock, Notice, Person
from twincitylab.community.operations.notices import notify
from twincitylab.community.tests.world import make_community, make_person, sign_in
from twincitylab.partnerships.choices import IntroductionState
from twincitylab.partnerships.models import Introduction
from twincitylab.partnerships.operations.answering import accept, decline, withdraw, write_note
from twincitylab.partnerships.operations.interest import mark_interest
from twincitylab.partnerships.queries.overview import Shelf, bell, met_by, overview
from twincitylab.partnerships.tests.pair import Pair, facilitated, make_pair, proposed

pytestmark = pytest.mark.usefixtures("atlas")

MOST_QUERIES = 12
PAGE = "/introductions/"


def shelf_of(person: Person, *, now: dt.datetime | None = None) -> str:
    """Where the only introduction of the person lies."""
    counts = overview(person, now=now or timezone.now()).counts
    return ", ".join(shelf.value for shelf, count in counts.items() if count)


def ask(pair: Pair, made: Introduction, *, by: Person) -> None:
    write_note(
        introduction=made,
        side=pair.a if by == pair.ada else pair.b,
        text="Which evenings?",
        language="en",
        form_key=uuid.uuid4(),
        by=by,
        now=timezone.now(),
    )


def test_a_question_of_ones_own_waits_for_the_other_side() -> None:
    pair = make_pair()
    made = proposed(pair, now=timezone.now())
    assert (shelf_of(pair.ada), shelf_of(pair.bo)) == ("sent", "waiting")
    ask(pair, made, by=pair.bo)
    assert (shelf_of(pair.ada), shelf_of(pair.bo)) == ("waiting", "sent")
    ask(pair, made, by=pair.ada)
    assert (shelf_of(pair.ada), shelf_of(pair.bo)) == ("sent", "waiting")


def test_who_has_asked_can_still_decide(client: Client) -> None:
    pair = make_pair()
    made = proposed(pair, now=timezone.now())
    ask(pair, made, by=pair.bo)
    sign_in(client, pair.bo)
    text = client.get(reverse("partnerships:introduction", args=[made.pk])).content.decode()
    assert "Repair Café has the word" in text
    assert "Yes, we would like to meet" in text


@pytest.mark.parametrize("end", ["declined", "withdrawn", "expired"])
def test_what_is_over_is_listed_for_a_year(client: Client, end: str) -> None:
    pair, now = make_pair(), timezone.now()
    made = proposed(pair, now=now)
    if end == "declined":
        decline(introduction=made, side=pair.b, reason="not-now", by=pair.bo, now=now)
    elif end == "withdrawn":
        withdraw(introduction=made, side=pair.a, by=pair.ada, now=now)
    else:
        Introduction.objects.update(expires_at=now - dt.timedelta(hours=1))
    words = {
        "declined": ("they declined to meet Repair Café", "Fixers of Leeds declined on"),
        "withdrawn": ("Repair Café took the proposal back", "the proposal to Fixers of Leeds was taken back"),
        "expired": ("found no answer in time for Repair", "found no answer in time for Fixers"),
    }[end]
    for person, sentence in zip((pair.ada, pair.bo), words, strict=True):
        assert shelf_of(person) == "over"
        sign_in(client, person)
        assert sentence in client.get(PAGE).content.decode()
    if end != "expired":
        assert shelf_of(pair.ada, now=now + dt.timedelta(days=366)) == ""


def test_whom_one_has_met_stands_on_every_page_that_should_tell(client: Client) -> None:
    pair = make_pair()
    made = proposed(pair, now=timezone.now())
    accept(introduction=made, side=pair.b, by=pair.bo, now=timezone.now())
    where = reverse("partnerships:introduction", args=[made.pk])
    for person, us, them in ((pair.ada, pair.a, "Fixers of Leeds"), (pair.bo, pair.b, "Repair Café")):
        sign_in(client, person)
        assert f'href="{where}?as={us.slug}#met"' in client.get(PAGE).content.decode()
        for page in ("/me/", reverse("community:community", args=[us.slug])):
            text = client.get(page).content.decode()
            assert f"You have met: {them}" in text
            assert f'href="{PAGE}?show=met"' in text
    sign_in(client, pair.mo)
    assert "You have met" not in client.get("/me/").content.decode()
    assert "You have met" not in client.get(f"/communities/{pair.b.slug}/").content.decode()


def test_the_first_three_are_named_and_the_others_counted() -> None:
    pair = make_pair()
    others = [make_community(name=f"Choir {number}") for number in range(5)]
    for number, other in enumerate(others):
        met(pair, other_pk=other.pk, at=timezone.now() + dt.timedelta(minutes=number))
    found = met_by(pair.ada)
    assert (found.names, found.others) == (("Choir 4", "Choir 3", "Choir 2"), 2)


def test_the_first_yes_to_a_facilitator_moves_only_ones_own_line() -> None:
    pair = make_pair()
    made = facilitated(pair, now=timezone.now())
    accept(introduction=made, side=pair.a, by=pair.ada, now=timezone.now())
    assert (shelf_of(pair.ada), shelf_of(pair.bo)) == ("sent", "waiting")


def test_what_they_propose_whom_one_has_blocked_lies_nowhere() -> None:
    pair = make_pair()
    proposed(pair, now=timezone.now())
    CommunityBlock.objects.create(community=pair.b, blocked=pair.a, made_at=timezone.now())
    assert (shelf_of(pair.bo), bell(pair.bo, now=timezone.now()).waiting) == ("", 0)


def test_in_private_is_for_ones_own_stewards(client: Client) -> None:
    pair = make_pair()
    mark_interest(community=pair.a, other=pair.b, by=pair.ada, now=timezone.now())
    assert (shelf_of(pair.ada), shelf_of(pair.al), shelf_of(pair.bo)) == ("private", "private", "")
    sign_in(client, pair.ada)
    assert "Take it back" in client.get(f"{PAGE}?show=private").content.decode()


def test_the_bell_counts_what_the_inbox_says(client: Client) -> None:
    pair = make_pair()
    made = proposed(pair, now=timezone.now())
    Notice.objects.update(read_at=timezone.now())
    sign_in(client, pair.bo)
    for page in ("/inbox/", "/me/"):
        assert _bell(client, page) == "1 waits for you"
    assert "1 waits for you</h2>" in client.get("/inbox/").content.decode()
    ask(pair, made, by=pair.bo)
    assert _bell(client, "/me/") == ""
    notify([pair.bo], kind="introduction-note", words={}, address="/inbox/", now=timezone.now())
    for page in ("/inbox/", "/me/"):
        assert _bell(client, page) == "something is new"


def test_a_long_shelf_has_pages(client: Client) -> None:
    pair = make_pair()
    for number in range(23):
        met(pair, other_pk=make_community(name=f"Choir {number}").pk, at=timezone.now())
    sign_in(client, pair.ada)
    assert "See all 23" in client.get(PAGE).content.decode()
    shown = [client.get(f"{PAGE}?show=met&page={page}").content.decode() for page in (1, 2, "x", 10**30)]
    assert [text.count("#met") for text in shown] == [20, 3, 20, 3]


@pytest.mark.parametrize("query", ["", "?show=met", "?show=over", "?show=waiting", "?show=nonsense"])
def test_few_queries_however_many_there_are(client: Client, query: str) -> None:
    pair = make_pair()
    for _number in range(12):
        met(pair, other_pk=make_community().pk, at=timezone.now())
    sign_in(client, pair.ada)
    client.get(PAGE + query)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(PAGE + query).status_code == 200
    assert len(asked) <= MOST_QUERIES


def test_without_any_introduction_the_page_says_what_to_do(client: Client) -> None:
    sign_in(client, make_person())
    assert "Look at the matches of your community" in client.get(PAGE).content.decode()
    assert client.get(f"{PAGE}?show={Shelf.OVER}").status_code == 200


def met(pair: Pair, *, other_pk: int, at: dt.datetime) -> None:
    """The first of the pair has met somebody."""
    a, b = sorted((pair.a.pk, other_pk))
    Introduction.objects.create(
        a_id=a,
        b_id=b,
        state=IntroductionState.ACCEPTED,
        answer_a="yes",
        answer_b="yes",
        made_at=at,
        answered_at=at,
        expires_at=at,
        form_key=uuid.uuid4(),
    )


def _bell(client: Client, page: str) -> str:
    """What the badge of the bell says to somebody who hears it."""
    text = client.get(page).content.decode()
    badge = re.search(r'<span class="count[^>]*>(.*?)</a>', text)
    return " ".join(re.sub(r"<[^>]*>", "", badge.group(1)).split()) if badge else ""
