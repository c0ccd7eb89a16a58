"""Stewards of a community that facilitators cannot see may ask them for the badge."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from twincitylab.base.models import AuditEntry
from twincitylab.community.models import Community, Notice, Person
from twincitylab.community.operations.communities import close_community
from twincitylab.community.operations.verification import ask_for_verification
from twincitylab.community.tests.world import NOW, make_community, make_person, sign_in

pytestmark = pytest.mark.usefixtures("atlas")
PAGE, ASKING = "/communities/lanterns/verify/", "/communities/lanterns/verify/asking/"


@pytest.fixture
def ada() -> Person:
    return make_person("Ada")


@pytest.fixture
def lanterns(ada: Person) -> Community:
    return make_community("Nora's Friends", pseudonym="Lanterns", hides_city=True, steward=ada)


@pytest.fixture
def fay(client: Client) -> Person:
    fay = make_person("Fay", is_facilitator=True)
    sign_in(client, fay)
    return fay


def test_only_who_was_asked_sees_the_one_page(
    client: Client, lanterns: Community, ada: Person, fay: Person
) -> None:
    assert client.get(PAGE).status_code == 404
    steward = sign_in(Client(), ada)
    assert "Ask a facilitator to verify us" in steward.get("/communities/lanterns/").content.decode()
    assert steward.post(ASKING, follow=True).status_code == 200
    notice = Notice.objects.get()
    assert (notice.person, notice.kind, notice.address) == (fay, "verification-asked", PAGE)
    page = client.get(PAGE)
    text = page.content.decode()
    assert (page.status_code, "Lanterns" in text, lanterns.purpose in text) == (200, True, True)
    assert [word for word in ("Nora", "Karlsruhe", "Ada") if word in text] == []
    assert client.get("/communities/lanterns/").status_code == 404
    assert sign_in(Client(), make_person()).get(PAGE).status_code == 404
    verified = client.post(PAGE, {"reason": "We have met them at their house."}, follow=True)
    assert "The community is verified." in verified.content.decode()
    assert Community.objects.get().verified_at is not None
    assert client.post(f"{PAGE}withdrawal/", follow=True).status_code == 200
    assert AuditEntry.objects.filter(action="ask for verification").count() == 1


def test_asking_twice_tells_once_and_taking_back_closes_the_page(
    client: Client, lanterns: Community, ada: Person, fay: Person
) -> None:
    steward = sign_in(Client(), ada)
    for _ in range(2):
        steward.post(ASKING)
    assert Notice.objects.count() == 1
    assert "Ask no more" in steward.get("/communities/lanterns/").content.decode()
    steward.post(ASKING, {"drop": "1"})
    assert client.get(PAGE).status_code == 404


def test_a_closed_community_asks_nobody(
    client: Client, lanterns: Community, ada: Person, fay: Person
) -> None:
    ask_for_verification(community=lanterns, by=ada, now=NOW)
    close_community(community=lanterns, by=ada, now=NOW)
    assert client.get(PAGE).status_code == 404


def test_only_stewards_ask(lanterns: Community, fay: Person) -> None:
    with pytest.raises(PermissionDenied):
        ask_for_verification(community=lanterns, by=fay, now=NOW)
