"""What nobody sees is taken out of texts, and whoever wrote them is told once."""

from collections.abc import Mapping

from django.test import Client

from twincitylab.community.models import Community, NeedOffer, Person
from twincitylab.community.tests.accounts import last_code
from twincitylab.community.tests.test_community_pages import FOUNDING
from twincitylab.community.tests.test_needs_pages import sent
from twincitylab.community.tests.world import make_community, make_person, sign_in

SENTENCE = "Invisible characters were taken out of your text."
TURNED = "\u202e"


def told(client: Client, address: str, form: Mapping[str, object]) -> bool:
    page = client.post(address, form, follow=True)
    assert page.redirect_chain
    assert TURNED not in page.content.decode()
    return SENTENCE in page.content.decode()


def test_community_need_and_name(client: Client, atlas: None) -> None:
    sign_in(client, make_person())
    name = "Repair Café"
    assert told(client, "/communities/new/", {**FOUNDING, "name": f"{name}{TURNED}"})
    community = Community.objects.get()
    assert community.name == name
    assert not told(client, "/communities/new/", {**FOUNDING, "name": "Another  one\r\n"})
    needs = f"/communities/{community.slug}/needs"
    assert told(client, f"{needs}/new/", sent(text=f"Tools{TURNED} for our café, please"))
    need = NeedOffer.objects.get()
    again = sent(text=f"More tools{TURNED} for our café, please", revision=need.revision)
    assert told(client, f"{needs}/{need.pk}/edit/", again)
    wishes = {"name": f"Ada{TURNED}", "language": "en", "timezone": "UTC", "digest": "daily"}
    assert told(client, "/me/settings/", wishes)
    assert Person.objects.get().name == "Ada"


def test_name_of_a_new_person(client: Client, atlas: None, mails_at_once: None) -> None:
    client.post("/accounts/signup/", {"name": f"Ada{TURNED}", "email": "ada@example.org", "password1": ""})
    page = client.post("/accounts/confirm-email/", {"code": last_code()}, follow=True)
    assert (SENTENCE in page.content.decode(), Person.objects.get().name) == (True, "Ada")


def test_edited_community(client: Client, atlas: None) -> None:
    ada = make_person()
    sign_in(client, ada)
    community = make_community(steward=ada)
    form = {**FOUNDING, "about": f"Come in{TURNED}.", "revision": 1}
    assert told(client, f"/communities/{community.slug}/edit/", form)
