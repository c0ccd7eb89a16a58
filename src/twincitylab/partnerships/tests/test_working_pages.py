"""The pages on which two sides work together: who gets in, what they keep, what a refusal loses (nothing)."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from twincitylab.community.models import Notice
from twincitylab.community.tests.world import sign_in
from twincitylab.partnerships.choices import ActivityState, Stage
from twincitylab.partnerships.models import Activity, Note, Partnership
from twincitylab.partnerships.operations.calendars import make_calendar_key
from twincitylab.partnerships.tests.pair import Pair, make_pair, partnered, told
from twincitylab.partnerships.tests.records import add_activities

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("atlas")]


@pytest.fixture
def pair() -> Pair:
    return make_pair()


@pytest.fixture
def partnership(pair: Pair) -> Partnership:
    return partnered(pair)


def address(partnership: Partnership, rest: str = "") -> str:
    return f"/partnerships/{partnership.slug}/{rest}"


def filled(**more: Any) -> dict[str, Any]:
    return {
        "kind": "meeting",
        "state": "held",
        "title": "First meeting",
        "day": "2026-03-01",
        "begins": "10:00",
        "ends": "11:30",
        "mode": "online",
        "language": "en",
        "form_key": str(uuid.uuid4()),
        **more,
    }


def sides(partnership: Partnership) -> tuple[int, int]:
    a, b = partnership.sides.order_by("number").values_list("pk", flat=True)
    return a, b


PAGES = (
    "", "activities/", "activities/new/", "timeline/", "planner/", "talk/", "papers/", "papers/notes/new/",
    "decisions/", "calendar/",
)  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_for_both_sides_and_for_nobody_else(
    pair: Pair, partnership: Partnership, client: Client, page: str
) -> None:
    for person in (pair.ada, pair.bo, pair.mo):
        assert sign_in(client, person).get(address(partnership, page)).status_code == 200
    assert sign_in(client, pair.zoe).get(address(partnership, page)).status_code == 404


def test_an_activity_is_written_down_with_what_each_side_gave(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    a, b = sides(partnership)
    form = filled(**{f"side{a}-people": "12", f"side{a}-hours": "7,5", f"side{b}-people": ""})
    form["carriers"] = [pair.mo.pk]
    answer = sign_in(client, pair.mo).post(address(partnership, "activities/new/"), form)
    activity = Activity.objects.get()
    assert answer.headers["Location"].endswith(f"/activities/{activity.pk}/")
    given: object = {one.side_id: (one.people, one.hours, one.money) for one in activity.contributions.all()}
    assert given == {a: (12, Decimal("7.5"), None)}
    assert [one.person for one in activity.people.all()] == [pair.mo]
    page = client.get(answer.headers["Location"]).content.decode()
    assert "Nobody has said yet." in page
    # The same form once more is the same activity.
    client.post(address(partnership, "activities/new/"), form)
    assert Activity.objects.count() == 1


def test_a_full_year_of_activities_is_shown_in_pages(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    first = dt.datetime(2025, 1, 2, 18, tzinfo=dt.UTC)
    add_activities(partnership, [first + dt.timedelta(weeks=week) for week in range(30)])
    sign_in(client, pair.mo)
    shown = [client.get(address(partnership, f"activities/?year=2025&page={page}")) for page in (1, 2, 9)]
    assert [one.content.decode().count('class="held"') for one in shown] == [26, 4, 4]


def test_times_are_those_of_the_writers_clock(pair: Pair, partnership: Partnership, client: Client) -> None:
    type(pair.ada).objects.filter(pk=pair.ada.pk).update(timezone="Asia/Tokyo")
    sign_in(client, pair.ada).post(address(partnership, "activities/new/"), filled())
    assert Activity.objects.get().starts_at == dt.datetime(2026, 3, 1, 1, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("people", "-1"), ("people", "2.5"), ("hours", "NaN"), ("hours", "1e400"), ("hours", "inf"),
        ("money", "9" * 40), ("money", "lots"), ("money", "1,500"), ("hours", "1_000"), ("hours", "½"),
        ("new_people", "99"), ("in_kind_worth", "0x10"), ("in_kind", "x" * 500), ("hours", "2000000"),
    ],
)  # fmt: skip
def test_what_is_no_amount_is_named_and_kept(
    pair: Pair, partnership: Partnership, client: Client, name: str, typed: str
) -> None:
    a, _b = sides(partnership)
    field = f"side{a}-{name}"
    form = filled(**{f"side{a}-people": "3", "story": "A long story.", field: typed})
    answer = sign_in(client, pair.ada).post(address(partnership, "activities/new/"), form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert typed in page
    assert "A long story." in page
    assert not Activity.objects.exists()


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("day", "yesterday"), ("day", "0001-01-01"), ("day", "9999-12-31"), ("begins", "25:00"),
        ("ends", "09:00"), ("last_day", "2028-01-01"), ("state", "done"), ("goals", "18"),
        ("host", "99999999999999999999"), ("language", "xx-none"), ("title", "\u200b"), ("title", "x" * 200),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(
    pair: Pair, partnership: Partnership, client: Client, field: str, typed: str
) -> None:
    form = filled(**{field: typed})
    answer = sign_in(client, pair.ada).post(address(partnership, "activities/new/"), form)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_an_hour_that_the_clocks_leave_out_is_refused(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    type(pair.ada).objects.filter(pk=pair.ada.pk).update(timezone="Europe/Berlin")
    form = filled(day="2025-03-30", begins="02:30", ends="")
    answer = sign_in(client, pair.ada).post(address(partnership, "activities/new/"), form)
    assert "begins" in answer.context["form"].errors


def test_both_sides_correct_a_record_and_the_second_of_two_loses_nothing(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    sign_in(client, pair.ada).post(address(partnership, "activities/new/"), filled())
    activity = Activity.objects.get()
    edit = address(partnership, f"activities/{activity.pk}/edit/")
    theirs = filled(title="Meeting of spring", revision="1", form_key=str(activity.form_key))
    assert sign_in(client, pair.bo).post(edit, theirs).status_code == 302
    mine = filled(outcome="We plant trees.", revision="1", form_key=str(activity.form_key))
    answer = sign_in(client, pair.ada).post(edit, mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Meeting of spring" in page
    assert "We plant trees." in page
    activity.refresh_from_db()
    assert activity.title == "Meeting of spring"
    again = {**mine, "revision": str(answer.context["form"]["revision"].value())}
    assert client.post(edit, again).status_code == 302
    activity.refresh_from_db()
    assert (activity.title, activity.outcome) == ("First meeting", "We plant trees.")


def test_only_ones_own_is_taken_out_and_only_for_a_day(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    sign_in(client, pair.ada).post(address(partnership, "activities/new/"), filled())
    activity = Activity.objects.get()
    delete = address(partnership, f"activities/{activity.pk}/delete/")
    assert sign_in(client, pair.bo).post(delete).status_code == 422
    Activity.objects.update(made_at=timezone.now() - dt.timedelta(days=2))
    assert sign_in(client, pair.ada).post(delete).status_code == 422
    Activity.objects.update(made_at=timezone.now())
    assert client.post(delete).status_code == 302
    assert not Activity.objects.exists()


def test_what_is_over_stays_readable_and_changes_no_more(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    sign_in(client, pair.ada).post(address(partnership, "activities/new/"), filled())
    Partnership.objects.update(stage=Stage.ENDED, stage_reason="We have done what we wanted.")
    assert client.get(address(partnership, "activities/")).status_code == 200
    assert client.post(address(partnership, "activities/new/"), filled()).status_code == 403
    assert client.post(address(partnership, "talk/"), {}).status_code == 403
    pk = Activity.objects.get().pk
    assert client.post(address(partnership, f"activities/{pk}/delete/")).status_code == 422
    assert Activity.objects.count() == 1


def test_a_side_that_left_reads_on_for_thirty_days(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    partnership.sides.filter(number=1).update(left_at=timezone.now(), left_reason="No hands left.")
    assert sign_in(client, pair.bo).get(address(partnership, "talk/")).status_code == 200
    assert client.post(address(partnership, "talk/"), {}).status_code == 403
    asked = client.get(address(partnership, "proposals/new/budget/"))
    assert asked.status_code == 403
    assert "nothing changes any more" in asked.content.decode()
    assert client.get(address(partnership, "export/")).status_code == 200
    assert "You can read here until" in client.get(address(partnership)).content.decode()
    told = sign_in(client, pair.ada).get(address(partnership, "sides/")).content.decode()
    assert "Its people can read here until" in told
    secret = make_calendar_key(partnership=partnership, by=pair.bo, now=timezone.now())
    partnership.sides.filter(number=1).update(left_at=timezone.now() - dt.timedelta(days=31))
    sign_in(client, pair.bo)
    for rest in ("", *PAGES, "export/"):
        assert client.get(address(partnership, rest)).status_code == 404
    assert client.get(f"/calendars/{secret}/").status_code == 404
    assert partnership.slug not in client.get("/partnerships/").content.decode()
    assert (
        "Its people can read"
        not in sign_in(client, pair.ada).get(address(partnership, "sides/")).content.decode()
    )


def test_who_was_here_at_the_end_reads_on_for_ever(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    ended = timezone.now() - dt.timedelta(days=400)
    Partnership.objects.update(stage=Stage.ENDED, stage_since=ended, stage_reason="Done.")
    sign_in(client, pair.bo)
    for before, status in ((0, 200), (1, 404), (31, 404)):
        partnership.sides.filter(number=1).update(left_at=ended - dt.timedelta(days=before))
        assert client.get(address(partnership, "talk/")).status_code == status
        assert (partnership.slug in client.get("/partnerships/").content.decode()) is (status == 200)


def test_planner_plans_a_meeting_with_one_click(pair: Pair, partnership: Partnership, client: Client) -> None:
    page = sign_in(client, pair.ada).get(address(partnership, "planner/"))
    first = page.context["proposals"][0]
    form = {
        "begins": f"{first.slot.begins:%Y-%m-%dT%H:%M:%S+0000}",
        "minutes": "60",
        "title": "Spring plans",
        "form_key": first.key,
    }
    assert client.post(address(partnership, "planner/"), form).status_code == 302
    activity = Activity.objects.get()
    assert (activity.state, activity.starts_at) == (ActivityState.PLANNED, first.slot.begins)
    assert "activity-planned" in told(pair.bo)
    assert "Spring plans" in client.get(address(partnership)).content.decode()


@pytest.mark.parametrize("begins", ["", "tomorrow", "2020-01-01T10:00:00+0000", "9999-12-31T23:59:59+0000"])
def test_planner_refuses_an_hour_that_cannot_be(
    pair: Pair, partnership: Partnership, client: Client, begins: str
) -> None:
    form = {"begins": begins, "minutes": "60", "title": "Plans", "form_key": str(uuid.uuid4())}
    answer = sign_in(client, pair.ada).post(address(partnership, "planner/"), form)
    assert answer.status_code == 422
    assert "Plans" in answer.content.decode()


def test_planner_tells_that_a_hidden_citys_clock_is_guessed(client: Client) -> None:
    pair = make_pair(b={"pseudonym": "Lanterns", "hides_city": True})
    partnership = partnered(pair)
    page = sign_in(client, pair.ada).get(address(partnership, "planner/")).content.decode()
    assert "The city of Lanterns is not shown." in page
    assert "Fixers of Leeds" not in page


def test_talk_tells_the_other_side_once(pair: Pair, partnership: Partnership, client: Client) -> None:
    form = {"title": "Trees", "text": "<script>alert(1)</script> http://x.example", "language": "en"}
    answer = sign_in(client, pair.ada).post(
        address(partnership, "talk/"), {**form, "form_key": str(uuid.uuid4())}
    )
    thread = answer.headers["Location"]
    for number in range(3):
        client.post(thread, {"text": f"And {number}", "language": "de", "form_key": str(uuid.uuid4())})
    assert told(pair.bo).count("talk-written") == 1
    assert "talk-written" not in told(pair.al)
    page = sign_in(client, pair.bo).get(thread).content.decode()
    assert "&lt;script&gt;" in page
    assert 'href="http://x.example' not in page
    assert 'lang="de"' in page
    assert Notice.objects.get(person=pair.bo, kind="talk-written").address == thread


def test_an_empty_message_is_refused_and_a_long_one_kept(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    sign_in(client, pair.ada)
    for text in ("", "\u200b", "x" * 4001):
        form = {"title": "Trees", "text": text, "language": "en", "form_key": str(uuid.uuid4())}
        answer = client.post(address(partnership, "talk/"), form)
        assert answer.status_code == 422
        assert "Trees" in answer.content.decode()


def test_a_note_is_everybodys_and_two_at_once_lose_nothing(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    form = {"title": "Minutes", "text": "One.", "language": "en", "form_key": str(uuid.uuid4())}
    page = sign_in(client, pair.ada).post(address(partnership, "papers/notes/new/"), form)
    note = page.headers["Location"]
    assert sign_in(client, pair.bo).post(note, {**form, "text": "Two.", "revision": "1"}).status_code == 302
    answer = sign_in(client, pair.al).post(note, {**form, "text": "Three.", "revision": "1"})
    assert answer.status_code == 409
    assert "Two." in answer.content.decode()
    assert "Three." in answer.content.decode()
    assert Note.objects.get().text == "Two."
    assert sign_in(client, pair.bo).post(f"{note}delete/").status_code == 422
    assert sign_in(client, pair.al).post(f"{note}delete/").status_code == 302


def test_a_decision_of_a_meeting_is_noted(pair: Pair, partnership: Partnership, client: Client) -> None:
    form = {"day": "2026-02-01", "text": "We meet monthly.", "language": "en", "form_key": str(uuid.uuid4())}
    assert sign_in(client, pair.mo).post(address(partnership, "decisions/"), form).status_code == 302
    page = sign_in(client, pair.ada).get(address(partnership, "decisions/")).content.decode()
    assert "We meet monthly." in page
    timeline = client.get(address(partnership, "timeline/")).content.decode()
    assert "We meet monthly." in timeline
    assert "The partnership began." in timeline
    form |= {"day": "2999-01-01", "form_key": str(uuid.uuid4())}
    assert client.post(address(partnership, "decisions/"), form).status_code == 422
