"""The pages of introductions: who may open them, what they keep, what they never show."""

import re
import uuid
from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from twincitylab.community.choices import Digest, Direction, Topic
from twincitylab.community.emails import unsubscribe_path
from twincitylab.community.models import CommunityBlock, Notice, Person
from twincitylab.community.operations.notices import notify
from twincitylab.community.operations.search import index_words
from twincitylab.community.tests.world import make_community, make_need, make_person, sign_in
from twincitylab.partnerships.choices import IntroductionState
from twincitylab.partnerships.models import Interest, Introduction, IntroductionNote
from twincitylab.partnerships.operations.answering import accept, withdraw
from twincitylab.partnerships.operations.interest import mark_interest
from twincitylab.partnerships.tests.pair import Pair, facilitated, make_pair, proposed

pytestmark = pytest.mark.usefixtures("atlas")

MOST_QUERIES = 12
SIGN_IN = "/accounts/login/"


def typed(**more: str) -> dict[str, str]:
    return {"message": "Hello, shall we meet?", "language": "en", "form_key": str(uuid.uuid4()), **more}


def introduce(pair: Pair) -> str:
    return reverse("partnerships:introduce", args=[pair.a.slug, pair.b.slug])


def interest(pair: Pair) -> str:
    return reverse("partnerships:interest", args=[pair.a.slug, pair.b.slug])


def address(name: str, made: Introduction) -> str:
    return reverse(f"partnerships:{name}", args=[made.pk])


def page(client: Client, where: str, *, status: int = 200) -> str:
    response = client.get(where)
    assert response.status_code == status
    return response.content.decode()


def queries(client: Client, where: str) -> int:
    page(client, where)
    with CaptureQueriesContext(connection) as asked:
        page(client, where)
    return len(asked)


