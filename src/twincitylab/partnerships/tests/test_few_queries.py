"""Every page inside asks the database little, however much there is; the cards still say all they said."""

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.utils import timezone

from twincitylab.community.tests.world import sign_in
from twincitylab.partnerships.models import ActivityPerson, Partnership, SharedFile, SideRole, Thread
from twincitylab.partnerships.tests.consents import proposes
from twincitylab.partnerships.tests.pages import MOST_QUERIES, page, queries
from twincitylab.partnerships.tests.pair import Pair, make_pair, partnered
from twincitylab.partnerships.tests.records import add_activities

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("atlas")]

PAGES = (
    "", "activities/", "planner/", "timeline/", "talk/", "papers/", "decisions/", "check/", "health/",
    "agreement/", "report/", "people/", "sides/", "proposals/", "settings/",
)  # fmt: skip


@pytest.fixture
def pair() -> Pair:
    return make_pair()


@pytest.fixture
def full(pair: Pair) -> Partnership:
    """With activities held and planned, somebody who carried them, files, talk and roles."""
    partnership, now = partnered(pair, now=timezone.now()), timezone.now()
    ours = partnership.sides.get(number=0)
    days = [now - dt.timedelta(days=day) for day in range(9)]
    add_activities(partnership, [*days], state="held", gifts={"hours": 3})
    add_activities(partnership, [now + dt.timedelta(days=3)], state="planned")
    ActivityPerson.objects.bulk_create(
        ActivityPerson(activity=one, side=ours, person=person)
        for one in partnership.activities.all()
        for person in (pair.ada, pair.al)
    )
    SharedFile.objects.create(
        partnership=partnership, activity=partnership.activities.first(), name="plan.pdf",
        media_type="application/pdf", size=1, digest="0" * 64, side=ours, made_at=now, form_key=uuid.uuid4(),
    )  # fmt: skip
    Thread.objects.create(partnership=partnership, title="Trams", made_at=now, last_at=now)
    SideRole.objects.create(
        partnership=partnership, side=ours, title="Contact", person=pair.ada, deputy=pair.al,
        since=now.date(), form_key=uuid.uuid4(),
    )  # fmt: skip
    return partnership


@pytest.mark.parametrize("where", PAGES)
def test_every_page_inside(full: Partnership, pair: Pair, client: Client, where: str) -> None:
    sign_in(client, pair.ada)
    assert queries(client, f"/partnerships/{full.slug}/{where}") <= MOST_QUERIES


def test_one_activity_and_all_partnerships(full: Partnership, pair: Pair, client: Client) -> None:
    sign_in(client, pair.ada)
    first = full.activities.order_by("pk").first()
    assert first is not None
    assert queries(client, f"/partnerships/{full.slug}/activities/{first.pk}/") <= MOST_QUERIES
    assert queries(client, "/partnerships/") <= MOST_QUERIES


def test_the_overview_while_something_waits_for_us(full: Partnership, pair: Pair, client: Client) -> None:
    proposes(full, pair.ada)
    sign_in(client, pair.bo)
    where = f"/partnerships/{full.slug}/"
    assert "Something waits for your side" in page(client, where)
    assert queries(client, where) <= MOST_QUERIES


@pytest.mark.parametrize("where", ["", "sides/"])
def test_cards_show_topics(full: Partnership, pair: Pair, client: Client, where: str) -> None:
    sign_in(client, pair.ada)
    assert page(client, f"/partnerships/{full.slug}/{where}").count(
        "Repair, reuse and circular business"
    ) == len("ab")
