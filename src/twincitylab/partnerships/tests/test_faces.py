"""The overview from inside, the public page, and that nothing unpublished or hidden is shown or counted."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from twincitylab.community.models import Community
from twincitylab.community.tests.world import sign_in
from twincitylab.partnerships.choices import Stage
from twincitylab.partnerships.models import Activity, HandOverItem, Partnership, Thanks
from twincitylab.partnerships.queries.faces import faces_between, faces_in_city, faces_in_country, faces_of
from twincitylab.partnerships.tests.pair import Pair, make_pair, partnered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("atlas")]

MOST_QUERIES = 12
MOST_OF_A_PLACE = 12


@pytest.fixture
def pair() -> Pair:
    return make_pair()


@pytest.fixture
def partnership(pair: Pair) -> Partnership:
    return partnered(pair, now=timezone.now())


@pytest.fixture
def public(partnership: Partnership) -> Partnership:
    Partnership.objects.filter(pk=partnership.pk).update(is_public=True, name="Repairing together")
    partnership.refresh_from_db()
    return partnership


def at(partnership: Partnership) -> str:
    return f"/partnerships/{partnership.slug}/"


def activity(partnership: Partnership, **more: Any) -> Activity:
    now = timezone.now()
    side = partnership.sides.get(number=0)
    fields = {"kind": "meeting", "state": "held", "title": "A repair day", "starts_at": now, **more}
    return Activity.objects.create(
        partnership=partnership,
        made_by_side=side,
        made_at=now,
        changed_at=now,
        form_key=uuid.uuid4(),
        **fields,
    )


def hide_nothing(_pair: Pair, _partnership: Partnership) -> None:
    """As it is."""


def unpublish(_pair: Pair, partnership: Partnership) -> None:
    Partnership.objects.filter(pk=partnership.pk).update(is_public=False)


def hide(pair: Pair, _partnership: Partnership) -> None:
    Community.objects.filter(pk=pair.b.pk).update(visibility="hidden")


def only_members(pair: Pair, _partnership: Partnership) -> None:
    Community.objects.filter(pk=pair.a.pk).update(visibility="members")


def safe_mode(pair: Pair, _partnership: Partnership) -> None:
    Community.objects.filter(pk=pair.b.pk).update(is_safe_mode=True, pseudonym="Lanterns")


def give_up(pair: Pair, _partnership: Partnership) -> None:
    Community.objects.filter(pk=pair.b.pk).update(closed_at=timezone.now())


HIDING = (unpublish, hide, only_members, safe_mode, give_up)


@pytest.mark.parametrize("hiding", HIDING)
def test_what_is_hidden_has_no_public_page_and_is_counted_nowhere(
    pair: Pair, public: Partnership, client: Client, hiding: Any
) -> None:
    where = (pair.a.city_id, pair.b.city_id)
    places = ("/cities/karlsruhe-de/", "/cities/leeds-gb/", "/countries/de/", "/pairs/karlsruhe-de/leeds-gb/")
    assert client.get(at(public)).status_code == 200
    assert faces_between(*where).count == 1
    for place in places:
        assert "Repairing together" in client.get(place).content.decode(), place
    hiding(pair, public)
    for visitor in (client, sign_in(Client(), pair.zoe), sign_in(Client(), pair.fay)):
        assert visitor.get(at(public)).status_code == 404
        for place in places:
            assert "Repairing together" not in visitor.get(place).content.decode(), place
    assert faces_between(*where).count == 0
    for found in (faces_in_city(where[0]), faces_in_city(where[1]), faces_of(pair.a.pk)):
        assert (found.count, found.communities, found.faces) == (0, 0, ())
    assert faces_in_country("de").count == 0
    # Its own people are inside as before.
    assert sign_in(client, pair.ada).get(at(public)).status_code == 200


def test_the_public_page_names_nobody_and_tells_only_what_is_public(
    pair: Pair, public: Partnership, client: Client
) -> None:
    activity(public, title="A day of mending", story="We mended sixty lamps.", is_public=True, place="Room 3")
    activity(public, title="A quiet talk", story="Between us.")
    activity(public, title="A plan", is_public=True, state="planned")
    sides = list(public.sides.all())
    Thanks.objects.create(
        partnership=public,
        from_side=sides[0],
        from_person=pair.ada,
        to_side=sides[1],
        text="For the lamps",
        said_at=timezone.now(),
        form_key=uuid.uuid4(),
    )
    text = client.get(at(public)).content.decode()
    assert '<meta property="og:title" content="Repairing together">' in text
    for shown in ("A day of mending", "We mended sixty lamps.", "Repair Café", "Fixers of Leeds"):
        assert shown in text
    for kept in ("A quiet talk", "Between us.", "A plan", "Room 3", "For the lamps", "noindex"):
        assert kept not in text
    for person in (pair.ada, pair.al, pair.bo, pair.bea, pair.mo):
        assert person.email not in text
        assert f">{person.name}<" not in text


def test_what_is_over_is_not_living(pair: Pair, public: Partnership) -> None:
    assert faces_in_city(pair.a.city_id).communities == 1
    Partnership.objects.update(stage=Stage.ENDED, stage_reason="We are done")
    assert faces_in_city(pair.a.city_id).count == 0


def test_an_empty_partnership_says_to_plan_the_first_talk(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    text = sign_in(client, pair.ada).get(at(partnership)).content.decode()
    assert "Plan the first talk" in text
    assert "not stated" in text
    activity(partnership, starts_at=timezone.now() + dt.timedelta(days=3), state="planned")
    assert "Write down together what you want" in client.get(at(partnership)).content.decode()


def test_stewards_read_the_addresses_of_the_other_sides_stewards_alone(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    text = sign_in(client, pair.ada).get(at(partnership)).content.decode()
    assert pair.bo.email in text
    text = sign_in(client, pair.mo).get(at(partnership)).content.decode()
    assert pair.ada.email not in text
    safe_mode(pair, partnership)
    text = sign_in(client, pair.ada).get(at(partnership)).content.decode()
    assert pair.bo.email not in text
    assert "<bdi>Bo</bdi>" not in text
    assert "Fixers of Leeds" not in text


def test_few_queries(pair: Pair, partnership: Partnership, client: Client) -> None:
    sign_in(client, pair.ada)
    client.get(at(partnership))
    for page in (at(partnership), "/partnerships/"):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page).status_code == 200
        assert len(asked) <= MOST_QUERIES, page


def test_few_queries_on_the_pages_of_places(pair: Pair, public: Partnership, client: Client) -> None:
    for page in ("/cities/karlsruhe-de/", "/countries/de/", "/pairs/karlsruhe-de/leeds-gb/"):
        client.get(page)
        with CaptureQueriesContext(connection) as asked:
            assert "Repairing together" in client.get(page).content.decode()
        assert len(asked) <= MOST_OF_A_PLACE, (page, len(asked))


def test_what_waits_stands_beside_each_of_my_partnerships(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    form = {"title": "Take pictures", "minutes": "60", "language": "en", "form_key": str(uuid.uuid4())}
    sign_in(client, pair.ada).post(f"{at(partnership)}people/tasks/new/", form)
    assert "A small task is free" in sign_in(client, pair.bo).get("/partnerships/").content.decode()


def test_the_accepted_introduction_leads_to_its_workspace(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    pk = partnership.introduction_id
    page, way = f"/introductions/{pk}/", f"/introductions/{pk}/workspace/"
    assert (
        f'href="{at(partnership)}?as={pair.a.slug}"' in sign_in(client, pair.ada).get(page).content.decode()
    )
    assert client.post(way).headers["Location"] == at(partnership)
    assert Partnership.objects.count() == 1


def test_who_met_before_there_were_workspaces_opens_one_once(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    pk = partnership.introduction_id
    partnership.delete()
    way = f"/introductions/{pk}/workspace/"
    assert sign_in(client, pair.zoe).post(way).status_code == 404
    assert sign_in(client, pair.mo).post(way).status_code == 404
    assert "Open your workspace" in sign_in(client, pair.bo).get(f"/introductions/{pk}/").content.decode()
    first, again = (client.post(way).headers["Location"] for _time in range(2))
    assert first == again == at(Partnership.objects.get())
    assert sign_in(client, pair.ada).post(way).headers["Location"] == first


def test_my_page_leads_to_my_partnerships(pair: Pair, partnership: Partnership, client: Client) -> None:
    assert 'href="/partnerships/"' in sign_in(client, pair.mo).get("/me/").content.decode()
    assert 'href="/partnerships/"' not in sign_in(client, pair.zoe).get("/me/").content.decode()


@pytest.mark.parametrize("hiding", HIDING)
def test_the_page_of_a_community_tells_of_published_partnerships_alone(
    pair: Pair, public: Partnership, client: Client, hiding: Any
) -> None:
    page = f"/communities/{pair.a.slug}/"
    assert "Repairing together" in client.get(page).content.decode()
    hiding(pair, public)
    for visitor in (client, sign_in(Client(), pair.zoe)):
        assert "Repairing together" not in visitor.get(page).content.decode()


def test_who_leaves_is_reminded_of_what_is_to_be_handed_over(
    pair: Pair, partnership: Partnership, client: Client
) -> None:
    page = f"/communities/{pair.b.slug}/leave/"
    assert "nothing is handed over yet" in sign_in(client, pair.bo).get(page).content.decode()
    client.post(f"{at(partnership)}people/hand-over/", {"form_key": str(uuid.uuid4())})
    assert "8 things are still to be handed over" in client.get(page).content.decode()
    HandOverItem.objects.update(done_at=timezone.now())
    assert "Before you go" not in client.get(page).content.decode()
    assert "Before you go" not in sign_in(client, pair.mo).get(page).content.decode()
