"""Changing a community, and two who change it at the same time."""

from typing import Any

import pytest
from django.test import Client

from twincitylab.community.choices import Role
from twincitylab.community.models import Community, Person
from twincitylab.community.tests.world import make_community, make_person, seat, sign_in

pytestmark = pytest.mark.usefixtures("atlas")


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


class TestEditing:
    def form(self, client: Client, slug: str) -> dict[str, object]:
        """What a browser would send back unchanged."""
        form = client.get(f"/communities/{slug}/edit/").context["form"]
        values = {}
        for field in form:
            value = field.value()
            if value not in (None, False):
                values[field.name] = (
                    "on" if value is True else list(value) if isinstance(value, tuple) else value
                )
        return values

    def test_save(self, cafe: Community, by_ada: Client) -> None:
        sent = {**self.form(by_ada, "repair-cafe"), "purpose": "We mend, and drink tea meanwhile."}
        response = by_ada.post("/communities/repair-cafe/edit/", sent)
        assert response.headers["Location"] == "/communities/repair-cafe/"
        cafe.refresh_from_db()
        assert (cafe.purpose, cafe.revision) == ("We mend, and drink tea meanwhile.", 2)

    def test_the_second_of_two_sees_what_changed_and_loses_nothing(
        self, cafe: Community, by_ada: Client
    ) -> None:
        bo = make_person()
        seat(cafe, bo, role=Role.STEWARD)
        by_bo = sign_in(Client(), bo)
        first, second = self.form(by_ada, "repair-cafe"), self.form(by_bo, "repair-cafe")
        by_ada.post(
            "/communities/repair-cafe/edit/", {**first, "purpose": "Ada's words for it.", "capacity": "5"}
        )
        response = by_bo.post(
            "/communities/repair-cafe/edit/",
            {**second, "purpose": "Bo's words for it.", "about": "Bo's long text."},
        )
        assert response.status_code == 409
        clashes = {clash.label: clash for clash in response.context["clashes"]}
        purpose = clashes["What are you there for?"]
        capacity = clashes["How many new partnerships can you carry now?"]
        assert (purpose.theirs, purpose.mine, purpose.is_open) == (
            "Ada's words for it.",
            "Bo's words for it.",
            True,
        )
        assert (capacity.before, capacity.theirs, capacity.is_open) == ("1", "5", False)
        again = response.context["form"]
        assert [again[name].value() for name in ("purpose", "capacity", "about", "revision")] == [
            "Bo's words for it.", 5, "Bo's long text.", 2,
        ]  # fmt: skip
        page = response.content.decode()
        assert "Ada&#x27;s words for it." in page
        cafe.refresh_from_db()
        assert (cafe.purpose, cafe.about) == ("Ada's words for it.", "")

    def test_saving_after_the_clash_takes_both(self, cafe: Community, by_ada: Client) -> None:
        stale = self.form(by_ada, "repair-cafe")
        by_ada.post("/communities/repair-cafe/edit/", {**stale, "capacity": "5"})
        told = by_ada.post("/communities/repair-cafe/edit/", {**stale, "about": "Long."})
        again = {
            field.name: field.value() for field in told.context["form"] if field.value() not in (None, False)
        }
        assert by_ada.post("/communities/repair-cafe/edit/", again).status_code == 302
        cafe.refresh_from_db()
        assert (cafe.capacity, cafe.about, cafe.revision) == (5, "Long.", 3)

    def test_of_lists_stays_what_each_added_and_goes_what_each_took_away(
        self, cafe: Community, by_ada: Client
    ) -> None:
        there = "/communities/repair-cafe/edit/"
        start = self.form(by_ada, "repair-cafe") | {"topics": ["circular-economy", "waste", "food"]}
        by_ada.post(there, start)
        stale = self.form(by_ada, "repair-cafe")
        by_ada.post(there, {**stale, "topics": ["waste", "food", "trees"], "modes": ["online", "visit"]})
        told = by_ada.post(there, {**stale, "topics": ["circular-economy", "waste", "noise"]})
        assert told.status_code == 409
        assert told.context["open_clashes"] == []
        assert sorted(told.context["form"]["topics"].value()) == ["noise", "trees", "waste"]
        by_ada.post(there, self.sent_back(told))
        assert sorted(line.topic for line in cafe.topics.all()) == ["noise", "trees", "waste"]
        cafe.refresh_from_db()
        assert (cafe.mode_online, cafe.mode_visit) == (True, True)

    @pytest.mark.parametrize(("choice", "kept"), [("theirs", "Ada's words."), ("mine", "Bo's own words.")])
    def test_what_both_changed_is_chosen_before_anything_is_saved(
        self, cafe: Community, by_ada: Client, choice: str, kept: str
    ) -> None:
        there = "/communities/repair-cafe/edit/"
        stale = self.form(by_ada, "repair-cafe")
        by_ada.post(there, {**stale, "purpose": "Ada's words.", "since": "1999", "city": "Nancy"})
        told = by_ada.post(
            there,
            {**stale, "purpose": "Bo's own words.", "since": "2001", "city": "Kyoto", "city_choice": ""},
        )
        assert told.content.decode().count('value="theirs"') == 3
        again = self.sent_back(told)
        refused = by_ada.post(there, {**again, "decide-purpose": choice})
        assert (refused.status_code, "Choose for each" in refused.content.decode()) == (422, True)
        cafe.refresh_from_db()
        assert (cafe.purpose, cafe.revision) == ("Ada's words.", 2)
        last = self.sent_back(refused) | {"decide-since": choice, "decide-city": choice}
        assert by_ada.post(there, last).status_code == 302
        cafe.refresh_from_db()
        assert (cafe.purpose, cafe.since) == (kept, 1999 if choice == "theirs" else 2001)
        assert cafe.city.slug == ("nancy-fr" if choice == "theirs" else "kyoto-jp")

    def test_the_search_for_a_city_keeps_the_question(self, cafe: Community, by_ada: Client) -> None:
        there = "/communities/repair-cafe/edit/"
        stale = self.form(by_ada, "repair-cafe")
        by_ada.post(there, {**stale, "purpose": "Ada's words."})
        told = self.sent_back(by_ada.post(there, {**stale, "purpose": "Bo's own words."}))
        page = by_ada.post(there, {**told, "decide-purpose": "theirs", "step": "find"}).content.decode()
        assert 'name="decide-purpose" value="theirs" checked' in page

    @staticmethod
    def sent_back(answer: Any) -> dict[str, object]:
        """The form of a page as a browser would send it, nothing touched."""
        form = answer.context["form"]
        return {field.name: field.value() for field in form if field.value() not in (None, False)}

    @pytest.mark.parametrize("before", ["", "{", "[]", '{"name": 1}', "null"])
    def test_a_form_without_its_past_still_tells(self, cafe: Community, by_ada: Client, before: str) -> None:
        stale = self.form(by_ada, "repair-cafe")
        sent = {**stale, "before": before, "revision": "", "capacity": "5"}
        response = by_ada.post("/communities/repair-cafe/edit/", sent)
        assert response.status_code == 409
        assert [clash.theirs for clash in response.context["clashes"]] == ["1"]

    def test_safety_mode_moves_the_page(self, cafe: Community, by_ada: Client) -> None:
        sent = {**self.form(by_ada, "repair-cafe"), "is_safe_mode": "on", "pseudonym": "Blue Lantern"}
        there = by_ada.post("/communities/repair-cafe/edit/", sent).headers["Location"]
        assert there.startswith("/communities/blue-lantern-")
        assert by_ada.get("/communities/repair-cafe/").status_code == 404
        assert "Blue Lantern" in text_of(by_ada, there)

    def test_members_and_strangers_may_not(self, cafe: Community, by_stranger: Client) -> None:
        member = sign_in(Client(), Person.objects.get(name="Bo Member"))
        for client in (member, by_stranger):
            assert client.get("/communities/repair-cafe/edit/").status_code == 403
            assert client.post("/communities/repair-cafe/close/").status_code == 403
        assert Community.objects.get().closed_at is None
