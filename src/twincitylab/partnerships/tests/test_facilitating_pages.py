"""The page on which a facilitator finds two communities and asks both."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from twincitylab.community.choices import Direction, Topic
from twincitylab.community.operations.search import index_words
from twincitylab.community.tests.world import make_need, sign_in
from twincitylab.partnerships.models import Introduction
from twincitylab.partnerships.tests.pages import address, page, queries, typed
from twincitylab.partnerships.tests.pair import facilitated, make_pair, proposed

pytestmark = pytest.mark.usefixtures("atlas")


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