class TestProposing:
    def test_the_whole_way_to_an_introduction(self, client: Client) -> None:
        pair = make_pair()
        sign_in(client, pair.ada)
        assert "Words to begin with" in page(client, introduce(pair))
        response = client.post(introduce(pair), typed())
        made = Introduction.objects.get()
        assert (response.status_code, response["Location"]) == (302, address("introduction", made))
        assert "Now it is up to Fixers of Leeds" in page(client, address("introduction", made))

    def test_it_is_told_that_invisible_characters_were_taken_out(self, client: Client) -> None:
        pair = make_pair()
        sign_in(client, pair.ada)
        answer = client.post(introduce(pair), typed(message="Hello\u202e, shall we meet?"), follow=True)
        assert "Invisible characters were taken out of your text." in answer.content.decode()

    def test_the_same_form_again_leads_to_the_same_introduction(self, client: Client) -> None:
        pair, form = make_pair(), typed()
        sign_in(client, pair.ada)
        first, second = (client.post(introduce(pair), form)["Location"] for _time in range(2))
        assert (first, Introduction.objects.count()) == (second, 1)

    def test_visitors_sign_in_first_whether_it_exists_or_not(self, client: Client) -> None:
        pair = make_pair(b={"is_hidden": True})
        for where in (
            introduce(pair),
            "/communities/nobody/introduce/no-one/",
            "/introductions/99/",
            "/inbox/",
        ):
            response = client.get(where)
            assert (response.status_code, response["Location"].partition("?")[0]) == (302, SIGN_IN)

    @pytest.mark.parametrize(("name", "status"), [("ada", 200), ("mo", 403), ("zoe", 403), ("bo", 403)])
    def test_only_stewards_open_it(self, client: Client, name: str, status: int) -> None:
        pair = make_pair()
        sign_in(client, pair.everybody[name])
        assert client.get(introduce(pair)).status_code == status
        assert client.post(introduce(pair), typed()).status_code == (302 if status == 200 else status)
        assert client.post(interest(pair)).status_code == (302 if status == 200 else status)

    @pytest.mark.parametrize("hidden", ["a", "b"])
    def test_whoever_hides_is_not_found(self, client: Client, hidden: str) -> None:
        pair = make_pair(**{hidden: {"is_hidden": True}})
        sign_in(client, pair.bo if hidden == "a" else pair.ada)
        for response in (
            client.get(introduce(pair)),
            client.post(introduce(pair), typed()),
            client.post(interest(pair)),
        ):
            assert response.status_code == 404

    @pytest.mark.parametrize(
        ("more", "sentence"),
        [
            ({"message": " "}, "Write a few words first."),
            ({"message": "x" * 1201}, "1 characters too long"),
            ({"language": "tlh"}, "Choose one of the languages."),
            ({"form_key": "1"}, "This form is out of date."),
        ],
    )
    def test_what_cannot_be_taken_keeps_what_was_typed(
        self, client: Client, more: dict[str, str], sentence: str
    ) -> None:
        pair = make_pair()
        sign_in(client, pair.ada)
        form = typed(**more)
        response = client.post(introduce(pair), form)
        assert response.status_code == 422
        assert sentence in response.content.decode()
        assert form["message"].strip() in response.content.decode()

    def test_a_refusal_shows_why_and_keeps_the_text(self, client: Client) -> None:
        pair = make_pair()
        CommunityBlock.objects.create(community=pair.b, blocked=pair.a, made_at=timezone.now())
        sign_in(client, pair.ada)
        text = client.post(introduce(pair), typed()).content.decode()
        assert "does not take proposals from you at the moment" in text
        assert "in private" not in text
        assert "Hello, shall we meet?" in text
        assert "block" not in text.lower().replace('"block', "")

    def test_words_to_begin_with_come_in_the_chosen_language_and_keep_ones_own(self, client: Client) -> None:
        pair = make_pair()
        sign_in(client, pair.ada)
        text = client.post(introduce(pair), typed(use="hello", message="My own words.")).content.decode()
        found = re.search(r"<textarea[^>]*>([^<]*)</textarea>", text)
        assert found is not None
        assert found[1].strip().startswith("Hello Fixers of Leeds, we are Repair Café from Karlsruhe.")
        assert found[1].strip().endswith("My own words.")
        assert not Introduction.objects.exists()

    def test_html_is_shown_as_it_was_typed(self, client: Client) -> None:
        pair = make_pair()
        sign_in(client, pair.ada)
        client.post(introduce(pair), typed(message="<script>alert(1)</script> <b>hi</b>"))
        text = page(client, address("introduction", Introduction.objects.get()))
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &lt;b&gt;hi&lt;/b&gt;" in text

    def test_safety_mode_is_said_before_it_is_sent_and_tells_no_name(self, client: Client) -> None:
        pair = make_pair(a={"name": "Rainbow House", "slug": "quiet-hands", "pseudonym": "Quiet Hands"})
        sign_in(client, pair.ada)
        assert "they see you as “Quiet Hands”" in page(client, introduce(pair))
        client.post(introduce(pair), typed())
        sign_in(client, pair.bo)
        for where in (address("introduction", Introduction.objects.get()), reverse("partnerships:inbox")):
            text = page(client, where)
            assert "Quiet Hands" in text
            assert "Rainbow House" not in text


class TestInterest:
    def test_it_is_kept_in_private_and_can_be_taken_back(self, client: Client) -> None:
        pair = make_pair()
        sign_in(client, pair.ada)
        response = client.post(interest(pair))
        assert (response.status_code, response["Location"]) == (302, introduce(pair))
        assert "Said in private" in page(client, introduce(pair))
        client.post(interest(pair), {"drop": "1", "next": "/inbox/"})
        assert not Interest.objects.exists()

    def test_the_other_side_sees_not_a_word(self, client: Client) -> None:
        pair = make_pair()
        sign_in(client, pair.bo)
        there = reverse("partnerships:introduce", args=[pair.b.slug, pair.a.slug])
        before = [_still(page(client, where)) for where in (there, reverse("partnerships:inbox"))]
        mark_interest(community=pair.a, other=pair.b, by=pair.ada, now=timezone.now())
        assert [_still(page(client, where)) for where in (there, reverse("partnerships:inbox"))] == before

    def test_mutual_leads_to_the_introduction(self, client: Client) -> None:
        pair = make_pair()
        mark_interest(community=pair.b, other=pair.a, by=pair.bo, now=timezone.now())
        response = client.post(interest(pair)) if sign_in(client, pair.ada) else None
        assert response is not None
        assert response["Location"] == address("introduction", Introduction.objects.get())
        assert pair.bo.email in page(client, response["Location"])

    def test_it_never_leads_elsewhere(self, client: Client) -> None:
        pair = make_pair()
        sign_in(client, pair.ada)
        response = client.post(interest(pair), {"next": "https://example.org/"})
        assert response["Location"] == introduce(pair)
        assert client.get(interest(pair)).status_code == 405


