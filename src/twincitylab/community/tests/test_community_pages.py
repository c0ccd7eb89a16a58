"""The pages of a community: who sees what, founding it, and the people in it."""

import re
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from twincitylab.community.choices import Role, Topic, Visibility
from twincitylab.community.forms.communities import TOPIC_GROUPS
from twincitylab.community.models import Community, CommunityBlock, Invitation, Membership, Person
from twincitylab.community.tests.world import NOW, make_community, make_need, make_person, seat, sign_in

pytestmark = pytest.mark.usefixtures("atlas")

PURPOSE = "We mend what is broken, together with our neighbours."
FOUNDING: dict[str, str | list[str]] = {
    "name": "Repair Café Oststadt",
    "kind": "initiative",
    "city": "Karlsruhe",
    "purpose": PURPOSE,
    "topics": ["circular-economy", "waste"],
    "languages": ["de", "en"],
    "about_language": "de",
    "size": "11-50",
    "capacity": "2",
    "modes": ["online", "visit"],
    "visibility": "public",
}


@pytest.fixture
def ada() -> Person:
    return make_person("Ada Steward")


@pytest.fixture
def by_ada(ada: Person) -> Client:
    return sign_in(Client(), ada)


@pytest.fixture
def by_stranger() -> Client:
    return sign_in(Client(), make_person())


@pytest.fixture
def cafe(ada: Person) -> Community:
    return make_community(
        "Repair Café", steward=ada, members=[make_person("Bo Member")], website="https://cafe.example"
    )


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


