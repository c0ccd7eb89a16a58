"""The pages of the eye-level check: answering without script, the review, the result with its reasons."""

import csv
import datetime as dt
import io
import re
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from twincitylab.community.tests.world import make_community, make_person, sign_in
from twincitylab.partnerships.models import CheckSheet, EyeLevelCheck, Partnership, Side
from twincitylab.partnerships.operations.checking import answer_check, close_due, open_check
from twincitylab.partnerships.rules.questions import DIMENSIONS, KEYS
from twincitylab.partnerships.tests.checked import BOTH, THEM, US, make_sides, people_of
from twincitylab.partnerships.tests.pair import Pair, make_pair

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("atlas")]

Sides = tuple[Partnership, Side, Side]
FILLED = {f"q{number}": str((number % 5) - 2) for number in range(1, 21)} | {"round": "1"}


@pytest.fixture
def pair() -> Pair:
    return make_pair()


@pytest.fixture
def sides(pair: Pair) -> Sides:
    return make_sides(pair)


@pytest.fixture
def ada(pair: Pair) -> Client:
    return sign_in(Client(), pair.ada)


def at(name: str, sides: Sides, *more: object) -> str:
    return reverse(f"partnerships:{name}", args=[sides[0].slug, *more])


def begun(pair: Pair, sides: Sides) -> EyeLevelCheck:
    return open_check(partnership=sides[0], side=sides[1], by=pair.ada, now=timezone.now())


def finished(pair: Pair, sides: Sides, ours: list[int], theirs: list[int]) -> EyeLevelCheck:
    check = begun(pair, sides)
    for side, answers in zip(sides[1:], (ours, theirs), strict=True):
        for person in people_of(side):
            answer_check(check=check, side=side, answers=answers, by=person, now=timezone.now())
    EyeLevelCheck.objects.filter(pk=check.pk).update(closes_at=timezone.now())
    close_due(sides[0], now=timezone.now())
    check.refresh_from_db()
    return check


