"""Early warnings: to the stewards of all sides, once for each occasion."""

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.utils import timezone

from twincitylab.community.models import Notice
from twincitylab.community.rules.notice_sentences import SENTENCES
from twincitylab.community.tests.world import sign_in
from twincitylab.partnerships.choices import Stage
from twincitylab.partnerships.models import ActivityPerson, AgreementVersion, Partnership
from twincitylab.partnerships.operations.warnings import warn_sides
from twincitylab.partnerships.rules.signals import NAMES, Word
from twincitylab.partnerships.tests.pages import MOST_QUERIES, page, queries
from twincitylab.partnerships.tests.pair import Pair, make_pair, partnered, told
from twincitylab.partnerships.tests.records import add_activities

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("atlas")]

NOW = timezone.now()
DAY = dt.timedelta(days=1)


@pytest.fixture
def pair() -> Pair:
    return make_pair()


@pytest.fixture
def partnership(pair: Pair) -> Partnership:
    made = partnered(pair)
    Partnership.objects.filter(pk=made.pk).update(created_at=NOW)
    Notice.objects.all().delete()
    return made


def ago(*days: float) -> list[dt.datetime]:
    return [NOW - dt.timedelta(days=day) for day in days]


def test_a_silence_is_told_once_to_all_stewards(pair: Pair, partnership: Partnership) -> None:
    add_activities(partnership, ago(*range(200, 500, 30)))
    for day in range(5):
        warn_sides(now=NOW + day * DAY)
    for steward in (pair.ada, pair.al, pair.bo, pair.bea):
        assert told(steward) == ["partnership-silent"]
    assert told(pair.mo) == []
    assert told(pair.zoe) == []
    assert "partnership-silent" in SENTENCES


def test_the_next_silence_is_told_again(pair: Pair, partnership: Partnership) -> None:
    add_activities(partnership, ago(*range(200, 500, 30)))
    warn_sides(now=NOW)
    add_activities(partnership, [NOW + DAY])
    warn_sides(now=NOW + 2 * DAY)
    assert told(pair.ada) == ["partnership-silent"]
    warn_sides(now=NOW + 900 * DAY)
    assert told(pair.ada) == ["partnership-silent"] * 2


def test_what_is_planned_is_no_silence(pair: Pair, partnership: Partnership) -> None:
    add_activities(partnership, ago(*range(200, 500, 30)))
    add_activities(partnership, [NOW + 9 * DAY], state="planned")
    warn_sides(now=NOW)
    assert told(pair.ada) == []


@pytest.mark.parametrize("stage", [Stage.PAUSED, Stage.ENDED])
def test_who_rests_is_left_in_peace(pair: Pair, partnership: Partnership, stage: Stage) -> None:
    add_activities(partnership, ago(*range(200, 500, 30)))
    Partnership.objects.filter(pk=partnership.pk).update(stage=stage, stage_reason="Summer.")
    warn_sides(now=NOW)
    assert told(pair.ada) == []


def test_one_person_with_over_half_of_the_contacts_is_told_once_a_year(
    pair: Pair, partnership: Partnership
) -> None:
    a = partnership.sides.get(number=0)
    for one in add_activities(partnership, ago(*range(0, 60, 10))):
        ActivityPerson.objects.create(activity=one, side=a, person=pair.ada)
    for day in range(3):
        warn_sides(now=NOW + day * DAY)
    assert told(pair.ada) == told(pair.bo) == ["partnership-on-one"]
    assert pair.ada.name not in str(Notice.objects.values_list("words", flat=True))


def test_the_review_is_told_a_month_before_and_on_the_day(pair: Pair, partnership: Partnership) -> None:
    day = NOW.date() + dt.timedelta(days=40)
    version = AgreementVersion.objects.create(
        partnership=partnership,
        number=1,
        side=partnership.sides.get(number=0),
        made_at=NOW,
        form_key=uuid.uuid4(),
    )
    Partnership.objects.filter(pk=partnership.pk).update(agreement=version, review_on=day)
    heard = []
    for later in range(45):
        before = len(told(pair.bo))
        warn_sides(now=NOW + later * DAY)
        heard += [(later, kind) for kind in told(pair.bo)[before:]]
    assert heard == [(10, "review-soon"), (40, "review-due")]


def test_a_visiting_week_written_down_day_by_day_is_no_silence_a_week_later(
    pair: Pair, partnership: Partnership
) -> None:
    add_activities(partnership, ago(*range(6)))
    for later in range(0, 60, 6):
        warn_sides(now=NOW + later * DAY)
    assert told(pair.ada) == []


def test_without_a_rhythm_a_year_is_a_silence_told_once(pair: Pair, partnership: Partnership) -> None:
    Partnership.objects.filter(pk=partnership.pk).update(stage=Stage.ACTIVE)
    add_activities(partnership, ago(300, 400))
    for later in range(0, 400, 13):
        warn_sides(now=NOW + later * DAY)
    assert told(pair.ada) == told(pair.bo) == ["partnership-silent"]


@pytest.mark.parametrize(("stage", "after"), [(Stage.EXPLORING, 183), (Stage.AGREED, 365)])
def test_who_never_begins_is_told_too(pair: Pair, partnership: Partnership, stage: Stage, after: int) -> None:
    Partnership.objects.filter(pk=partnership.pk).update(stage=stage)
    warn_sides(now=NOW + (after - 2) * DAY)
    assert told(pair.ada) == []
    warn_sides(now=NOW + (after + 1) * DAY)
    warn_sides(now=NOW + (after + 2) * DAY)
    assert told(pair.ada) == ["partnership-silent"]


def test_what_is_planned_in_ten_years_ends_no_silence(pair: Pair, partnership: Partnership) -> None:
    add_activities(partnership, ago(*range(200, 500, 30)))
    add_activities(partnership, [NOW + 3650 * DAY], state="planned")
    warn_sides(now=NOW)
    assert told(pair.ada) == ["partnership-silent"]


def test_what_was_written_down_late_tells_no_second_time(pair: Pair, partnership: Partnership) -> None:
    add_activities(partnership, ago(*range(200, 500, 30)))
    warn_sides(now=NOW)
    add_activities(partnership, ago(190, 180, 170))
    warn_sides(now=NOW + DAY)
    assert told(pair.ada) == ["partnership-silent"]


def test_another_stage_is_a_sign_of_life(pair: Pair, partnership: Partnership) -> None:
    add_activities(partnership, ago(*range(200, 500, 30)))
    Partnership.objects.filter(pk=partnership.pk).update(stage=Stage.ACTIVE, stage_since=NOW)
    warn_sides(now=NOW + DAY)
    assert told(pair.ada) == []
    warn_sides(now=NOW + 31 * DAY)
    assert told(pair.ada) == ["partnership-silent"]


def test_the_words_of_the_day_stand_on_the_front_page(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    where = f"/partnerships/{partnership.slug}/"
    add_activities(partnership, ago(*range(200, 500, 30)))
    assert "Is it alive?" not in page(sign_in(client, pair.mo), where), "nobody has looked yet"
    warn_sides(now=NOW)
    said = client.get(where).context["standings"]
    assert (said[0].word, said[0].names[0]) == (Word.SILENT, "Rhythm")
    assert sum(len(one.names) for one in said) == len(NAMES)
    assert queries(client, where) <= MOST_QUERIES
    Partnership.objects.filter(pk=partnership.pk).update(stage=Stage.PAUSED, stage_reason="Summer.")
    assert "Is it alive?" not in page(client, where)
