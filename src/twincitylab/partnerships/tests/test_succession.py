"""Roles for a time, small tasks, thanks without counting, and handing over."""

import datetime as dt
import io
import json
import uuid
import zipfile
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from twincitylab.community.models import Community, Membership, Notice
from twincitylab.community.tests.world import sign_in
from twincitylab.partnerships.models import HandOver, HandOverItem, Partnership, SideRole, SmallTask, Thanks
from twincitylab.partnerships.operations.succession import remind_of_roles
from twincitylab.partnerships.rules.handing_over import CHECKLIST
from twincitylab.partnerships.tests.pair import Pair, make_pair, partnered, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("atlas")]


@pytest.fixture
def pair() -> Pair:
    return make_pair()


@pytest.fixture
def partnership(pair: Pair) -> Partnership:
    return partnered(pair, now=timezone.now())


def at(partnership: Partnership, rest: str = "") -> str:
    return f"/partnerships/{partnership.slug}/people/{rest}"


def form(**more: Any) -> dict[str, Any]:
    return {"language": "en", "form_key": str(uuid.uuid4()), **more}


def test_the_page_is_for_the_people_of_both_sides(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    for person in (pair.ada, pair.bo, pair.mo):
        assert sign_in(client, person).get(at(partnership)).status_code == 200
    assert sign_in(client, pair.zoe).get(at(partnership)).status_code == 404


def test_a_role_is_written_down_once_and_both_sides_read_it(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    sent = form(title="Keeps the calendar", person=pair.mo.pk, deputy=pair.bea.pk, since="2026-01-01")
    for _again in range(2):
        assert sign_in(client, pair.mo).post(at(partnership, "roles/new/"), sent).status_code == 302
    assert SideRole.objects.get().person == pair.mo
    page = sign_in(client, pair.ada).get(at(partnership)).content.decode()
    assert "Keeps the calendar" in page
    assert "Bea stands in" in page


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("title", ""), ("title", "x" * 500), ("since", "soon"), ("since", "0001-01-01"),
        ("until", "2025-01-01"), ("person", "stranger"), ("deputy", "same"), ("language", "xx"),
    ],
)  # fmt: skip
def test_what_does_not_fit_a_role_is_named_and_kept(
    pair: Pair, partnership: Partnership, client: Client, field: str, typed: str
) -> None:
    value: Any = {"stranger": pair.zoe.pk, "same": pair.mo.pk}.get(typed, typed)
    sent = form(title="Writes the letters", person=pair.mo.pk, since="2026-01-01") | {field: value}
    answer = sign_in(client, pair.mo).post(at(partnership, "roles/new/"), sent)
    assert answer.status_code == 422
    assert list(answer.context["role_form"].errors) == [field]
    if field != "title":
        assert "Writes the letters" in answer.content.decode()
    assert not SideRole.objects.exists()


