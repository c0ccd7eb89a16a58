"""The pages of the actor map: who sees them, what they keep, what they cost."""

import datetime as dt
import html
import re
import uuid

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from twincitylab.base.models import AuditEntry
from twincitylab.community.choices import Consent, ContactKind
from twincitylab.community.models import Community, Contact, Invitation, Person
from twincitylab.community.queries.mine import stewards
from twincitylab.community.tests.world import NOW, make_community, make_person, sign_in

pytestmark = pytest.mark.usefixtures("atlas")

PAGES = ("", "graph/", "paper/", "file/", "contacts/new/", "contacts/{pk}/", "contacts/{pk}/invitation/",
         "contacts/{pk}/removal/")  # fmt: skip
DEEDS = ("districts/", "export/", "contacts/{pk}/asked/", "contacts/{pk}/consent/")
TYPED = {"name": "Choir", "kind": "organisation", "consent": "not-asked"}


def _contact(community: Community, name: str = "Ida", **more: object) -> Contact:
    return Contact.objects.create(
        **{"community": community, "kind": ContactKind.PERSON, "name": name, "created_at": NOW,
           "changed_at": NOW, **more}
    )  # fmt: skip


def _at(community: Community, rest: str, pk: int = 0) -> str:
    return f"/communities/{community.slug}/scouting/{rest.format(pk=pk)}"


def _steward(client: Client, community: Community) -> Person:
    person = stewards(community)[0]
    sign_in(client, person)
    return person