class Fields(HTMLParser):
    """The fields of a page by name, with the values that are sent."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.chosen: dict[str, str] = {}
        self.radios: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        name = found.get("name") or ""
        if tag != "input" or not name.startswith("q"):
            return
        if found.get("type") == "radio":
            self.radios.append((name, found.get("value") or ""))
        if found.get("type") == "hidden" or "checked" in found:
            self.chosen[name] = found.get("value") or ""


def test_a_round_is_opened_on_the_page(ada: Client, pair: Pair, sides: Sides) -> None:
    assert "Open a round" in ada.get(at("check", sides)).content.decode()
    assert ada.post(at("check-open", sides), {"weeks": "9"}).status_code == 422
    assert ada.post(at("check-open", sides), {"weeks": "2"}).status_code == 302
    check = EyeLevelCheck.objects.get()
    assert check.closes_at - check.opened_at == dt.timedelta(weeks=2)
    text = ada.get(at("check", sides)).content.decode()
    assert "Answer the questions" in text
    assert "Repair Café" in text


def test_twenty_questions_with_six_answers_each_and_none_chosen(
    ada: Client, pair: Pair, sides: Sides
) -> None:
    begun(pair, sides)
    fields = Fields(ada.get(at("check-answer", sides)).content.decode())
    assert len(fields.radios) == 20 * 6
    assert fields.chosen == {}
    assert len(DIMENSIONS) == 10


def test_what_is_missing_is_named_and_what_was_chosen_stays(ada: Client, pair: Pair, sides: Sides) -> None:
    begun(pair, sides)
    some = {"q1": "2", "q2": "none", "q3": "17", "round": "1", "step": "send"}
    answer = ada.post(at("check-answer", sides), some)
    assert answer.status_code == 422
    assert Fields(answer.content.decode()).chosen == {"q1": "2", "q2": "none"}
    assert answer.content.decode().count("Choose one of the answers") == 18
    assert not CheckSheet.objects.exists()


def test_answers_are_shown_once_more_changed_and_sent(ada: Client, pair: Pair, sides: Sides) -> None:
    begun(pair, sides)
    address = at("check-answer", sides)
    review = ada.post(address, FILLED)
    assert review.status_code == 200
    assert not CheckSheet.objects.exists()
    carried = Fields(review.content.decode()).chosen
    assert carried == {key: value for key, value in FILLED.items() if key != "round"}
    back = ada.post(address, {**carried, "round": "1", "step": "change"})
    assert Fields(back.content.decode()).chosen == carried
    assert ada.post(address, {**carried, "round": "1", "step": "send"}).status_code == 302
    assert CheckSheet.objects.get().answers == [(number % 5) - 2 for number in range(1, 21)]
    assert "You have answered" in ada.get(at("check", sides)).content.decode()
    assert ada.get(address).status_code == 302
    again = ada.post(address, {**FILLED, "q1": "2", "step": "send"}, follow=True)
    assert "Only the first answers count" in again.content.decode()
    assert CheckSheet.objects.count() == 1


def test_answers_meant_for_an_older_round_do_not_count_in_a_new_one(
    ada: Client, pair: Pair, sides: Sides
) -> None:
    first = begun(pair, sides)
    EyeLevelCheck.objects.filter(pk=first.pk).update(closes_at=timezone.now())
    answer = ada.post(at("check-answer", sides), {**FILLED, "step": "send"})
    assert answer.status_code == 422
    assert "takes no more answers" in answer.content.decode()
    begun(pair, sides)
    assert ada.post(at("check-answer", sides), {**FILLED, "step": "send"}).status_code == 422
    assert not CheckSheet.objects.exists()


def test_whoever_looks_first_closes_it(pair: Pair, sides: Sides) -> None:
    check = begun(pair, sides)
    EyeLevelCheck.objects.filter(pk=check.pk).update(closes_at=timezone.now())
    text = sign_in(Client(), pair.mo).get(at("check", sides)).content.decode()
    assert "too few had answered" in text
    result = sign_in(Client(), pair.mo).get(at("check-result", sides, 1)).content.decode()
    assert "without a result" in result
    assert sign_in(Client(), pair.mo).get(at("check-export", sides, 1, "json")).status_code == 404


def test_the_result_says_what_is_felt_and_what_cannot_be_said(ada: Client, pair: Pair, sides: Sides) -> None:
    finished(pair, sides, US, US)
    text = ada.get(at("check-result", sides, 1)).content.decode()
    assert "each says “rather us”" in text
    assert "Nothing is written down about this" in text
    assert "Nothing about this was written down" in text
    assert "What to talk about first" in text
    assert "<td>100%</td>" not in text
    assert text.count("<td>–</td></tr>") == 10
    for dimension in DIMENSIONS:
        assert str(dimension.guide[0]) in text


def test_a_side_that_carries_it_sinks(ada: Client, pair: Pair, sides: Sides) -> None:
    finished(pair, sides, US, THEM)
    text = ada.get(at("check-result", sides, 1)).content.decode()
    assert "Felt: Repair Café sets the topics more often." in text
    assert re.search(r'<circle class="side-a" cx="12" cy="26(\.0)?"', text)
    assert "The sides see it alike." in text


def test_the_gap_is_drawn_between_where_each_sees_the_weight(ada: Client, pair: Pair, sides: Sides) -> None:
    finished(pair, sides, US, US)
    text = ada.get(at("check-result", sides, 1)).content.decode()
    assert text.count('class="check-line"') == 10
    assert re.search(r'<circle class="side-a" cx="15.5%"', text)
    assert '<svg x="84.5%"' in text
    assert text.count('class="inner"') == 10


def test_course_needs_two_results_and_has_a_table(ada: Client, pair: Pair, sides: Sides) -> None:
    finished(pair, sides, US, THEM)
    assert "Over the years" not in ada.get(at("check", sides)).content.decode()
    finished(pair, sides, BOTH, BOTH)
    text = ada.get(at("check", sides)).content.decode()
    assert text.count("<figcaption>") == 10
    assert "25%" in text
    assert "Over the years" in ada.get(at("check-result", sides, 2)).content.decode()
    assert "Over the years" not in ada.get(at("check-result", sides, 1)).content.decode()


def test_an_alliance_of_three_has_views_and_no_beam_between_two(
    ada: Client, pair: Pair, sides: Sides
) -> None:
    partnership, a, b = sides
    people = [make_person(f"Third {number}") for number in range(3)]
    third = make_community("Menders", city="nancy-fr", steward=people[0], members=people[1:])
    c = Side.objects.create(partnership=partnership, community=third, number=2, joined_at=timezone.now())
    check = begun(pair, sides)
    assert "all alike" in ada.get(at("check-answer", sides)).content.decode()
    for side, answers in ((a, US), (b, BOTH), (c, THEM)):
        for person in people_of(side)[:3]:
            answer_check(check=check, side=side, answers=answers, by=person, now=timezone.now())
    close_due(partnership, now=check.closes_at)
    text = ada.get(at("check-result", sides, 1)).content.decode()
    assert "Felt: Repair Café sets the topics more often." in text
    assert "clearly the others" in text
    assert "Menders" in text
    assert 'class="beam"' not in text
    assert 'class="check-line"' not in text
    rows = list(csv.DictReader(io.StringIO(ada.get(at("check-export", sides, 1, "csv")).content.decode())))
    assert [row["side"] for row in rows if row["figure"] == "view"][:3] == [
        "Repair Café",
        "Fixers of Leeds",
        "Menders",
    ]


def test_a_side_that_came_later_reads_that_it_is_asked_next_time(
    ada: Client, pair: Pair, sides: Sides
) -> None:
    begun(pair, sides)
    people = [make_person(f"Third {number}") for number in range(3)]
    menders = make_community("Menders", city="nancy-fr", steward=people[0], members=people[1:])
    Side.objects.create(partnership=sides[0], community=menders, number=2, joined_at=timezone.now())
    third = sign_in(Client(), people[0])
    text = third.get(at("check", sides)).content.decode()
    assert "began before your side was here" in text
    assert "Answer the questions" not in text
    assert "Ask to close" not in text
    assert third.get(at("check-answer", sides)).status_code == 302
    assert third.post(at("check-answer", sides), {**FILLED, "step": "send"}).status_code == 422
    # The words of the answers stay those of two sides.
    assert "all alike" not in ada.get(at("check-answer", sides)).content.decode()


def test_exports_hold_all_dimensions(ada: Client, pair: Pair, sides: Sides) -> None:
    finished(pair, sides, US, BOTH)
    found = ada.get(at("check-export", sides, 1, "json")).json()
    assert [one["key"] for one in found["dimensions"]] == list(KEYS)
    assert [one["name"] for one in found["sides"]] == ["Repair Café", "Fixers of Leeds"]
    answer = ada.get(at("check-export", sides, 1, "csv"))
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert {row["dimension"] for row in rows} == set(KEYS)
    assert {row["missing"] for row in rows if row["figure"] == "measured balance"} >= {"not_recorded"}


def test_a_hidden_city_and_the_members_of_a_side_in_safety_mode_are_not_told(
    ada: Client, pair: Pair, sides: Sides
) -> None:
    finished(pair, sides, US, BOTH)
    pair.b.is_safe_mode, pair.b.pseudonym, pair.b.hides_city = True, "Lanterns", True
    pair.b.save()
    text = ada.get(at("check-result", sides, 1)).content.decode()
    assert "Lanterns" in text
    assert "Fixers of Leeds" not in text
    context = text.partition("Where each side starts from</h2>")[2]
    assert context.partition("</tbody>")[0].count("not said") >= 2
    exported = ada.get(at("check-export", sides, 1, "csv")).content.decode()
    assert "Leeds" not in exported


def test_numbers_nobody_has_are_not_found(ada: Client, sides: Sides) -> None:
    for number in (0, 7, 2**70):
        assert ada.get(at("check-result", sides, number)).status_code == 404
    assert ada.get(at("check-export", sides, 1, "pdf")).status_code == 404


def test_members_may_not_open_or_close(pair: Pair, sides: Sides) -> None:
    client = sign_in(Client(), pair.mo)
    assert "Open a round" not in client.get(at("check", sides)).content.decode()
    assert client.post(at("check-open", sides), {"weeks": "3"}).status_code == 403
    begun(pair, sides)
    assert client.post(at("check-close", sides)).status_code == 403


def test_asking_to_close_is_shown_to_the_own_side_alone(ada: Client, pair: Pair, sides: Sides) -> None:
    begun(pair, sides)
    assert ada.post(at("check-close", sides)).status_code == 302
    assert "Your side has asked to close" in ada.get(at("check", sides)).content.decode()
    assert "Your side has asked" not in sign_in(Client(), pair.bo).get(at("check", sides)).content.decode()