def test_a_role_is_changed_and_ended_by_its_own_side_alone(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    sent = form(title="Writes", person=pair.mo.pk, since="2026-01-01")
    sign_in(client, pair.mo).post(at(partnership, "roles/new/"), sent)
    role = SideRole.objects.get()
    assert sign_in(client, pair.ada).post(at(partnership, f"roles/{role.pk}/"), sent).status_code == 404
    assert sign_in(client, pair.ada).post(at(partnership, f"roles/{role.pk}/end/")).status_code == 404
    sign_in(client, pair.bo).post(at(partnership, f"roles/{role.pk}/"), sent | {"person": pair.bea.pk})
    role.refresh_from_db()
    assert role.person == pair.bea
    client.post(at(partnership, f"roles/{role.pk}/end/"))
    assert "Writes" not in client.get(at(partnership)).content.decode()


def test_who_has_left_leaves_a_role_vacant(pair: Pair, partnership: Partnership, client: Client) -> None:
    sent = form(title="Writes", person=pair.mo.pk, since="2026-01-01")
    sign_in(client, pair.mo).post(at(partnership, "roles/new/"), sent)
    Membership.objects.filter(person=pair.mo).delete()
    page = sign_in(client, pair.bo).get(at(partnership)).content.decode()
    assert "Perhaps you, or somebody you know?" in page
    assert "<bdi>Mo</bdi>" not in page
    # The form keeps who had it until somebody else is chosen.
    assert (
        "somebody who has left"
        in client.get(at(partnership, f"roles/{SideRole.objects.get().pk}/")).content.decode()
    )


def test_stewards_hear_once_thirty_days_before_a_role_ends(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    now = timezone.now()
    ends = now.date() + dt.timedelta(days=40)
    sent = form(title="Writes", person=pair.mo.pk, since="2026-01-01", until=ends.isoformat())
    sign_in(client, pair.mo).post(at(partnership, "roles/new/"), sent)
    assert remind_of_roles(now=now) == 0
    assert remind_of_roles(now=now + dt.timedelta(days=11)) == 1
    assert remind_of_roles(now=now + dt.timedelta(days=12)) == 0
    for person, times in ((pair.bo, 1), (pair.bea, 1), (pair.ada, 0)):
        assert told(person).count("role-ends-soon") == times
    # Another time limit is told anew.
    SideRole.objects.update(until=ends + dt.timedelta(days=365))
    assert remind_of_roles(now=now + dt.timedelta(days=11 + 365)) == 1


def test_the_page_says_that_a_role_ends_soon(pair: Pair, partnership: Partnership, client: Client) -> None:
    ends = timezone.localdate() + dt.timedelta(days=20)
    sent = form(title="Writes", person=pair.mo.pk, since="2026-01-01", until=ends.isoformat())
    sign_in(client, pair.mo).post(at(partnership, "roles/new/"), sent)
    assert "who follows?" in client.get(at(partnership)).content.decode()


def test_a_small_task_is_taken_done_and_thanked_for(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    sent = form(title="Translate the poster", text="", minutes="90")
    for _again in range(2):
        sign_in(client, pair.ada).post(at(partnership, "tasks/new/"), sent)
    task = SmallTask.objects.get()
    sign_in(client, pair.mo).post(at(partnership, f"tasks/{task.pk}/"), {"do": "take"})
    task.refresh_from_db()
    assert (task.state, task.taken_by) == ("taken", pair.mo)
    late = sign_in(client, pair.al).post(at(partnership, f"tasks/{task.pk}/"), {"do": "take"})
    assert late.status_code == 422
    assert "Somebody has just taken this task." in late.content.decode()
    assert client.post(at(partnership, f"tasks/{task.pk}/"), {"do": "done"}).status_code == 403
    sign_in(client, pair.mo).post(at(partnership, f"tasks/{task.pk}/"), {"do": "give-back"})
    client.post(at(partnership, f"tasks/{task.pk}/"), {"do": "take"})
    client.post(at(partnership, f"tasks/{task.pk}/"), {"do": "done"})
    task.refresh_from_db()
    assert task.state == "done"
    assert client.post(at(partnership, f"tasks/{task.pk}/"), {"do": "dance"}).status_code == 422


def test_a_task_of_one_side_is_not_for_the_other(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    sent = form(title="Ask the library", minutes="30", only_ours="on")
    sign_in(client, pair.ada).post(at(partnership, "tasks/new/"), sent)
    task = SmallTask.objects.get()
    assert (
        sign_in(client, pair.bo).post(at(partnership, f"tasks/{task.pk}/"), {"do": "take"}).status_code == 403
    )


def test_a_steward_frees_what_somebody_took_who_is_gone(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    sign_in(client, pair.mo).post(at(partnership, "tasks/new/"), form(title="Take pictures", minutes="60"))
    task = SmallTask.objects.get()
    client.post(at(partnership, f"tasks/{task.pk}/"), {"do": "take"})
    assert (
        sign_in(client, pair.ada).post(at(partnership, f"tasks/{task.pk}/"), {"do": "give-back"}).status_code
        == 403
    )
    Membership.objects.filter(person=pair.mo).delete()
    client.post(at(partnership, f"tasks/{task.pk}/"), {"do": "give-back"})
    task.refresh_from_db()
    assert task.state == "open"


@pytest.mark.parametrize("minutes", ["0", "-5", "241", "many", "", "1e9", "60.5"])
def test_a_small_task_takes_an_evening_at_most(
    pair: Pair, partnership: Partnership, client: Client, minutes: str
) -> None:
    sent = form(title="Build a bridge", minutes=minutes)
    answer = sign_in(client, pair.mo).post(at(partnership, "tasks/new/"), sent)
    assert answer.status_code == 422
    assert "Build a bridge" in answer.content.decode()


def test_thanks_are_kept_told_and_never_counted(pair: Pair, partnership: Partnership, client: Client) -> None:
    to = partnership.sides.get(number=1)
    sent = form(to_side=to.pk, text="For the warm welcome")
    for _again in range(2):
        sign_in(client, pair.ada).post(at(partnership, "thanks/"), sent)
    assert Thanks.objects.count() == 1
    assert told(pair.bo).count("thanks-said") == 1
    assert "For the warm welcome" in sign_in(client, pair.mo).get(at(partnership)).content.decode()
    wrong = client.post(at(partnership, "thanks/"), form(to_side="999999", text="For all"))
    assert wrong.status_code == 422
    assert "For all" in wrong.content.decode()


def test_a_steward_hands_over_item_by_item(pair: Pair, partnership: Partnership, client: Client) -> None:
    sent = form(following=pair.bea.pk, last_day="2027-03-31")
    assert sign_in(client, pair.mo).post(at(partnership, "hand-over/"), sent).status_code == 403
    for _again in range(2):
        sign_in(client, pair.bo).post(at(partnership, "hand-over/"), sent)
    hand_over = HandOver.objects.get()
    assert told(pair.ada).count("hand-over-begun") == 1
    assert client.post(at(partnership, "hand-over/"), form()).status_code == 422
    assert "Bo hands over" in sign_in(client, pair.ada).get(at(partnership)).content.decode()
    items = list(hand_over.items.order_by("pk"))
    assert [one.key for one in items] == list(CHECKLIST)
    assert client.post(at(partnership, f"hand-over/items/{items[0].pk}/"), {"do": "done"}).status_code == 404
    sign_in(client, pair.bea).post(at(partnership, f"hand-over/{hand_over.pk}/items/"), {"text": "The key"})
    for item in HandOverItem.objects.all():
        hand_over.refresh_from_db()
        assert hand_over.done_at is None
        client.post(at(partnership, f"hand-over/items/{item.pk}/"), {"do": "done", "note": "in the drawer"})
    hand_over.refresh_from_db()
    assert hand_over.done_at is not None
    client.post(at(partnership, f"hand-over/items/{items[0].pk}/"), {"do": "open", "note": ""})
    hand_over.refresh_from_db()
    assert hand_over.done_at is None


def test_a_note_that_is_too_long_is_kept(pair: Pair, partnership: Partnership, client: Client) -> None:
    sign_in(client, pair.bo).post(at(partnership, "hand-over/"), form())
    item = HandOverItem.objects.first()
    assert item is not None
    answer = client.post(at(partnership, f"hand-over/items/{item.pk}/"), {"do": "done", "note": "x" * 5000})
    assert answer.status_code == 422
    assert "x" * 5000 in answer.content.decode()


def test_nobody_is_named_of_a_side_in_safety_mode(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    sign_in(client, pair.bo).post(at(partnership, "hand-over/"), form(following=pair.bea.pk))
    client.post(at(partnership, "roles/new/"), form(title="Writes", person=pair.mo.pk, since="2026-01-01"))
    client.post(at(partnership, "thanks/"), form(to_side=partnership.sides.get(number=0).pk, text="For it"))
    client.post(at(partnership, "tasks/new/"), form(title="Take pictures", minutes="60"))
    client.post(at(partnership, f"tasks/{SmallTask.objects.get().pk}/"), {"do": "take"})
    Community.objects.filter(pk=pair.b.pk).update(is_safe_mode=True, pseudonym="Lanterns")
    page = sign_in(client, pair.ada).get(at(partnership)).content.decode()
    for name in ("Bo", "Bea", "Mo"):
        assert f">{name}<" not in page
        assert f"{name} hands over" not in page
        assert f"{name} is at it" not in page
    assert "Lanterns" in page


def test_a_side_that_has_left_reads_on(pair: Pair, partnership: Partnership, client: Client) -> None:
    partnership.sides.filter(number=1).update(left_at=timezone.now(), left_reason="Time")
    assert sign_in(client, pair.bo).get(at(partnership)).status_code == 200
    assert client.post(at(partnership, "tasks/new/"), form(title="It", minutes="9")).status_code == 403
    assert not Notice.objects.filter(kind="hand-over-begun").exists()


def test_what_is_handed_over_is_taken_along_by_every_side(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    sign_in(client, pair.bo).post(at(partnership, "hand-over/"), form())
    item = HandOverItem.objects.first()
    assert item is not None
    client.post(at(partnership, f"hand-over/items/{item.pk}/"), {"do": "done", "note": "In the drawer"})
    answer = sign_in(client, pair.ada).get(f"/partnerships/{partnership.slug}/export/")
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as archive:
        records = json.loads(archive.read("partnership.json"))
    assert len(records["hand_overs"]) == 1
    assert records["hand_over_items"][0]["note"] == "In the drawer"