def _hidden(page: str) -> dict[str, str]:
    """What the form carries along unseen."""
    found = re.findall(r'name="(seen|before)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}


@pytest.mark.parametrize("rest", [*PAGES, *DEEDS])
def test_only_the_stewards_of_the_community_see_the_map(client: Client, rest: str) -> None:
    member, facilitator = make_person(), make_person(is_facilitator=True)
    admin = make_person(is_staff=True, is_superuser=True)
    open_one, hidden = make_community(members=[member]), make_community(is_hidden=True, members=[member])
    other_side = stewards(make_community())[0]
    told: dict[Community, list[int]] = {}
    for community in (open_one, hidden):
        address = _at(community, rest, _contact(community).pk)
        client.logout()
        send = client.post if rest in DEEDS else client.get
        assert send(address).headers["Location"].startswith("/accounts/login/")
        told[community] = []
        for person in (member, other_side, facilitator, admin, stewards(community)[0]):
            sign_in(client, person)
            told[community].append(send(address).status_code)
    own = told[open_one].pop(), told[hidden].pop()
    assert own in ((200, 200), (302, 302))
    assert told == {open_one: [403, 403, 403, 403], hidden: [403, 404, 404, 404]}


def test_a_contact_of_another_map_is_not_there(client: Client) -> None:
    community, other = make_community(), _contact(make_community())
    _steward(client, community)
    for rest in PAGES[5:] + DEEDS[2:]:
        send = client.post if rest in DEEDS else client.get
        assert send(_at(community, rest, other.pk)).status_code == 404
    assert client.get(_at(community, "contacts/{pk}/", 2**70)).status_code == 404


@pytest.mark.parametrize("rest", ["", "graph/", "paper/", "file/", "contacts/new/", "contacts/{pk}/"])
def test_three_hundred_contacts_ask_the_database_no_more_than_one(client: Client, rest: str) -> None:
    community = make_community()
    _steward(client, community)
    first = _contact(community)
    address = _at(community, rest, first.pk)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        assert client.get(address).status_code == 200
    Contact.objects.bulk_create(
        Contact(
            community=community, kind=ContactKind.PERSON, name=f"n{n}", recommended_by=first,
            created_at=NOW, changed_at=NOW,
        )
        for n in range(300)
    )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        page = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert len(many) == len(few) <= 12
    assert len(page.content) < 60_000


def test_the_pages_are_kept_in_no_cache(client: Client) -> None:
    community = make_community()
    _steward(client, community)
    for rest in PAGES[:5]:
        assert "no-store" in client.get(_at(community, rest)).headers["Cache-Control"]


def test_the_form_adds_once_and_leads_to_the_contact(client: Client) -> None:
    community = make_community()
    _steward(client, community)
    page = client.get(_at(community, "contacts/new/") + "?district=Nord&sector=nonsense").content.decode()
    assert 'value="Nord"' in page
    key = re.search(r'name="form_key" value="([^"]+)"', page)
    assert key
    sent = [client.post(_at(community, "contacts/new/"), {**TYPED, "form_key": key[1]}) for _ in range(2)]
    contact = Contact.objects.get()
    assert {answer.headers["Location"] for answer in sent} == {_at(community, "contacts/{pk}/", contact.pk)}


def test_a_form_with_mistakes_keeps_what_was_typed(client: Client) -> None:
    community = make_community()
    _steward(client, community)
    wrong = {**TYPED, "name": "", "note": "<b>worth keeping</b>", "consent_date": "yesterday"}
    page = client.post(_at(community, "contacts/new/"), {**wrong, "form_key": uuid.uuid4()})
    text = page.content.decode()
    assert (page.status_code, Contact.objects.count()) == (422, 0)
    assert "&lt;b&gt;worth keeping&lt;/b&gt;" in text
    assert "This is needed." in text
    assert "Write the day as year-month-day" in text
    future = {**TYPED, "consent": "given", "consent_date": "2999-01-01", "form_key": uuid.uuid4()}
    page = client.post(_at(community, "contacts/new/"), future)
    assert (page.status_code, "This day has not been yet." in page.content.decode()) == (422, True)


def test_the_second_steward_sees_both_versions_and_may_save_then(client: Client) -> None:
    community = make_community()
    _steward(client, community)
    contact = _contact(community, note="before")
    address = _at(community, "contacts/{pk}/", contact.pk)
    seen = re.search(r'name="seen" value="([^"]+)"', client.get(address).content.decode())
    assert seen
    mine = {**TYPED, "name": "Ida", "kind": "person", "note": "mine", "seen": seen[1]}
    assert client.post(address, {**mine, "note": "theirs"}).status_code == 302
    page = client.post(address, mine)
    text = page.content.decode()
    assert (page.status_code, Contact.objects.get().note) == (409, "theirs")
    assert "Stands there now: <bdi>theirs</bdi>" in text
    assert "You: <bdi>mine</bdi>" in text
    again = re.search(r'name="seen" value="([^"]+)"', text)
    assert again
    assert client.post(address, {**mine, "seen": again[1]}).status_code == 302
    assert Contact.objects.get().note == "mine"


def test_what_the_second_steward_did_not_touch_keeps_what_the_first_wrote(client: Client) -> None:
    community = make_community()
    _steward(client, community)
    contact = _contact(community)
    address = _at(community, "contacts/{pk}/", contact.pk)
    opened = {**TYPED, "name": "Ida", "kind": "person", **_hidden(client.get(address).content.decode())}
    assert client.post(address, {**opened, "sector": "sport"}).status_code == 302
    page = client.post(address, {**opened, "note": "mine"}).content.decode()
    assert '<option value="sport" selected>' in page
    assert "You did not touch it, so the form below has theirs." in page
    again = {**opened, "note": "mine", "sector": "sport", **_hidden(page)}
    assert client.post(address, again).status_code == 302
    contact.refresh_from_db()
    assert (contact.sector, contact.note) == ("sport", "mine")
    lost = client.post(address, {**opened, "before": "[no", "note": "lost"})
    assert lost.status_code == 409


def test_a_contact_is_asked_first_and_then_invited_by_link_once(client: Client) -> None:
    community = make_community()
    _steward(client, community)
    contact = _contact(community)
    address = _at(community, "contacts/{pk}/invitation/", contact.pk)
    key = {"form_key": uuid.uuid4()}
    assert client.post(address, key).status_code == 422
    assert not Invitation.objects.exists()
    asked = client.post(
        _at(community, "contacts/{pk}/consent/", contact.pk), {"consent": "asked", "invite": "1"}
    )
    assert asked.headers["Location"] == address
    links = [
        re.search(r"http://testserver/join/[^<]+", client.post(address, key).content.decode()) for _ in "12"
    ]
    assert links[0]
    assert links[1]
    assert links[0][0] == links[1][0]
    contact.refresh_from_db()
    assert contact.invitation == Invitation.objects.get()
    friend = Client()
    sign_in(friend, make_person())
    assert friend.get(links[0][0].removeprefix("http://testserver")).status_code == 200


def test_a_new_invitation_takes_the_earlier_one_back_and_mail_goes_to_the_contact(
    client: Client, django_capture_on_commit_callbacks: object
) -> None:
    community = make_community()
    _steward(client, community)
    contact = _contact(community, consent=Consent.ASKED, reach="Tel. 1, ida@example.org")
    address = _at(community, "contacts/{pk}/invitation/", contact.pk)
    assert 'value="ida@example.org"' in client.get(address).content.decode()
    client.post(address, {"form_key": uuid.uuid4()})
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        client.post(address, {"form_key": uuid.uuid4(), "email": "ida@example.org"})
    assert [message.to for message in mail.outbox] == [["ida@example.org"]]
    first, second = Invitation.objects.order_by("pk")
    contact.refresh_from_db()
    assert (first.revoked_at is None, second.revoked_at, contact.invitation) == (False, None, second)
    client.post(_at(community, "contacts/{pk}/removal/", contact.pk))
    assert not Contact.objects.exists()
    assert not Invitation.objects.filter(email="ida@example.org").exists()
    told = str(list(AuditEntry.objects.values_list("action", "subject", "detail")))
    assert "ida" not in told.lower().replace("invitation", "")


def test_who_refused_is_not_invited(client: Client) -> None:
    community = make_community()
    _steward(client, community)
    contact = _contact(community, consent=Consent.REFUSED, consent_at=NOW)
    address = _at(community, "contacts/{pk}/invitation/", contact.pk)
    page = client.post(address, {"form_key": uuid.uuid4()})
    assert (page.status_code, Invitation.objects.count()) == (422, 0)


def test_an_answer_that_is_none_changes_nothing(client: Client) -> None:
    community = make_community()
    _steward(client, community)
    contact = _contact(community)
    client.post(_at(community, "contacts/{pk}/consent/", contact.pk), {"consent": "maybe"})
    contact.refresh_from_db()
    assert contact.consent == Consent.NOT_ASKED


def test_asking_for_further_contacts_is_noted(client: Client) -> None:
    community = make_community()
    _steward(client, community)
    contact = _contact(community)
    client.post(_at(community, "contacts/{pk}/asked/", contact.pk))
    contact.refresh_from_db()
    assert contact.asked_further_date is not None
    assert dt.date.today() - contact.asked_further_date < dt.timedelta(days=2)  # noqa: DTZ011


def test_the_board_is_narrowed_and_divided_into_pages(client: Client) -> None:
    community = make_community()
    _steward(client, community)
    Contact.objects.bulk_create(
        Contact(
            community=community, kind=(ContactKind.PERSON, ContactKind.PLACE)[n % 2], name=f"Number {n:03}",
            district="Südstadt" if n < 4 else "", created_at=NOW, changed_at=NOW,
        )
        for n in range(60)
    )  # fmt: skip

    def names(query: str) -> list[str]:
        page = client.get(_at(community, query)).content.decode()
        return re.findall(r"<bdi>(Number \d+)</bdi></a>", page)

    assert len(names("")) == 50
    assert names("?page=2") == [f"Number {n:03}" for n in range(50, 60)]
    assert names("?kind=place&q=sudst") == ["Number 001", "Number 003"]
    assert names("?q=nobody") == []
    assert len(names("?kind=nonsense&page=x")) == 50


def test_the_picture_holds_everybody_in_a_ring_and_is_mirrored_in_arabic(client: Client) -> None:
    community = make_community()
    person = _steward(client, community)
    first, second = _contact(community, "First"), _contact(community, "Second")
    first.recommended_by, second.recommended_by = second, first
    Contact.objects.bulk_update([first, second], ["recommended_by"])
    page = client.get(_at(community, "graph/")).content.decode()
    assert page.count('class="way ring"') == 2  # the line and its explanation
    assert page.count("<title>") == 3
    places = re.findall(r'<rect x="(\d+)"', page)
    Person.objects.filter(pk=person.pk).update(language="ar")
    mirrored = client.get(_at(community, "graph/"), headers={"Accept-Language": "ar"}).content.decode()
    assert [re.findall(r'<rect x="(\d+)"', mirrored)[n] for n in (1, 0)] == places[:2]


def test_names_are_text_and_never_markup(client: Client) -> None:
    community = make_community()
    _steward(client, community)
    contact = _contact(community, "<script>alert(1)</script>", consent=Consent.GIVEN, consent_at=NOW)
    _contact(community, "Friend", recommended_by=contact)
    for rest in ("", "graph/", "contacts/{pk}/", "contacts/{pk}/removal/", "contacts/{pk}/invitation/"):
        assert "<script>alert" not in client.get(_at(community, rest, contact.pk)).content.decode()


def test_a_file_is_taken_in_with_a_report_and_given_out_by_a_form_only(client: Client) -> None:
    community = make_community()
    _steward(client, community)
    file = SimpleUploadedFile("map.csv", b"kind,name,sector\nplace,=Old mill,culture\nghost,X,\n")
    page = client.post(_at(community, "file/"), {"file": file})
    assert "Kind: there is no “ghost”" in page.content.decode()
    assert [contact.name for contact in Contact.objects.all()] == ["=Old mill"]
    assert client.get(_at(community, "export/")).status_code == 405
    answer = client.post(_at(community, "export/"))
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "place,'=Old mill,culture" in answer.content.decode("utf-8-sig")
    assert AuditEntry.objects.filter(action="export contacts").count() == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The first line must name the columns"),
        (b"\xff\x00\x01" * 9, "This is no text in UTF-8."),
        (b"a" * 500_001, "This file is larger than 500 kB. Divide it."),
    ],
)
def test_a_file_that_is_none_is_refused_with_a_sentence(
    client: Client, content: bytes, sentence: str
) -> None:
    community = make_community()
    _steward(client, community)
    page = client.post(_at(community, "file/"), {"file": SimpleUploadedFile("map.csv", content)})
    assert (page.status_code, sentence in page.content.decode()) == (422, True)
    assert client.post(_at(community, "file/")).status_code == 422