class TestPage:
    def test_it_says_what_it_is_and_who_may_write_sees_the_way(self, cafe: Community, by_ada: Client) -> None:
        make_need(cafe, text="Who knows how to mend kettles?")
        visitor, steward = (text_of(client, "/communities/repair-cafe/") for client in (Client(), by_ada))
        for told in ("Repair Café", "Karlsruhe", "Germany", "mend kettles", "https://cafe.example", "UTC+"):
            assert told in visitor
        assert "Sign in to propose" in visitor
        assert "/communities/repair-cafe/edit/" not in visitor
        assert "/communities/repair-cafe/edit/" in steward

    def test_names_of_members_reach_no_outsider(
        self, cafe: Community, by_stranger: Client, by_ada: Client
    ) -> None:
        for client in (Client(), by_stranger):
            page = text_of(client, "/communities/repair-cafe/")
            assert "Ada Steward" not in page
            assert "Bo Member" not in page
        assert by_stranger.get("/communities/repair-cafe/members/").status_code == 403
        assert Client().get("/communities/repair-cafe/members/").status_code == 302
        assert "Bo Member" in text_of(by_ada, "/communities/repair-cafe/members/")

    @pytest.mark.parametrize(
        "page", ["", "edit/", "members/", "invitations/", "close/", "blocks/", "verify/", "leave/"]
    )
    def test_what_may_not_be_seen_is_not_there(self, ada: Person, by_stranger: Client, page: str) -> None:
        make_community("Hidden ones", steward=ada, is_hidden=True)
        make_community("Real name", steward=ada, pseudonym="Blue Lantern")
        for slug in ("hidden-ones", "blue-lantern", "never-was"):
            assert by_stranger.get(f"/communities/{slug}/{page}").status_code == 404

    def test_safety_mode_shows_neither_name_nor_city(self, ada: Person) -> None:
        bo = make_person()
        make_community("Other side", steward=bo)
        make_community(
            "Real Name",
            steward=ada,
            pseudonym="Blue Lantern",
            hides_city=True,
            website="https://real.example",
            since=1999,
            verified_at=NOW,
            verified_reason="We met them in Karlsruhe.",
        )
        page = text_of(sign_in(Client(), bo), "/communities/blue-lantern/")
        assert "Blue Lantern" in page
        for hidden in ("Real Name", "Karlsruhe", "real.example", "1999", "UTC+"):
            assert hidden not in page
        assert "noindex" in page

    @pytest.mark.parametrize("page", ["", "needs/"])
    def test_what_a_member_reads_stays_in_no_cache(self, ada: Person, by_ada: Client, page: str) -> None:
        make_community("Menders", steward=ada)
        assert "no-store" in by_ada.get(f"/communities/menders/{page}")["Cache-Control"]
        assert "Cache-Control" not in Client().get(f"/communities/menders/{page}")

    def test_what_was_written_keeps_its_lines_and_its_addresses(self, ada: Person) -> None:
        make_community("Menders", steward=ada, about="First.\nSecond.\n\nhttps://menders.example")
        page = text_of(Client(), "/communities/menders/")
        assert "<p>First.<br>Second.</p>" in page
        assert '<a href="https://menders.example" rel="nofollow ugc noopener">' in page

    def test_who_may_see_it_is_told_as_it_is(self, ada: Person, by_ada: Client) -> None:
        make_community("Real name", steward=ada, pseudonym="Blue Lantern")
        make_community("Given up", steward=ada, closed_at=NOW, capacity=1)
        safe, closed = (text_of(by_ada, f"/communities/{slug}/") for slug in ("blue-lantern", "given-up"))
        for page in (safe, closed):
            assert "Everybody can see us" not in page
        assert "In safety mode: nobody finds you in a list." in safe
        assert "none: this community is closed" in closed
        assert "room for 1" not in closed

    def test_an_empty_page_asks_once_for_the_first_need(self, cafe: Community, by_ada: Client) -> None:
        assert text_of(by_ada, "/communities/repair-cafe/").count("Write what you seek") == 1
        assert text_of(by_ada, "/communities/repair-cafe/needs/").count("Write what you seek") == 1
        make_need(cafe)
        page = text_of(by_ada, "/communities/repair-cafe/")
        assert (page.count("Write what you seek"), page.count("Write what you bring")) == (1, 1)

    def test_place_in_the_commas_of_the_reader(self, ada: Person) -> None:
        make_community("Menders", steward=ada)
        client = Client(headers={"accept-language": "ar"})
        assert "</a>، " in text_of(client, "/communities/menders/")
        assert "، " in text_of(client, "/communities/")

    def test_members_only_asks_for_an_account(self, by_stranger: Client) -> None:
        make_community("Quiet", visibility=Visibility.MEMBERS)
        assert Client().get("/communities/quiet/").status_code == 404
        assert "Quiet" in text_of(by_stranger, "/communities/quiet/")

    def test_text_of_people_is_escaped_and_carries_its_language(self, ada: Person) -> None:
        make_community(
            "Bold", steward=ada, purpose="<b>Hi</b> there", about="<script>x</script>", about_language="fr"
        )
        page = text_of(Client(), "/communities/bold/")
        assert "&lt;b&gt;Hi&lt;/b&gt; there" in page
        assert "<script>x" not in page
        assert '<div class="about" lang="fr" dir="auto">' in page

    @pytest.mark.parametrize(
        "address", ["", "members/", "edit/", "invitations/", "blocks/", "close/", "leave/"]
    )
    def test_few_queries_however_much_there_is(self, cafe: Community, by_ada: Client, address: str) -> None:
        def fill(count: int) -> None:
            for _ in range(count):
                person = make_person()
                seat(cafe, person)
                make_need(cafe)
                CommunityBlock.objects.create(community=cafe, blocked=make_community(), made_at=NOW)
                Invitation.objects.create(
                    community=cafe, digest=uuid.uuid4().hex, made_at=NOW, made_by=person,
                    expires_at=NOW.replace(year=2999),
                )  # fmt: skip

        counts = []
        for more in (1, 12):
            fill(more)
            by_ada.get(f"/communities/repair-cafe/{address}")
            with CaptureQueriesContext(connection) as queries:
                assert by_ada.get(f"/communities/repair-cafe/{address}").status_code == 200
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 12

    def test_the_page_of_a_stranger_with_sides_takes_few_queries(self, cafe: Community) -> None:
        bo = make_person()
        for _ in range(3):
            make_community(steward=bo)
        client = sign_in(Client(), bo)
        page = text_of(client, "/communities/repair-cafe/")
        assert page.count('name="blocked"') == 3
        with CaptureQueriesContext(connection) as queries:
            client.get("/communities/repair-cafe/")
        assert len(queries) <= 12


