"""Two programs at once: one key makes one thing; of two changes of one revision the second reads both."""

import uuid

import pytest

from twincitylab.api.tests.calling import Program
from twincitylab.community.models import Community, NeedOffer
from twincitylab.community.tests.world import at_once, make_community, make_person

pytestmark = [
    pytest.mark.usefixtures("lasting_atlas", "unlimited"),
    pytest.mark.django_db(transaction=True),
]
FOUNDING = {
    "name": "Night Gardeners", "city": "kyoto-jp", "kind": "initiative", "purpose": "Plant at night.",
    "topics": ["trees"], "languages": ["en"],
}  # fmt: skip
NEED = {
    "direction": "offer", "text": "We have spades.", "topic": "trees", "kind": "material", "language": "en",
}  # fmt: skip


@pytest.mark.parametrize(("address", "body"), [("communities", FOUNDING), ("communities/choir/needs", NEED)])
def test_one_key_sent_twice_at_once_makes_one(address: str, body: dict[str, object]) -> None:
    steward, key = make_person(), uuid.uuid4()
    make_community("Choir", steward=steward)
    programs = [Program(steward) for _turn in range(2)]

    def create(program: Program) -> str:
        answer = program.send("post", address, body, key=key)
        assert answer.status_code == 201, answer.content
        return str(answer.json()["community"]["slug"])

    first, second = at_once(*[lambda program=program: create(program) for program in programs])
    assert first == second
    assert (Community.objects.count(), NeedOffer.objects.count()) in {(2, 0), (1, 1)}


def test_of_two_changes_at_once_the_second_reads_both() -> None:
    steward = make_person()
    choir = make_community("Choir", steward=steward)
    programs = {text: Program(steward) for text in ("We sing.", "We hum.")}

    def change(text: str) -> str:
        sent = {"revision": 1, "about": text}
        return str(programs[text].send("patch", "communities/choir", sent).status_code)

    assert sorted(at_once(*[lambda text=text: change(text) for text in programs])) == ["200", "409"]
    choir.refresh_from_db()
    assert choir.revision == 2
