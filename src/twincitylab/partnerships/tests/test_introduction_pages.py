"""The pages of introductions: who may open them, what they keep, what they never show."""

import re
import uuid
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from twincitylab.community.models import CommunityBlock
from twincitylab.community.tests.world import make_person, sign_in
from twincitylab.partnerships.choices import IntroductionState
from twincitylab.partnerships.models import Interest, Introduction, IntroductionNote
from twincitylab.partnerships.operations.answering import accept, withdraw
from twincitylab.partnerships.operations.interest import mark_interest
from twincitylab.partnerships.tests.pages import (
    MOST_QUERIES,
    address,
    interest,
    introduce,
    page,
    queries,
    still,
    typed,
)
from twincitylab.partnerships.tests.pair import facilitated, make_pair, proposed

pytestmark = pytest.mark.usefixtures("atlas")

SIGN_IN = "/accounts/login/"


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

    def test_the_length_of_a_message_is_told_once(self, client: Client) -> None:
        pair = make_pair()
        sign_in(client, pair.ada)
        assert 'maxlength="1200"' in page(client, introduce(pair))
        answer = client.post(introduce(pair), typed(message="a" * 5000)).content.decode()
        assert answer.count("This is 3800 characters too long: there is room for 1200.") == 1
        assert "at most" not in answer.partition("<form")[2].partition("</form>")[0]
        fitting = "a" * 600 + "\r\n" + "b" * 599
        assert client.post(introduce(pair), typed(message=fitting)).status_code == 302

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
        before = [still(page(client, where)) for where in (there, reverse("partnerships:inbox"))]
        mark_interest(community=pair.a, other=pair.b, by=pair.ada, now=timezone.now())
        assert [still(page(client, where)) for where in (there, reverse("partnerships:inbox"))] == before

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
            before[person] = still(page(client, address("introduction", made)))
        accept(introduction=made, side=pair.a, by=pair.ada, now=timezone.now())
        for person in (pair.bo, pair.fay):
            sign_in(client, person)
            assert still(page(client, address("introduction", made))) == before[person]

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