class TestFounding:
    def send(self, client: Client, **change: object) -> tuple[int, str]:
        response = client.post("/communities/new/", {"form_key": str(uuid.uuid4()), **FOUNDING, **change})
        return response.status_code, response.content.decode()

    def test_a_visitor_signs_in_first(self) -> None:
        response = Client().get("/communities/new/")
        assert (response.status_code, response.headers["Location"]) == (
            302,
            "/accounts/login/?next=/communities/new/",
        )

    def test_the_form_speaks_the_readers_language(self, by_ada: Client) -> None:
        page = text_of(by_ada, "/communities/new/")
        assert re.search(r'value="en"[^>]*checked', page)
        assert 'data-choose="keep"' in page

    def test_found_one(self, by_ada: Client, ada: Person) -> None:
        assert self.send(by_ada)[0] == 302
        community = Community.objects.get()
        assert (community.slug, community.city_id, community.capacity) == (
            "repair-cafe-oststadt-karlsruhe",
            2892794,
            2,
        )
        assert Membership.objects.get().person == ada

    def test_whoever_never_chose_a_clock_is_asked_about_that_of_the_city(
        self, by_ada: Client, ada: Person
    ) -> None:
        self.send(by_ada)
        asked = by_ada.get("/communities/repair-cafe-oststadt-karlsruhe/").content.decode()
        assert "the time of Berlin?" in asked
        assert 'href="/me/settings/?timezone=Europe%2FBerlin"' in asked
        page = text_of(by_ada, "/me/settings/?timezone=Europe%2FBerlin")
        assert '<option value="Europe/Berlin" selected' in page
        ada.refresh_from_db()
        assert ada.timezone == "UTC"
        Person.objects.update(timezone="Asia/Amman")
        self.send(by_ada, name="Another Café")
        page = text_of(by_ada, "/communities/another-cafe-karlsruhe/")
        assert "the time of" not in page

    def test_the_same_form_twice_makes_one(self, by_ada: Client) -> None:
        key = str(uuid.uuid4())
        assert [self.send(by_ada, form_key=key)[0] for _ in range(2)] == [302, 302]
        assert Community.objects.count() == 1

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"name": "a" * 121}, "1 characters too long"),
            ({"name": "\u202e\u2066"}, "Give your community a name."),
            ({"purpose": ""}, "Say in one sentence"),
            ({"city": "Atlantis"}, "There is no city “Atlantis”"),
            ({"city": "Springfield"}, "Several cities bear this name"),
            ({"city": ""}, "Name the city"),
            ({"topics": []}, "Choose at least one topic."),
            ({"topics": Topic.values[:9]}, "Choose at most 8"),
            ({"topics": ["world-peace"]}, "Choose one of the entries."),
            ({"languages": []}, "Choose at least one."),
            ({"languages": [], "other_languages": "Elvish"}, "We know no language “Elvish”"),
            ({"website": "javascript:alert(1)"}, "This is no address of a website."),
            ({"since": "2999"}, "The year must be between 800 and"),
            ({"since": "MMXX"}, "Write the year in digits"),
            ({"since": "9" * 30}, "The year must be between 800 and"),
            ({"capacity": "99"}, "Choose one of the entries."),
            ({"modes": []}, "Choose at least one way to meet."),
            ({"visibility": "king"}, "Choose one of the entries."),
            ({"is_safe_mode": "on"}, "needs another name"),
            ({"is_safe_mode": "on", "pseudonym": "Karlsruhe Lantern"}, "must not name the city"),
            ({"about": "x" * 4001}, "1 characters too long"),
        ],
    )
    def test_wrong_input_is_told_and_kept(
        self, by_ada: Client, change: dict[str, object], sentence: str
    ) -> None:
        status, page = self.send(by_ada, **change)
        assert status == 422
        assert sentence in page
        assert PURPOSE in page or "purpose" in change
        assert not Community.objects.exists()

    def test_an_ambiguous_city_is_chosen_from_a_list(self, by_ada: Client) -> None:
        _status, page = self.send(by_ada, city="Springfield")
        slugs = re.findall(r'name="city_choice" value="([^"]+)"', page)
        assert len(slugs) > 1
        status, _page = self.send(by_ada, city="Springfield", city_asked="Springfield", city_choice=slugs[-1])
        assert (status, Community.objects.get().city.slug) == (302, slugs[-1])

    def test_a_choice_made_for_another_name_does_not_count(self, by_ada: Client) -> None:
        self.send(by_ada, city="Nancy", city_asked="Springfield", city_choice="springfield-ma-us")
        assert Community.objects.get().city.slug == "nancy-fr"

    def test_the_search_step_needs_no_script_and_keeps_what_was_typed(self, by_ada: Client) -> None:
        response = by_ada.post("/communities/new/", {**FOUNDING, "name": "", "city": "Münch", "step": "find"})
        page = response.content.decode()
        assert response.status_code == 200
        assert 'name="city_choice" value="munich-de"' in page
        assert 'role="alert"' not in page
        assert PURPOSE in page
        assert re.search(r'value="circular-economy"[^>]*checked', page)

    def test_topics_are_suggested_from_the_sentence_without_scripts(self, by_ada: Client) -> None:
        sent = {**FOUNDING, "topics": ["noise"], "step": "suggest"}
        response = by_ada.post("/communities/new/", {**sent, "purpose": "We repair things and plant trees."})
        form = response.context["form"]
        assert response.status_code == 200
        assert [box.data["value"] for box in form.topics_chosen] == ["noise"]
        suggested = [box.data["value"] for box in form.topics_suggested]
        assert "circular-economy" in suggested or "trees" in suggested
        page = response.content.decode()
        assert 'role="alert"' not in page
        assert "Which one?" not in page
        for topic in Topic:
            assert page.count(f'name="topics" value="{topic}"') == 1

    def test_what_is_chosen_stands_outside_of_what_is_folded(self, by_ada: Client) -> None:
        page = by_ada.post("/communities/new/", {**FOUNDING, "name": ""}).content.decode()
        page = re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)
        for name, chosen in (("topics", ["circular-economy", "waste"]), ("languages", ["de", "en"])):
            shown = re.findall(rf'name="{name}" value="([^"]+)"[^>]*checked', page)
            assert sorted(shown) == chosen
        assert 'value="housing-affordable"' not in page

    def test_other_languages_are_named_in_any_language(self, by_ada: Client) -> None:
        self.send(by_ada, languages=["de"], other_languages="Tamil、català")
        assert sorted(line.language for line in Community.objects.get().languages.all()) == ["ca", "de", "ta"]

    def test_every_topic_stands_in_one_group(self) -> None:
        assert sorted(topic for _label, topics in TOPIC_GROUPS for topic in topics) == sorted(Topic)

    def test_a_city_page_can_lead_here(self, by_ada: Client) -> None:
        assert 'value="Nancy, France"' in text_of(by_ada, "/communities/new/?city=nancy-fr")
        assert 'name="city"' in text_of(by_ada, "/communities/new/?city=%00")


