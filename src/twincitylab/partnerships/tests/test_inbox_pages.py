"""The inbox, and choosing how often one is written to."""

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from twincitylab.community.choices import Digest
from twincitylab.community.emails import unsubscribe_path
from twincitylab.community.models import CommunityBlock, Notice, Person
from twincitylab.community.operations.notices import notify
from twincitylab.community.tests.world import make_community, make_person, sign_in
from twincitylab.partnerships.operations.interest import mark_interest
from twincitylab.partnerships.tests.pages import MOST_QUERIES, address, page, queries
from twincitylab.partnerships.tests.pair import make_pair, proposed

pytestmark = pytest.mark.usefixtures("atlas")


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