def test_districts_are_kept_and_too_long_ones_stay_on_the_form(client: Client) -> None:
    community = make_community()
    _steward(client, community)
    assert client.post(_at(community, "districts/"), {"districts": "Nord\nSüd"}).status_code == 302
    assert "Nord" in client.get(_at(community, "graph/")).content.decode()
    page = client.post(_at(community, "districts/"), {"districts": "x" * 81})
    assert (page.status_code, "x" * 81 in page.content.decode()) == (422, True)


def test_in_safety_mode_the_paper_names_neither_community_nor_city(client: Client) -> None:
    community = make_community("Garden of Lina", pseudonym="Blue house", hides_city=True)
    _steward(client, community)
    page = client.get(_at(community, "paper/")).content.decode()
    assert "Blue house" in page
    assert "Garden of Lina" not in page
    assert "Karlsruhe" not in page


def test_the_page_of_the_community_names_those_who_agreed_and_no_more(client: Client) -> None:
    community, safe = make_community(), make_community(pseudonym="Blue house")
    hidden = {"reach": "Tel. 4711", "note": "grumpy", "district": "Nordstadt"}
    for held in (community, safe):
        _contact(held, "Agreed <Ida>", consent=Consent.GIVEN, consent_at=NOW, sector="sport", **hidden)
        _contact(held, "Asked Bo", consent=Consent.ASKED, **hidden)
    page = client.get(f"/communities/{community.slug}/").content.decode()
    assert "Who is active here" in page
    assert "Agreed &lt;Ida&gt;" in page
    assert not [word for word in ("Asked Bo", "4711", "grumpy", "Nordstadt") if word in page]
    sign_in(client, stewards(make_community())[0])
    told = client.get(f"/communities/{safe.slug}/").content.decode()
    assert "Blue house" in told
    assert "Ida" not in told