class TestPeople:
    def test_invite_by_link_and_come_in_once(
        self, cafe: Community, by_ada: Client, by_stranger: Client
    ) -> None:
        there = "/communities/repair-cafe/invitations/"
        sent = {"way": "link", "language": "en", "uses": "1", "role": "member", "days": "7"}
        key = str(uuid.uuid4())
        for _twice in range(2):
            response = by_ada.post(there, {**sent, "form_key": key})
            assert response.headers["Location"] == f"{there}?made={key}"
        assert Invitation.objects.count() == 1
        link = re.search(r"/join/[\w-]+/", text_of(by_ada, f"{there}?made={key}"))
        assert link
        page = text_of(Client(), link[0])
        assert "Ada Steward invites you" in page
        assert f"/accounts/signup/?next={link[0]}" in page
        assert Client().post(link[0]).headers["Location"].startswith("/accounts/login/")
        assert by_stranger.post(link[0]).headers["Location"] == "/communities/repair-cafe/"
        assert Membership.objects.filter(community=cafe).count() == 3
        gone = Client().get(link[0])
        assert (gone.status_code, "Repair" in gone.content.decode()) == (410, False)
        assert sign_in(Client(), make_person()).post(link[0]).status_code == 422

    def test_only_its_maker_sees_the_link_again(self, cafe: Community, by_ada: Client) -> None:
        bo = make_person()
        seat(cafe, bo, role=Role.STEWARD)
        key = str(uuid.uuid4())
        sent = {"way": "link", "language": "en", "uses": "1", "role": "member", "days": "7", "form_key": key}
        there = "/communities/repair-cafe/invitations/"
        by_ada.post(there, sent)
        assert "/join/" not in text_of(sign_in(Client(), bo), f"{there}?made={key}")
        assert "/join/" not in text_of(by_ada, f"{there}?made=nonsense")

    @pytest.mark.parametrize("token", ["x", "%00", "a" * 500, "ü"])
    def test_an_unknown_link_is_not_there(self, token: str) -> None:
        assert Client().get(f"/join/{token}/").status_code == 404

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"way": "mail"}, "To whom"),
            ({"way": "mail", "email": "nobody"}, "no e-mail address"),
            ({"uses": "many"}, "Write a number."),
            ({"uses": "101"}, "From 1 to 100 people"),
            ({"days": "9999"}, "Choose one of the entries."),
            ({"role": "king"}, "Choose one of the entries."),
        ],
    )
    def test_unfit_invitations_are_told(
        self, cafe: Community, by_ada: Client, change: dict[str, str], sentence: str
    ) -> None:
        sent = {"way": "link", "language": "en", "uses": "1", "role": "member", "days": "7", **change}
        response = by_ada.post("/communities/repair-cafe/invitations/", sent)
        assert response.status_code == 422
        assert sentence in response.content.decode()

    def test_revoke(self, cafe: Community, by_ada: Client) -> None:
        sent = {"way": "link", "language": "en", "uses": "1", "role": "member", "days": "7"}
        by_ada.post("/communities/repair-cafe/invitations/", sent)
        pk = Invitation.objects.get().pk
        by_ada.post(f"/communities/repair-cafe/invitations/{pk}/revocation/")
        assert Invitation.objects.get().revoked_at

    def test_roles_removal_and_the_last_steward(self, cafe: Community, ada: Person, by_ada: Client) -> None:
        bo, own = cafe.memberships.get(role=Role.MEMBER), cafe.memberships.get(person=ada)
        there = "/communities/repair-cafe/"
        refused = by_ada.post(f"{there}leave/")
        assert (refused.status_code, "last steward" in refused.content.decode()) == (422, True)
        assert by_ada.post(f"{there}members/{own.pk}/role/", {"role": "member"}).status_code == 422
        assert by_ada.post(f"{there}members/{bo.pk}/role/", {"role": "king"}).status_code == 422
        by_ada.post(f"{there}members/{bo.pk}/role/", {"role": "steward"})
        assert by_ada.post(f"{there}leave/").headers["Location"] == "/me/"
        assert [(held.person, held.role) for held in cafe.memberships.all()] == [(bo.person, Role.STEWARD)]

    def test_a_steward_is_made_a_member_in_two_steps(self, cafe: Community, by_ada: Client) -> None:
        seat(cafe, make_person("Cy Steward"), role=Role.STEWARD)
        page = text_of(by_ada, "/communities/repair-cafe/members/")
        asked = page.split('value="member"')
        assert len(asked) == 3
        for before in asked[:-1]:
            assert before.rindex("<details>") > before.rindex("<li>")
            assert "can no longer act for your community" in before or "can then no longer act" in before

    def test_a_seat_of_another_community_is_not_found(self, cafe: Community, by_ada: Client) -> None:
        other = make_community().memberships.get()
        for act in ("role", "removal"):
            assert by_ada.post(f"/communities/repair-cafe/members/{other.pk}/{act}/").status_code == 404

    def test_close(self, cafe: Community, by_ada: Client) -> None:
        assert "Close it for good" in text_of(by_ada, "/communities/repair-cafe/close/")
        by_ada.post("/communities/repair-cafe/close/")
        assert Client().get("/communities/repair-cafe/").status_code == 404
        assert "is closed" in text_of(by_ada, "/communities/repair-cafe/")