class TestIntroduction:
    @pytest.mark.parametrize(
        ("name", "status"),
        [("ada", 200), ("al", 200), ("bo", 200), ("bea", 200), ("mo", 404), ("zoe", 404), ("fay", 404)],
    )
    def test_both_sides_stewards_see_it_and_nobody_else(self, client: Client, name: str, status: int) -> None:
        pair = make_pair()
        made = proposed(pair, now=timezone.now())
        sign_in(client, pair.everybody[name])
        text = page(client, address("introduction", made), status=status)
        assert ("Hello, shall we meet?" in text) == (status == 200)
        assert not any(person.email in text for person in (pair.ada, pair.al, pair.bea))
        for verb in ("answer", "ask", "decline", "withdraw"):
            if status == 404:
                assert client.post(address(verb, made), {"reason": "not-now"}).status_code == 404

    def test_yes_shows_whom_to_write_to(self, client: Client) -> None:
        pair = make_pair()
        made = proposed(pair, now=timezone.now())
        sign_in(client, pair.bo)
        assert client.post(address("answer", made)).status_code == 302
        text = page(client, address("introduction", made))
        assert "Both sides have said yes" in text
        assert all(f"mailto:{person.email}" in text for person in (pair.ada, pair.al))

    def test_too_late_tells_what_has_happened(self, client: Client) -> None:
        pair = make_pair()
        made = proposed(pair, now=timezone.now())
        withdraw(introduction=made, side=pair.a, by=pair.ada, now=timezone.now())
        sign_in(client, pair.bo)
        response = client.post(address("answer", made))
        assert response.status_code == 409
        assert "This introduction has been withdrawn meanwhile." in response.content.decode()

    def test_a_question_keeps_what_was_typed_when_it_comes_too_late(self, client: Client) -> None:
        pair = make_pair()
        made = proposed(pair, now=timezone.now())
        sign_in(client, pair.ada)
        form = {"text": "A word more", "language": "en", "form_key": str(uuid.uuid4())}
        response = client.post(address("ask", made), form)
        assert response.status_code == 422
        assert "it is up to Fixers of Leeds" in response.content.decode()
        assert "A word more" in response.content.decode()

    def test_the_same_note_again_is_one(self, client: Client) -> None:
        pair = make_pair()
        made = proposed(pair, now=timezone.now())
        sign_in(client, pair.bo)
        form = {"text": "Which evenings?", "language": "en", "form_key": str(uuid.uuid4())}
        for _time in range(2):
            assert client.post(address("ask", made), form).status_code == 302
        assert IntroductionNote.objects.count() == 1
        assert "Which evenings?" in page(client, address("introduction", made))

    def test_declining_without_a_reason_asks_for_one(self, client: Client) -> None:
        pair = make_pair()
        made = proposed(pair, now=timezone.now())
        sign_in(client, pair.bo)
        response = client.post(address("decline", made), {"note": "Good luck!"})
        assert response.status_code == 422
        assert "Choose the reason that fits best." in response.content.decode()
        assert "Good luck!" in response.content.decode()
        client.post(address("decline", made), {"reason": "too-far", "note": "Good luck!"})
        sign_in(client, pair.ada)
        text = page(client, address("introduction", made))
        assert "It is too far, or the hours do not fit." in text
        assert "Good luck!" in text

    def test_nobody_withdraws_what_others_proposed(self, client: Client) -> None:
        pair = make_pair()
        made = proposed(pair, now=timezone.now())
        sign_in(client, pair.bo)
        assert client.post(address("withdraw", made)).status_code == 403
        made.refresh_from_db()
        assert made.state == IntroductionState.PROPOSED

    def test_a_steward_of_both_sides_chooses_the_side(self, client: Client) -> None:
        both = make_person()
        pair = make_pair(a={"steward": both}, b={"steward": both})
        made = proposed(replace(pair, ada=both), now=timezone.now())
        sign_in(client, both)
        assert client.post(address("answer", made), {"as": pair.b.slug}).status_code == 302
        made.refresh_from_db()
        assert made.state == IntroductionState.ACCEPTED

    def test_the_first_yes_to_a_facilitator_is_shown_to_nobody_else(self, client: Client) -> None:
        pair = make_pair()
        made = facilitated(pair, now=timezone.now())
        before = {}
        for person in (pair.bo, pair.fay):
            sign_in(client, person)
            before[person] = _still(page(client, address("introduction", made)))
        accept(introduction=made, side=pair.a, by=pair.ada, now=timezone.now())
        for person in (pair.bo, pair.fay):
            sign_in(client, person)
            assert _still(page(client, address("introduction", made))) == before[person]

    def test_the_facilitator_answers_for_nobody(self, client: Client) -> None:
        pair = make_pair()
        made = facilitated(pair, now=timezone.now())
        sign_in(client, pair.fay)
        assert client.post(address("answer", made)).status_code == 403
        assert client.post(address("decline", made), {"reason": "not-now"}).status_code == 403
        assert client.post(address("withdraw", made)).status_code == 302

    def test_few_queries_however_much_was_said(self, client: Client) -> None:
        pair = make_pair()
        made = facilitated(pair, now=timezone.now())
        for number in range(20):
            IntroductionNote.objects.create(
                introduction=made,
                side=pair.a if number % 2 else pair.b,
                text="?",
                written_at=timezone.now(),
                form_key=uuid.uuid4(),
            )
        accept(introduction=made, side=pair.a, by=pair.ada, now=timezone.now())
        accept(introduction=made, side=pair.b, by=pair.bo, now=timezone.now())
        sign_in(client, pair.ada)
        assert queries(client, address("introduction", made)) <= MOST_QUERIES
        assert queries(client, introduce(pair)) <= MOST_QUERIES


