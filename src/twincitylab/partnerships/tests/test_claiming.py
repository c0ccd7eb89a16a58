"""The town halls of both cities say together how their twinning stands, and no import overwrites it."""

import uuid
from typing import Any

import pytest
from django.test import Client

from twincitylab.atlas.models import Twinning, TwinningChange
from twincitylab.atlas.operations import import_twinnings
from twincitylab.atlas.queries import city_by_slug
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.tests.world import NOW, sign_in
from twincitylab.partnerships.models import Introduction, Partnership
from twincitylab.partnerships.tests.consents import proposes, says_yes
from twincitylab.partnerships.tests.pair import Pair, make_pair, partnered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("atlas")]

HALL: dict[str, Any] = {"kind": "town-hall", "verified_at": NOW, "verified_reason": "We met them."}
CLAIM = "/pairs/karlsruhe-de/leeds-gb/claim/"


@pytest.fixture
def pair() -> Pair:
    Twinning.objects.all().delete()
    return make_pair(a={"name": "Karlsruhe", **HALL}, b={"name": "Leeds", **HALL})


def told(pair: Pair, **more: Any) -> dict[str, Any]:
    a, b = sorted((pair.a.city_id, pair.b.city_id))
    facts = {"kind": "friendship", "status": "active", "since": 1987, "until": None, "reason": "Two choirs."}
    return {"a": a, "b": b, **facts, **more}


def test_both_say_yes_and_the_atlas_says_it(pair: Pair, client: Client) -> None:
    partnership = partnered(pair)
    made = proposes(partnership, pair.ada, kind="twinning", payload=told(pair))
    assert not Twinning.objects.exists()
    says_yes(made, pair.bo)
    row = Twinning.objects.get()
    partnership.refresh_from_db()
    assert partnership.twinning == row
    assert (row.kind, row.status, row.since, row.source_id) == ("friendship", "active", 1987, "town-halls")
    assert TwinningChange.objects.get().before == {}
    text = f"geonameid_a,geonameid_b,kind,since,status\n{row.a_id},{row.b_id},partnership,1950,ended"
    import_twinnings(text.encode(), file_name="mine.csv", now=NOW, by="tester")
    row.refresh_from_db()
    assert (row.kind, row.since, row.status) == ("friendship", 1987, "active")
    page = client.get("/pairs/karlsruhe-de/leeds-gb/").content.decode()
    assert "Corrected 1 time by the two town halls" in page
    assert "The two town halls" in client.get("/cities/leeds-gb/").content.decode()


@pytest.mark.parametrize(
    "lacks",
    [
        {"kind": "club"},
        {"verified_at": None, "verified_reason": ""},
        {"is_safe_mode": True, "pseudonym": "X"},
    ],
)
def test_only_verified_town_halls_of_both_cities_may(lacks: dict[str, Any], client: Client) -> None:
    pair = make_pair(a={"name": "Karlsruhe", **HALL}, b={"name": "Leeds", **HALL})
    partnership = partnered(pair)
    for name, value in lacks.items():
        setattr(pair.b, name, value)
    pair.b.save()
    with pytest.raises(Refused):
        proposes(partnership, pair.ada, kind="twinning", payload=told(pair))


def test_a_badge_taken_back_before_the_last_yes_stops_it(pair: Pair) -> None:
    partnership = partnered(pair)
    made = proposes(partnership, pair.ada, kind="twinning", payload=told(pair))
    pair.a.verified_at, pair.a.verified_reason = None, ""
    pair.a.save()
    assert says_yes(made, pair.bo).state == "overtaken"
    assert not Twinning.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"since": 5}, "since"),
        ({"until": 1900}, "until"),
        ({"until": 1995}, "until"),
        ({"kind": "love"}, "kind"),
        ({"reason": ""}, "reason"),
    ],
)
def test_what_cannot_be_is_refused(pair: Pair, wrong: dict[str, Any], field: str) -> None:
    partnership = partnered(pair)
    with pytest.raises(Refused) as refused:
        proposes(partnership, pair.ada, kind="twinning", payload=told(pair, **wrong))
    assert refused.value.field == field


def test_the_form_begins_with_what_the_atlas_says(pair: Pair, client: Client) -> None:
    partnership = partnered(pair)
    a, b = told(pair)["a"], told(pair)["b"]
    import_twinnings(
        f"geonameid_a,geonameid_b,kind,since\n{a},{b},contact,1950".encode(),
        file_name="mine.csv",
        now=NOW,
        by="tester",
    )
    address = f"/partnerships/{partnership.slug}/proposals/new/twinning/"
    page = sign_in(client, pair.ada).get(address).content.decode()
    assert 'value="1950"' in page
    sent = client.post(
        address,
        {
            "pair": f"{a}-{b}",
            "twinning_kind": "partnership",
            "status": "active",
            "since": "1951",
            "reason": "Two choirs.",
            "form_key": str(uuid.uuid4()),
        },
        follow=True,
    )
    assert "1951" in sent.content.decode()


def test_two_that_have_not_met_are_introduced_first(pair: Pair, client: Client) -> None:
    assert client.get(CLAIM).status_code == 302
    assert "You act for no town hall" in sign_in(client, pair.zoe).get(CLAIM).content.decode()
    sign_in(client, pair.ada)
    page = client.get(CLAIM).content.decode()
    assert "are twinned" in page
    form = {"message": "This is our twinning.", "language": "en", "form_key": str(uuid.uuid4())}
    assert client.post(CLAIM, {**form, "message": ""}).status_code == 422
    assert client.post(CLAIM, form).status_code == 302
    assert Introduction.objects.get().proposer == pair.a
    assert not Partnership.objects.exists()


def test_two_that_are_partners_go_on_in_their_partnership(pair: Pair, client: Client) -> None:
    partnership = partnered(pair)
    page = sign_in(client, pair.bo).get("/pairs/leeds-gb/karlsruhe-de/claim/").content.decode()
    assert f"/partnerships/{partnership.slug}/proposals/new/twinning/" in page


def test_without_the_badge_the_page_says_what_is_missing(client: Client) -> None:
    pair = make_pair(a={"kind": "town-hall"}, b={"kind": "town-hall"})
    page = sign_in(client, pair.ada).get(CLAIM).content.decode()
    assert "A facilitator must first know both" in page
    assert city_by_slug("leeds-gb").pk == pair.b.city_id