class TestBadgeAndBlocks:
    def test_a_facilitator_gives_the_badge_with_its_reason(self, cafe: Community) -> None:
        client = sign_in(Client(), make_person(is_facilitator=True))
        assert "/communities/repair-cafe/verify/" in text_of(client, "/communities/repair-cafe/")
        assert client.post("/communities/repair-cafe/verify/", {"reason": "ok"}).status_code == 422
        client.post("/communities/repair-cafe/verify/", {"reason": "We met them at their evening in March."})
        page = text_of(Client(), "/communities/repair-cafe/")
        assert "We met them at their evening in March." in page
        client.post("/communities/repair-cafe/verify/withdrawal/")
        assert "We met them" not in text_of(Client(), "/communities/repair-cafe/")

    def test_nobody_else_does_and_no_facilitator_for_themselves(
        self, cafe: Community, by_ada: Client
    ) -> None:
        assert by_ada.get("/communities/repair-cafe/verify/").status_code == 403
        assert by_ada.post("/communities/repair-cafe/verify/withdrawal/").status_code == 403
        Person.objects.update(is_facilitator=True)
        sent = {"reason": "I know them, because I am one of them."}
        refused = by_ada.post("/communities/repair-cafe/verify/", sent)
        assert (refused.status_code, "another facilitator" in refused.content.decode()) == (422, True)

    def test_block_and_unblock(self, cafe: Community, by_ada: Client) -> None:
        make_community("Loud ones")
        there = "/communities/repair-cafe/blocks/"
        for _twice in range(2):
            assert by_ada.post(there, {"blocked": "loud-ones"}).status_code == 302
        assert "Loud ones" in text_of(by_ada, there)
        by_ada.post(f"{there}{CommunityBlock.objects.get().pk}/removal/")
        assert not CommunityBlock.objects.exists()

    def test_one_cannot_block_oneself_nor_what_is_not_seen(self, cafe: Community, by_ada: Client) -> None:
        make_community("Hidden", is_hidden=True)
        there = "/communities/repair-cafe/blocks/"
        assert by_ada.post(there, {"blocked": "repair-cafe"}).status_code == 422
        for slug in ("hidden", "never-was", "\x00"):
            assert by_ada.post(there, {"blocked": slug}).status_code == 404


def test_my_communities_are_on_my_page(cafe: Community, by_ada: Client, by_stranger: Client) -> None:
    assert "/communities/repair-cafe/edit/" in text_of(by_ada, "/me/")
    assert "/communities/new/" in text_of(by_stranger, "/me/")
