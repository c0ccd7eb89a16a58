"""Whether a partnership is alive: what the ten signals say, and what they do not."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from twincitylab.community.tests.world import sign_in
from twincitylab.partnerships.choices import Stage
from twincitylab.partnerships.engine.health import signals
from twincitylab.partnerships.models import ActivityPerson, Partnership, Side
from twincitylab.partnerships.queries.health import health_records
from twincitylab.partnerships.queries.workspaces import side_cards
from twincitylab.partnerships.rules.signals import Signal, Word
from twincitylab.partnerships.tests.pair import Pair, make_pair, partnered
from twincitylab.partnerships.tests.records import add_activities

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("atlas")]

NOW = timezone.now()
KEYS = {
    "rhythm", "breadth", "renewal", "capacity", "anchoring", "direction", "visibility", "substance",
    "learning", "relation",
}  # fmt: skip


def ago(*days: float) -> list[dt.datetime]:
    return [NOW - dt.timedelta(days=day) for day in days]


@pytest.fixture
def pair() -> Pair:
    return make_pair()


@pytest.fixture
def partnership(pair: Pair) -> Partnership:
    return partnered(pair)


def found(partnership: Partnership) -> dict[str, Signal]:
    fresh = Partnership.objects.get(pk=partnership.pk)
    cards = side_cards(fresh)
    records = health_records(fresh, sides=[card.side for card in cards], now=NOW)
    return {one.key: one for one in signals(records, cards)}


def test_nothing_written_down_is_never_a_full_mark(partnership: Partnership) -> None:
    said = found(partnership)
    assert set(said) == KEYS
    assert {key for key, one in said.items() if one.word != Word.UNKNOWN} == {"anchoring"}
    assert not any("100%" in line for one in said.values() for line in (*one.figures, one.sure))
    assert all(one.missing and one.step.href for one in said.values())


def test_one_activity_says_little_more(partnership: Partnership) -> None:
    add_activities(partnership, ago(3), outcome="Trees.", is_put_to_use=True, gifts={"hours": 4})
    said = found(partnership)
    assert said["rhythm"].word == said["substance"].word == said["learning"].word == Word.UNKNOWN
    assert said["rhythm"].figures[0] == "The last activity was 3 days ago."
    assert said["substance"].drawn is None
    assert not any("100%" in line for one in said.values() for line in (*one.figures, one.sure))


def test_silence_is_told_by_the_partnerships_own_rhythm(partnership: Partnership) -> None:
    add_activities(partnership, ago(*range(200, 600, 30)))
    assert found(partnership)["rhythm"].word == Word.SILENT


def test_who_meets_once_a_year_is_not_silent_after_half_of_one(partnership: Partnership) -> None:
    add_activities(partnership, ago(*range(182, 2400, 365)))
    assert found(partnership)["rhythm"].word == Word.ALIVE


def test_capacity_is_counted_only_against_what_was_stated(partnership: Partnership) -> None:
    add_activities(partnership, ago(*range(10, 100, 20)), gifts={"hours": 10})
    a, b = partnership.sides.order_by("number")
    Side.objects.filter(pk=a.pk).update(hours_a_month=2)
    one = found(partnership)["capacity"]
    assert one.word == Word.WATCH, "a gives more than it said, whatever b can give"
    assert one.figures == ("Repair Café: at least 50 of 24 hours a year (208%).",)
    assert one.missing == ("Fixers of Leeds: It has not said how many hours a month it can give.",)
    Side.objects.filter(pk__in=[a.pk, b.pk]).update(hours_a_month=10)
    assert found(partnership)["capacity"].word == Word.ALIVE


def test_one_person_who_carries_most_is_watched_and_never_named(pair: Pair, partnership: Partnership) -> None:
    a = partnership.sides.get(number=0)
    for one in add_activities(partnership, ago(*range(10, 90, 10))):
        ActivityPerson.objects.create(activity=one, side=a, person=pair.ada)
    said = found(partnership)["renewal"]
    assert said.word == Word.WATCH
    assert "rest on 1 person" in said.figures[0]
    assert pair.ada.name not in " ".join(said.figures + said.missing)


def test_hosting_that_surely_leans_is_watched(partnership: Partnership) -> None:
    a, b = partnership.sides.order_by("number")
    add_activities(partnership, ago(*range(10, 130, 10)), host=a)
    assert found(partnership)["direction"].word == Word.WATCH
    add_activities(partnership, ago(*range(11, 131, 10)), host=b)
    assert found(partnership)["direction"].word == Word.ALIVE


def test_ceremonies_are_no_substance(partnership: Partnership) -> None:
    add_activities(partnership, ago(10, 20, 30, 40), kind="ceremony", outcome="Flags.")
    said = found(partnership)["substance"]
    assert (said.word, said.figures) == (Word.UNKNOWN, ("4 ceremonies, counted apart.",))


def test_the_page_is_the_same_for_all_sides_and_for_nobody_else(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    add_activities(partnership, ago(*range(10, 100, 20)))
    address = f"/partnerships/{partnership.slug}/health/"
    pages = [sign_in(client, who).get(address) for who in (pair.ada, pair.mo)]
    assert [page.status_code for page in pages] == [200, 200]
    assert pages[0].context["signals"] == pages[1].context["signals"]
    assert sign_in(client, pair.zoe).get(address).status_code == 404


def test_a_side_that_left_reads_on(pair: Pair, partnership: Partnership, client: Client) -> None:
    partnership.sides.filter(number=1).update(left_at=NOW)
    Partnership.objects.filter(pk=partnership.pk).update(stage=Stage.ENDED, stage_reason="Done.")
    answer = sign_in(client, pair.mo).get(f"/partnerships/{partnership.slug}/health/")
    assert answer.status_code == 200


def test_ten_years_of_weeks_cost_twelve_queries(pair: Pair, partnership: Partnership, client: Client) -> None:
    many = add_activities(partnership, ago(*range(7, 3647, 7)), gifts={"hours": 2, "people": 3})
    assert len(many) == 520
    sign_in(client, pair.ada).get("/partnerships/")
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/partnerships/{partnership.slug}/health/").status_code == 200
    assert len(asked) <= 12, [one["sql"][:80] for one in asked]


def test_few_people_say_nothing_about_renewal(pair: Pair, partnership: Partnership) -> None:
    a = partnership.sides.get(number=0)
    for one in add_activities(partnership, ago(900, 20, 10)):
        ActivityPerson.objects.create(activity=one, side=a, person=pair.ada)
    said = found(partnership)["renewal"]
    assert (said.word, said.drawn, said.figures) == (Word.UNKNOWN, None, ())
