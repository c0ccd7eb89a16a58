"""Writing a need or an offer on the pages, without scripts."""

import datetime as dt
import re
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from twincitylab.community.choices import Direction, ExchangeKind, NeedState, Topic, Urgency
from twincitylab.community.models import Community, NeedOffer, Person
from twincitylab.community.operations.needs import NeedFacts, add_need
from twincitylab.community.tests.world import NOW, at_once, make_community, make_need, make_person, sign_in

TEXT = "Who shows us how to run a repair café?"
ARABIC = "كيف نصلح الأجهزة القديمة معاً في الحي؟"


@pytest.fixture
def ada(atlas: None) -> Person:
    return make_person("Ada")


@pytest.fixture
def community(ada: Person) -> Community:
    return make_community("Menders", steward=ada, languages=("de", "en"))


@pytest.fixture
def signed_in(client: Client, ada: Person) -> Client:
    return sign_in(client, ada)


def sent(**more: object) -> dict[str, object]:
    form = {
        "direction": "need", "text": TEXT, "suggested": "circular-economy", "topic": "",
        "kind": "knowledge", "urgency": "year", "language": "en", "form_key": str(uuid.uuid4()),
    }  # fmt: skip
    return {**form, **more}


def test_the_form_is_short_and_presets_language_and_key(signed_in: Client, community: Community) -> None:
    page = signed_in.get("/communities/menders/needs/new/?direction=need").content.decode()
    assert 'value="en" selected' in page
    assert (
        len(re.findall(r"<textarea|<select|<fieldset", page)) == 6
    )  # text, topics, topic, kind, how soon, language
    assert re.search(r'name="form_key" value="[0-9a-f-]{36}"', page)


def test_check_suggests_topics_and_counts_without_writing(signed_in: Client, community: Community) -> None:
    make_need(make_community(), direction=Direction.OFFER)
    page = signed_in.post("/communities/menders/needs/new/", sent(suggested="", check="1"))
    text = page.content.decode()
    assert (page.status_code, NeedOffer.objects.filter(community=community).count()) == (200, 0)
    assert 'name="suggested" value="circular-economy" checked' in text
    assert "1 community worldwide brings something on “Repair, reuse and circular business”." in text
    assert TEXT in text


def test_publishing_writes_one_row_however_often_it_is_sent(signed_in: Client, community: Community) -> None:
    form = sent()
    for _again in range(2):
        answer = signed_in.post("/communities/menders/needs/new/", form)
        assert (answer.status_code, answer["Location"]) == (302, "/communities/menders/needs/")
    need = NeedOffer.objects.get()
    assert (need.text, need.topic, need.kind) == (TEXT, Topic.CIRCULAR_ECONOMY, ExchangeKind.KNOWLEDGE)
    assert TEXT in signed_in.get("/communities/menders/needs/").content.decode()


