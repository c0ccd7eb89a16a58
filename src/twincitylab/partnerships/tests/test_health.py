"""Whether a partnership is alive: what the ten signals say, and what they do not."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from twincitylab.community.tests.world import sign_in
from twincitylab.partnerships.choices import ProposalKind, Stage
from twincitylab.partnerships.engine.health import signals
from twincitylab.partnerships.models import (
    ActivityPerson,
    Message,
    Partnership,
    Proposal,
    Side,
    SideRole,
    Thanks,
    Thread,
)
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
    made = partnered(pair)
    Partnership.objects.filter(pk=made.pk).update(created_at=NOW)
    return made


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
    assert said["substance"].drawn == ()
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
    assert (said.word, said.drawn, said.figures) == (Word.UNKNOWN, (), ())


def test_three_activities_years_ago_are_a_silence(partnership: Partnership) -> None:
    Partnership.objects.filter(pk=partnership.pk).update(stage=Stage.ACTIVE)
    add_activities(partnership, ago(2000, 2060, 2100))
    said = found(partnership)["rhythm"]
    assert said.word == Word.SILENT
    assert said.sure == "You have no rhythm of your own yet: a year without an activity is a silence."


def test_nothing_for_half_a_year_is_a_silence_of_explorers(partnership: Partnership) -> None:
    begun = Partnership.objects.filter(pk=partnership.pk)
    begun.update(created_at=NOW - dt.timedelta(days=200), stage=Stage.AGREED)
    assert found(partnership)["rhythm"].word == Word.UNKNOWN
    begun.update(stage=Stage.EXPLORING)
    said = found(partnership)["rhythm"]
    assert said.word == Word.SILENT
    assert said.figures == ("It began 200 days ago, and nothing has taken place yet.",)


def test_a_visiting_week_is_no_rhythm(partnership: Partnership) -> None:
    add_activities(partnership, ago(*range(6, 12)))
    assert found(partnership)["rhythm"].word == Word.UNKNOWN


def test_where_all_is_well_no_chance_is_told(partnership: Partnership) -> None:
    add_activities(partnership, ago(*range(3, 300, 30)))
    said = found(partnership)["rhythm"]
    assert (said.word, said.sure) == (Word.ALIVE, "By your own rhythm, this is no silence.")


def test_what_is_planned_far_away_is_no_next_meeting(partnership: Partnership) -> None:
    add_activities(partnership, ago(*range(3, 300, 30)))
    add_activities(partnership, ago(-3000), state="planned")
    assert found(partnership)["rhythm"].step.label == "Find an hour for the next meeting"
    add_activities(partnership, ago(-80), state="planned")
    assert found(partnership)["rhythm"].step.label == "Look at what is planned"


def test_each_balance_says_what_it_is_of(partnership: Partnership) -> None:
    a, b = partnership.sides.order_by("number")
    add_activities(partnership, ago(10, 20), host=a)
    _propose(a, a, b, b)
    said = found(partnership)["direction"]
    assert said.word == Word.UNKNOWN, "of hosting too little is known, and proposals are few"
    assert said.sure.startswith("Proposing: 100% level.")
    assert [bar.label for bar in said.drawn] == ["Proposing"]
    assert said.step.label == "Say of your activities which side hosted"
    add_activities(partnership, ago(*range(30, 90, 10)), host=b)
    said = found(partnership)["direction"]
    assert [bar.label for bar in said.drawn] == ["Hosting", "Proposing"]


def test_a_few_level_hosts_are_not_called_alive(partnership: Partnership) -> None:
    a, b = partnership.sides.order_by("number")
    add_activities(partnership, ago(10, 20), host=a)
    add_activities(partnership, ago(30, 40), host=b)
    said = found(partnership)["direction"]
    assert said.word == Word.UNKNOWN
    assert "surely" in said.missing[-1]


def test_a_few_percent_of_what_was_stated_are_not_called_alive(partnership: Partnership) -> None:
    add_activities(partnership, ago(280, 300), gifts={"hours": 5})
    partnership.sides.update(hours_a_month=20)
    said = found(partnership)["capacity"]
    assert (said.word, said.step.label) == (Word.WATCH, "Find an hour for the next meeting")
    assert said.figures[-1] == "With under 10% of what a side can give, this is not called alive."
    partnership.sides.update(hours_a_month=5)
    assert found(partnership)["capacity"].word == Word.ALIVE


def test_what_is_done_already_is_not_proposed(pair: Pair, partnership: Partnership) -> None:
    a, b = partnership.sides.order_by("number")
    partnership.sides.update(hours_a_month=5)
    made = add_activities(
        partnership, ago(10, 20, 30, 40), gifts={"hours": 5}, outcome="A shelf.", story="We built it.",
        is_put_to_use=True,
    )  # fmt: skip
    for side, person, deputy in ((a, pair.ada, pair.al), (b, pair.bo, pair.bea)):
        SideRole.objects.create(
            partnership=partnership, side=side, title="Contact", person=person, deputy=deputy,
            since=NOW.date(), form_key=uuid.uuid4(),
        )  # fmt: skip
        for one in made:
            ActivityPerson.objects.create(activity=one, side=side, person=person)
    Partnership.objects.filter(pk=partnership.pk).update(is_public=True)
    steps = {key: one.step.label for key, one in found(partnership).items()}
    assert steps["capacity"] == "Look at whether your hours are still right"
    assert steps["renewal"] == "Give a small task to somebody new", "both sides have deputies"
    assert steps["anchoring"] == "Write the agreement together", "the first thing that is missing"
    assert steps["visibility"] == "Show your page to somebody in your city"
    assert steps["substance"] == "Find an hour for the next meeting"
    assert steps["learning"] == "Ask the other side something"


def test_what_waits_for_an_answer_is_not_proposed_again(partnership: Partnership) -> None:
    add_activities(partnership, ago(10))
    a = partnership.sides.get(number=0)
    assert found(partnership)["visibility"].step.label == "Propose to publish the page"
    _propose(a, kind=ProposalKind.PUBLISH, state="open")
    _propose(a, kind=ProposalKind.AGREEMENT, state="open")
    said = found(partnership)
    assert said["visibility"].step.label == said["anchoring"].step.label == "Answer the proposal"
    assert said["direction"].figures[-1].startswith("Proposed what binds: Repair Café 2")


def test_the_step_leads_to_the_activity_that_lacks_it(partnership: Partnership) -> None:
    add_activities(partnership, ago(10), outcome="A shelf.")
    lacking, _older = add_activities(partnership, ago(20, 30))
    step = found(partnership)["substance"].step
    assert step.href.endswith(f"/activities/{lacking.pk}/")


def test_only_the_side_that_has_not_thanked_is_asked_to(pair: Pair, partnership: Partnership) -> None:
    a, b = partnership.sides.order_by("number")
    thread = Thread.objects.create(partnership=partnership, title="Soil", made_at=NOW, last_at=NOW)
    for side in (a, b):
        Message.objects.create(thread=thread, side=side, text="Soil?", written_at=NOW, form_key=uuid.uuid4())
    Thanks.objects.create(
        partnership=partnership, from_side=a, to_side=b, text="Soil.", said_at=NOW, form_key=uuid.uuid4()
    )
    assert found(partnership)["relation"].step.label == "Fixers of Leeds: Thank somebody of the other side"


def _propose(*sides: Side, kind: str = ProposalKind.STAGE, state: str = "withdrawn") -> None:
    Proposal.objects.bulk_create(
        Proposal(
            partnership=side.partnership, kind=kind, state=state, side=side, made_at=NOW,
            form_key=uuid.uuid4(),
        )
        for side in sides
    )  # fmt: skip