class TestInbox:
    def test_what_waits_for_me_stands_on_top_with_its_next_step(self, client: Client) -> None:
        pair = make_pair()
        made = proposed(pair, now=timezone.now())
        sign_in(client, pair.bo)
        text = page(client, reverse("partnerships:inbox"))
        assert f'href="{address("introduction", made)}?as={pair.b.slug}"' in text
        assert text.index("Read and answer") < text.index("What is new")
        sign_in(client, pair.ada)
        assert "You wait for an answer" in page(client, reverse("partnerships:inbox"))

    def test_reading_one_or_all(self, client: Client) -> None:
        pair = make_pair()
        proposed(pair, now=timezone.now())
        sign_in(client, pair.bo)
        mine, hers = Notice.objects.get(person=pair.bo), Notice.objects.get(person=pair.bea)
        where = reverse("partnerships:inbox-read")
        assert client.get(where).status_code == 405
        client.post(where, {"notice": str(hers.pk)})
        client.post(where, {"notice": "9" * 30})
        client.post(where, {})
        assert Notice.objects.filter(read_at=None).count() == 3
        client.post(where, {"notice": str(mine.pk)})
        assert Notice.objects.filter(person=pair.bo, read_at=None).count() == 0
        sign_in(client, pair.bea)
        client.post(where, {"all": "1"})
        assert [one.person for one in Notice.objects.filter(read_at=None)] == [pair.al]
        assert "You have read everything." in page(client, reverse("partnerships:inbox") + "?show=unread")

    def test_an_empty_inbox_says_what_to_do_first(self, client: Client) -> None:
        sign_in(client, make_person())
        text = page(client, reverse("partnerships:inbox"))
        assert "write down what you seek and bring" in text

    def test_proposals_of_those_one_has_blocked_do_not_wait(self, client: Client) -> None:
        pair = make_pair()
        proposed(pair, now=timezone.now())
        CommunityBlock.objects.create(community=pair.b, blocked=pair.a, made_at=timezone.now())
        sign_in(client, pair.bo)
        assert "Read and answer" not in page(client, reverse("partnerships:inbox"))

    @pytest.mark.parametrize("show", ["", "?show=unread&page=2", "?page=99999999999999999999999"])
    def test_few_queries_however_full_it_is(self, client: Client, show: str) -> None:
        pair = make_pair(b={"capacity": 9})
        for _number in range(12):
            ada = make_person()
            other = make_community(steward=ada)
            proposed(replace(pair, a=other, ada=ada), now=timezone.now())
            mark_interest(community=pair.b, other=make_community(), by=pair.bo, now=timezone.now())
        for _number in range(40):
            notify(
                [pair.bo],
                kind="introduction-proposed",
                words={"community_id": pair.b.pk, "other_id": pair.a.pk},
                address="/inbox/",
                now=timezone.now(),
            )
        sign_in(client, pair.bo)
        assert queries(client, reverse("partnerships:inbox") + show) <= MOST_QUERIES