def test_the_list_wins_over_the_marked_button(signed_in: Client, community: Community) -> None:
    signed_in.post("/communities/menders/needs/new/", sent(topic="trees"))
    assert NeedOffer.objects.get().topic == Topic.TREES


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"text": ""}, "Say in a sentence or two what it is about."),
        ({"text": "x" * 601}, "1 characters too long: there is room for 600."),
        ({"suggested": "", "topic": ""}, "Your text suggests this."),
        ({"text": "Hi", "suggested": ""}, "Choose the topic that comes nearest."),
        ({"topic": "stars", "suggested": ""}, "Choose the topic that comes nearest."),
        ({"kind": ""}, "Choose what would change hands."),
        ({"urgency": ""}, "Choose how soon."),
        ({"language": "tlh"}, "Choose one of the entries."),
        ({"text": "a\x00b"}, "Null characters are not allowed."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_lost(
    signed_in: Client, community: Community, wrong: dict[str, str], sentence: str
) -> None:
    answer = signed_in.post("/communities/menders/needs/new/", sent(**wrong))
    page = answer.content.decode()
    assert (answer.status_code, NeedOffer.objects.count()) == (422, 0)
    assert sentence in page
    assert "text" in wrong or TEXT in page


def test_what_is_only_still_to_be_said_is_asked_calmly_and_takes_one_tap(
    signed_in: Client, community: Community
) -> None:
    """Without scripts nobody has seen the topics before the first answer."""
    form = sent(suggested="", kind="space")
    page = signed_in.post("/communities/menders/needs/new/", form).content.decode()
    main = page[page.index("<main") :]
    assert "One more look, then it is done" in main
    assert 'name="suggested" value="circular-economy" checked' in main
    assert 'class="problem"' not in main
    assert "aria-invalid" not in main
    assert NeedOffer.objects.count() == 0
    answer = signed_in.post("/communities/menders/needs/new/", {**form, "suggested": "circular-economy"})
    assert answer.status_code == 302


def test_no_kind_is_chosen_for_anybody(signed_in: Client, community: Community) -> None:
    page = signed_in.get("/communities/menders/needs/new/?direction=need").content.decode()
    assert not re.search(r'name="kind"[^>]*checked', page)
    answer = signed_in.post("/communities/menders/needs/new/", sent(kind=""))
    assert "One more look" in answer.content.decode()


class TestLanguageOfTheText:
    """The form presets the reader's language; the text knows better."""

    def test_it_is_asked_before_it_is_written_and_confirmed_by_sending_again(
        self, signed_in: Client, community: Community
    ) -> None:
        form = sent(text=ARABIC, language_preset="en")
        page = signed_in.post("/communities/menders/needs/new/", form).content.decode()
        assert "Your text looks like this language: Arabic." in page
        assert 'value="ar" selected' in page
        assert 'name="language_preset" value="ar"' in page
        assert not NeedOffer.objects.exists()
        signed_in.post("/communities/menders/needs/new/", {**form, "language": "ar", "language_preset": "ar"})
        assert NeedOffer.objects.get().language == "ar"

    def test_checking_preselects_it(self, signed_in: Client, community: Community) -> None:
        form = sent(text=ARABIC, language_preset="en", check="1")
        page = signed_in.post("/communities/menders/needs/new/", form).content.decode()
        assert 'value="ar" selected' in page
        assert "looks like" not in page

    @pytest.mark.parametrize("chosen", [{"language": "de", "language_preset": "en"}, {"language_preset": ""}])
    def test_a_choice_of_somebody_stays(
        self, signed_in: Client, community: Community, chosen: dict[str, str]
    ) -> None:
        signed_in.post("/communities/menders/needs/new/", sent(text=ARABIC, **chosen))
        assert NeedOffer.objects.get().language == chosen.get("language", "en")


def test_html_is_shown_as_text(signed_in: Client, community: Community) -> None:
    signed_in.post("/communities/menders/needs/new/", sent(text="<script>alert(1)</script>"))
    page = signed_in.get("/communities/menders/needs/").content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_an_offer_takes_a_last_day_and_no_urgency(signed_in: Client, community: Community) -> None:
    signed_in.post("/communities/menders/needs/new/", sent(direction="offer", valid_until="2999-01-01"))
    assert not NeedOffer.objects.exists()
    soon = (dt.datetime.now(dt.UTC) + dt.timedelta(days=30)).date()
    signed_in.post("/communities/menders/needs/new/", sent(direction="offer", valid_until=soon.isoformat()))
    offer = NeedOffer.objects.get()
    assert (offer.direction, offer.valid_until, offer.urgency) == (Direction.OFFER, soon, "")


def test_two_stewards_at_once_lose_nothing(signed_in: Client, community: Community) -> None:
    need = make_need(community, text="First")
    address = f"/communities/menders/needs/{need.pk}/edit/"
    assert 'name="revision" value="1"' in signed_in.get(address).content.decode()
    signed_in.post(address, sent(text="Theirs", revision=1))
    answer = signed_in.post(address, sent(text="Mine", revision=1, kind="space"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'Stands there now: </span><span dir="auto">Theirs</span>' in page
    assert 'Yours: </span><span dir="auto">Mine</span>' in page
    assert '<span dir="auto">knowledge</span></td><td><span class="narrow-label">' in page
    assert 'name="revision" value="2"' in page
    assert signed_in.post(address, sent(text="Mine", revision=2, kind="space")).status_code == 302
    assert NeedOffer.objects.get().text == "Mine"


def test_taking_opening_again_and_deleting(signed_in: Client, community: Community) -> None:
    need = make_need(community)
    base = f"/communities/menders/needs/{need.pk}"
    signed_in.post(f"{base}/take/")
    assert NeedOffer.objects.get().state == NeedState.TAKEN
    signed_in.post(f"{base}/reopen/")
    assert NeedOffer.objects.get().state == NeedState.OPEN
    assert signed_in.get(f"{base}/take/").status_code == 405
    assert signed_in.get(f"{base}/delete/").status_code == 200
    assert NeedOffer.objects.exists()
    signed_in.post(f"{base}/delete/")
    assert not NeedOffer.objects.exists()
    assert signed_in.post(f"{base}/delete/").status_code == 404


@pytest.mark.parametrize("what", ["new/", "{pk}/edit/", "{pk}/take/", "{pk}/reopen/", "{pk}/delete/"])
def test_who_may_write(client: Client, community: Community, what: str) -> None:
    member, stranger = make_person(), make_person()
    hidden = make_community("Hidden", is_hidden=True, members=[member])
    seen, unseen = make_need(community), make_need(hidden)
    for place, need, person, status in (
        ("menders", seen, None, 302), ("menders", seen, stranger, 403), ("hidden", unseen, stranger, 404),
        ("hidden", unseen, member, 403), ("menders", unseen, stranger, 403), ("nobody", seen, stranger, 404),
    ):  # fmt: skip
        client.logout()
        if person:
            sign_in(client, person)
        address = f"/communities/{place}/needs/{what.format(pk=need.pk)}"
        assert client.post(address, sent()).status_code == status, (place, person)
    assert set(NeedOffer.objects.values_list("pk", "state")) == {(seen.pk, "open"), (unseen.pk, "open")}


def test_a_need_of_another_community_is_not_found(signed_in: Client, community: Community) -> None:
    other = make_need(make_community())
    assert signed_in.post(f"/communities/menders/needs/{other.pk}/take/").status_code == 404
    assert signed_in.post(f"/communities/menders/needs/{2**70}/take/").status_code == 404


def test_the_list_of_a_hidden_community_is_not_found(client: Client, atlas: None) -> None:
    make_community("Hidden", is_hidden=True)
    make_community("Night Shelter", pseudonym="The Lanterns")
    assert client.get("/communities/hidden/needs/").status_code == 404
    assert client.get("/communities/the-lanterns/needs/").status_code == 404
    page = sign_in(client, make_person()).get("/communities/the-lanterns/needs/")
    assert page.status_code == 404
    page = sign_in(client, make_community().memberships.get().person).get("/communities/the-lanterns/needs/")
    assert page.status_code == 200
    assert "Night Shelter" not in page.content.decode()


class TestLive:
    """What the form asks while somebody writes."""

    def test_text_is_answered_with_topics_and_a_count(self, client: Client, atlas: None) -> None:
        make_need(make_community(), direction=Direction.OFFER)
        answer = client.post("/communities/answers.json", {"direction": "need", "text": TEXT}).json()
        assert answer["topics"][0] == {
            "value": "circular-economy", "label": "Repair, reuse and circular business",
        }  # fmt: skip
        assert (answer["topic"], answer["on_topic"]) == ("circular-economy", 1)

    def test_no_text_and_no_topic_is_no_count(self, client: Client, atlas: None) -> None:
        answer = client.get("/communities/answers.json?direction=offer").json()
        assert answer == {"topics": [], "topic": "", "language": "", "sentence": ""}

    def test_the_language_of_the_text_is_guessed(self, client: Client, atlas: None) -> None:
        answer = client.post("/communities/answers.json", {"direction": "need", "text": ARABIC}).json()
        assert answer["language"] == "ar"

    def test_the_count_is_of_all_kinds_until_one_is_chosen(self, client: Client, atlas: None) -> None:
        make_need(make_community(), direction=Direction.OFFER)
        form = {"direction": "need", "text": TEXT}
        every = client.post("/communities/answers.json", form).json()["sentence"]
        one = client.post("/communities/answers.json", {**form, "kind": "space"}).json()["sentence"]
        assert "kind" not in every
        assert one == f"{every} Of this kind (space): none."

    @pytest.mark.parametrize(
        "query", ["", "direction=both", "direction=need&topic=stars", "direction=need&kind=x"]
    )
    def test_what_is_unknown_is_named(self, client: Client, atlas: None, query: str) -> None:
        answer = client.get(f"/communities/answers.json?{query}")
        assert (answer.status_code, len(answer.json()["problems"])) == (422, 1)


@pytest.mark.parametrize("address", ["needs/", "needs/new/", "needs/{pk}/edit/"])
def test_pages_ask_the_database_little(signed_in: Client, community: Community, address: str) -> None:
    need, *_more = [make_need(community) for _ in range(20)]
    signed_in.get("/communities/menders/needs/")  # the first page of a session remembers the session
    with CaptureQueriesContext(connection) as queries:
        page = signed_in.get(f"/communities/menders/{address.format(pk=need.pk)}")
    assert page.status_code == 200
    assert len(queries) <= 12


def test_the_same_form_sent_at_once_makes_one_row(lasting_atlas: None) -> None:
    community = make_community()
    by, key = community.memberships.get().person, uuid.uuid4()
    facts = NeedFacts(TEXT, Topic.TREES, ExchangeKind.SPACE, "en", urgency=Urgency.NOW)

    def send() -> str:
        need = add_need(community, direction="need", facts=facts, form_key=key, by=by, now=NOW)
        return str(need.pk)

    outcomes = at_once(send, send, send)
    assert outcomes == [str(NeedOffer.objects.get().pk)] * 3
