"""The pages of matches: who may open them, what they show, and how much they ask the database."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from twincitylab.base.models import AuditEntry
from twincitylab.community.choices import Topic
from twincitylab.community.models import Community, Disclosure
from twincitylab.community.tests.world import make_community, make_person, sign_in
from twincitylab.matching.models import Feedback
from twincitylab.matching.tests.test_community_lists import brings_ovens, seeks_ovens

pytestmark = pytest.mark.usefixtures("atlas")
NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
MOST_QUERIES = 12
# The list asks where one stands with whom together with whom it must not show; the page of a pair alone.
MORE_FOR_A_PAIR = 1


def two() -> tuple[Community, Community, Client]:
    steward = make_person()
    a = seeks_ovens("Bakers", city="karlsruhe-de", steward=steward)
    return a, brings_ovens("Singers", city="nottingham-gb"), sign_in(Client(), steward)


def test_page_shows_both_directions_with_their_language(client: Client) -> None:
    a, b, steward = two()
    page = steward.get(f"/communities/{a.slug}/matches/").content.decode()
    assert '<q lang="en" dir="auto">We have built a clay oven for bread</q>' in page
    assert "Somewhere our choir can sing before a full hall" in page
    assert f"/communities/{a.slug}/matches/{b.slug}/" in page


def test_who_may_open_the_list() -> None:
    a, _b, steward = two()
    member, stranger = make_person(), make_person()
    a.memberships.create(person=member, since=NOW)
    address = f"/communities/{a.slug}/matches/"
    visitor = Client().get(address)
    answers = [sign_in(Client(), person).get(address).status_code for person in (member, stranger)]
    assert (visitor.status_code, visitor["Location"].split("?")[0]) == (302, "/accounts/login/")
    assert [steward.get(address).status_code, *answers] == [200, 200, 403]


def test_nobody_learns_of_a_hidden_one_by_its_list_or_a_pair() -> None:
    a, b, steward = two()
    hidden = seeks_ovens("Secret", city="leeds-gb", is_hidden=True)
    stranger = sign_in(Client(), make_person())
    assert stranger.get(f"/communities/{hidden.slug}/matches/").status_code == 404
    assert steward.get(f"/communities/{a.slug}/matches/{hidden.slug}/").status_code == 404
    page = steward.get(f"/communities/{a.slug}/matches/").content.decode()
    assert "Secret" not in page
    Disclosure.objects.create(community=hidden, to=a, since=NOW)
    assert "Secret" in steward.get(f"/communities/{a.slug}/matches/{hidden.slug}/").content.decode()
    assert b.name in page


def test_safe_mode_leaks_neither_name_nor_city() -> None:
    a, _b, steward = two()
    safe = brings_ovens("Larks of Leeds", city="leeds-gb", pseudonym="The Larks", hides_city=True)
    for address in ("", f"{safe.slug}/"):
        page = steward.get(f"/communities/{a.slug}/matches/{address}").content.decode()
        assert "The Larks" in page
        assert "Leeds" not in page.replace("Leeds City Council", "")


def test_pair_page_has_the_beam_the_hours_and_the_next_step() -> None:
    a, b, steward = two()
    page = steward.get(f"/communities/{a.slug}/matches/{b.slug}/").content.decode()
    for part in ('class="beam"', 'class="clock"', "What you would get", "What you would give"):
        assert part in page
    assert f"/communities/{a.slug}/introduce/{b.slug}/" in page
    assert "@" not in page.split("<main")[1]


def test_own_pair_is_no_page() -> None:
    a, _b, steward = two()
    assert steward.get(f"/communities/{a.slug}/matches/{a.slug}/").status_code == 404


def test_setting_aside_is_for_stewards_is_audited_and_is_not_told() -> None:
    a, b, steward = two()
    member = make_person()
    a.memberships.create(person=member, since=NOW)
    address = f"/communities/{a.slug}/matches/{b.slug}/aside/"
    refused = sign_in(Client(), member).post(address, {"reason": "too-far"})
    wrong = steward.post(address, {"reason": "ugly"})
    right = steward.post(address, {"reason": "too-far"})
    assert (refused.status_code, wrong.status_code, right.status_code) == (403, 422, 302)
    assert Feedback.objects.get().reason == "too-far"
    assert AuditEntry.objects.filter(action="set a match aside").count() == 1
    assert b.name not in steward.get(f"/communities/{a.slug}/matches/").content.decode().split("<ol")[-1]


def test_wrong_filter_is_told_with_the_form_kept() -> None:
    a, _b, steward = two()
    answer = steward.get(f"/communities/{a.slug}/matches/?topic=heat&country=XX")
    assert answer.status_code == 422
    assert '<option value="heat" selected>' in answer.content.decode()


def test_empty_list_says_what_to_do() -> None:
    steward = make_person()
    alone = make_community("Alone", steward=steward)
    page = sign_in(Client(), steward).get(f"/communities/{alone.slug}/matches/").content.decode()
    assert "Nobody to show yet" in page


@pytest.mark.parametrize("others", [1, 15])
def test_queries_do_not_grow(others: int) -> None:
    a, b, steward = two()
    for number in range(others):
        brings_ovens(f"Choir {number}", city=("leeds-gb", "kyoto-jp", "nancy-fr")[number % 3])
    for address in ("", f"{b.slug}/"):
        steward.get(f"/communities/{a.slug}/matches/{address}")
        with CaptureQueriesContext(connection) as asked:
            steward.get(f"/communities/{a.slug}/matches/{address}")
        assert len(asked) <= MOST_QUERIES + (MORE_FOR_A_PAIR if address else 0), "\n".join(
            query["sql"][:70] + query["sql"][-120:] for query in asked
        )


def test_list_in_which_nobody_answers_says_so_and_what_to_do() -> None:
    steward = make_person()
    a = seeks_ovens("Bakers", city="karlsruhe-de", steward=steward)
    make_community("Wanderers", city="leeds-gb", topics=[Topic.FOOD])
    page = sign_in(Client(), steward).get(f"/communities/{a.slug}/matches/").content.decode()
    assert "Nobody answers your need exactly yet; these are near." in page
    assert "They answer what you seek" not in page
    assert f"/communities/{a.slug}/needs/new/?direction=offer" in page
    assert f"/communities/{a.slug}/edit/" in page


def test_filters_offer_only_what_anybody_has_with_how_many() -> None:
    a, _b, steward = two()
    page = steward.get(f"/communities/{a.slug}/matches/").content.decode()
    assert '<option value="GB">United Kingdom (1)</option>' in page
    assert 'value="JP"' not in page
    chosen = steward.get(f"/communities/{a.slug}/matches/?country=JP")
    assert chosen.status_code == 200
    assert '<option value="JP" selected>Japan (0)</option>' in chosen.content.decode()


def test_text_in_a_language_the_reader_may_not_read_is_marked() -> None:
    a, b, steward = two()
    b.needs_offers.update(language="zh")
    for address in ("", f"{b.slug}/"):
        page = steward.get(f"/communities/{a.slug}/matches/{address}").content.decode()
        assert "(in Chinese)" in page
        assert "(in English)" not in page


def test_meter_speaks_in_words_of_you_and_them() -> None:
    a, _b, steward = two()
    page = steward.get(f"/communities/{a.slug}/matches/").content.decode()
    beam = page.split('class="beam"')[1].split("</figure>")[0]
    assert "You: <strong>strong</strong>" in beam
    assert "Bakers" not in beam