class TestUnsubscribing:
    def test_one_click_works_without_session_or_csrf_cookie(self) -> None:
        ada = make_person()
        client = Client(enforce_csrf_checks=True)
        response = client.post(unsubscribe_path(ada), {"List-Unsubscribe": "One-Click"})
        assert response.status_code == 200
        assert Person.objects.get(pk=ada.pk).digest == Digest.NEVER

    def test_looking_changes_nothing(self, client: Client) -> None:
        ada = make_person("Ada Example")
        text = page(client, unsubscribe_path(ada))
        assert Person.objects.get(pk=ada.pk).digest == Digest.AT_ONCE
        assert "How often shall we write?" in text
        assert ada.email not in text
        assert "Ada Example" not in text

    def test_a_choice_is_kept(self, client: Client) -> None:
        ada = make_person()
        client.post(unsubscribe_path(ada), {"digest": "weekly"})
        assert Person.objects.get(pk=ada.pk).digest == Digest.WEEKLY
        assert client.post(unsubscribe_path(ada), {"digest": "hourly"}).status_code == 422
        assert Person.objects.get(pk=ada.pk).digest == Digest.WEEKLY

    @pytest.mark.parametrize("token", ["1:forged", "x", "1", "é:1"])
    def test_without_the_signature_there_is_nothing(self, token: str) -> None:
        ada = make_person()
        client = Client(enforce_csrf_checks=True)
        for where in (f"/unsubscribe/{token}/", unsubscribe_path(ada)[:-2] + "/"):
            assert client.post(where).status_code == 404
            assert client.get(where).status_code == 404
        assert Person.objects.get(pk=ada.pk).digest == Digest.AT_ONCE


class TestFacilitating:
    def test_find_two_and_ask_both(self, client: Client) -> None:
        pair = make_pair()
        sign_in(client, pair.fay)
        where = reverse("partnerships:facilitate")
        text = page(client, f"{where}?first=repair&second=leeds")
        assert (f'value="{pair.a.slug}"' in text, f'value="{pair.b.slug}"' in text) == (True, True)
        response = client.post(where, typed(first=pair.a.slug, second=pair.b.slug))
        made = Introduction.objects.get()
        assert response["Location"] == address("introduction", made)
        assert (made.facilitator, made.proposer) == (pair.fay, None)
        assert "Introductions by you" in page(client, where)

    @pytest.mark.parametrize("name", ["ada", "mo", "zoe"])
    def test_for_facilitators_only(self, client: Client, name: str) -> None:
        pair = make_pair()
        sign_in(client, pair.everybody[name])
        where = reverse("partnerships:facilitate")
        assert client.get(where).status_code == 403
        assert client.post(where, typed(first=pair.a.slug, second=pair.b.slug)).status_code == 403

    def test_search_finds_nobody_who_is_in_no_list(self, client: Client) -> None:
        pair = make_pair(
            a={"name": "Rainbow House", "pseudonym": "Quiet Hands", "slug": "quiet-hands"},
            b={"name": "Rainbow Cellar", "is_hidden": True},
        )
        sign_in(client, pair.fay)
        text = page(client, reverse("partnerships:facilitate") + "?first=Rainbow&second=Quiet")
        assert 'type="radio"' not in text

    def test_a_missing_side_is_asked_for_and_the_text_is_kept(self, client: Client) -> None:
        pair = make_pair()
        sign_in(client, pair.fay)
        response = client.post(reverse("partnerships:facilitate"), typed(first=pair.a.slug, second="nobody"))
        assert response.status_code == 422
        assert "Choose a community on both sides." in response.content.decode()
        assert "Hello, shall we meet?" in response.content.decode()

    def test_a_character_that_no_name_holds_is_nobody(self, client: Client) -> None:
        pair = make_pair()
        sign_in(client, pair.fay)
        where = reverse("partnerships:facilitate")
        response = client.post(where, typed(first="\x00", second=f"{pair.b.slug}\x00"))
        assert response.status_code == 422
        assert "Choose a community on both sides." in response.content.decode()
        assert client.get(where, {"first": "\x00"}).status_code == 200

    def test_what_is_between_the_two_is_not_told(self, client: Client) -> None:
        pair = make_pair()
        proposed(pair, now=timezone.now())
        sign_in(client, pair.fay)
        response = client.post(
            reverse("partnerships:facilitate"), typed(first=pair.a.slug, second=pair.b.slug)
        )
        assert response.status_code == 422
        assert "These two cannot be introduced at the moment." in response.content.decode()

    @pytest.mark.parametrize(
        "text", ["Leeds", "fixers leeds", "circular", "makerspace LEEDS", "fixers-of-leeds"]
    )
    def test_search_finds_by_name_city_and_topic(self, client: Client, text: str) -> None:
        pair = make_pair(b={"topics": [Topic.CIRCULAR_ECONOMY, Topic.LEARNING_SKILLS]})
        index_words([pair.a.pk, pair.b.pk])
        make_need(pair.b, text="Spare parts for radios")
        sign_in(client, pair.fay)
        found = page(client, reverse("partnerships:facilitate") + f"?first={text}")
        assert f'name="first" value="{pair.b.slug}"' in found
        assert "Spare parts for radios" in found
        assert 'value="fixers-of-leeds" dir="auto"' not in found

    def test_nobody_found_is_said_and_nothing_can_be_sent(self, client: Client) -> None:
        pair = make_pair()
        sign_in(client, pair.fay)
        text = page(client, reverse("partnerships:facilitate") + "?first=Fixers&second=Atlantis")
        assert "Nobody in the lists is found with “Atlantis”" in text
        assert "Ask both sides" not in text

    def test_searching_again_keeps_what_was_written(self, client: Client) -> None:
        pair = make_pair()
        sign_in(client, pair.fay)
        looked = typed(first_text="repair", second_text="Atlantis", first=pair.a.slug, look="search")
        response = client.post(reverse("partnerships:facilitate"), looked)
        text = response.content.decode()
        assert response.status_code == 200
        assert ("Hello, shall we meet?" in text, looked["form_key"] in text) == (True, True)
        assert ('value="repair"' in text, 'value="Atlantis"' in text) == (True, True)
        assert not Introduction.objects.exists()

    def test_a_refusal_keeps_search_choice_and_words(self, client: Client) -> None:
        pair = make_pair(b={"capacity": 0})
        sign_in(client, pair.fay)
        sent = typed(first_text="repair", second_text="leeds", first=pair.a.slug, second=pair.b.slug)
        response = client.post(reverse("partnerships:facilitate"), sent)
        text = response.content.decode()
        assert response.status_code == 422
        assert 'class="note problem" role="alert"' in text
        assert all(f'value="{slug}" checked' in text for slug in (pair.a.slug, pair.b.slug))
        assert ('value="repair"' in text, "Hello, shall we meet?" in text) == (True, True)

    def test_how_the_two_fit_is_shown(self, client: Client) -> None:
        pair = make_pair()
        make_need(pair.a, text="Spare parts for radios")
        make_need(pair.b, direction=Direction.OFFER, text="Spare parts for old radios")
        index_words([pair.a.pk, pair.b.pk])
        sign_in(client, pair.fay)
        text = page(client, reverse("partnerships:facilitate") + "?first=karlsruhe&second=fixers")
        assert "What Repair Café would get" in text
        assert text.count("Spare parts for old radios") == 2

    @pytest.mark.parametrize(("name", "is_there"), [("fay", True), ("ada", False)])
    def test_the_way_there_stands_on_every_page(self, client: Client, name: str, *, is_there: bool) -> None:
        pair = make_pair()
        sign_in(client, pair.everybody[name])
        where = f'href="{reverse("partnerships:facilitate")}"'
        for at in ("/", "/me/"):
            assert (where in page(client, at)) is is_there

    def test_few_queries(self, client: Client) -> None:
        pair = make_pair()
        facilitated(pair, now=timezone.now())
        sign_in(client, pair.fay)
        where = reverse("partnerships:facilitate") + f"?first={pair.a.slug}&second={pair.b.slug}"
        # Two searches, and how the two fit: rarely opened, and by few.
        assert queries(client, where) <= 20


def _still(text: str) -> str:
    """A page without what differs from one call to the next."""
    return re.sub(r'name="(csrfmiddlewaretoken|form_key)" value="[^"]*"', "", text)
