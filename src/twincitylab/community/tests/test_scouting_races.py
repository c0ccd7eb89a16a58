"""The actor map when two do the same in the same moment."""

import uuid
from functools import partial

import pytest

from twincitylab.community.choices import ContactKind
from twincitylab.community.models import Community, Contact
from twincitylab.community.operations.scouting import (
    ChangedMeanwhile,
    ContactFacts,
    add_contact,
    change_contact,
)
from twincitylab.community.operations.scouting_files import take_in
from twincitylab.community.queries.mine import stewards
from twincitylab.community.tests.world import NOW, at_once, make_community

pytestmark = pytest.mark.usefixtures("lasting_atlas")

CHOIR = ContactFacts(kind=ContactKind.ORGANISATION, name="Choir of the harbour")


def test_the_same_form_sent_twice_makes_one_row() -> None:
    community, key = make_community(), uuid.uuid4()
    made = at_once(*[partial(_add, community, key)] * 3)
    assert made == [str(Contact.objects.get().pk)] * 3


def test_the_same_file_sent_twice_adds_its_contacts_once() -> None:
    community = make_community()
    data = b"kind,name,recommended_by\nperson,A,B\nperson,B,\n"

    def send() -> str:
        return str(take_in(community, data=data, by=stewards(community)[0], now=NOW).added)

    assert sorted(at_once(send, send)) == ["0", "2"]
    assert Contact.objects.count() == 2


def test_of_two_changes_one_is_told_of_the_other() -> None:
    community = make_community()
    _add(community, uuid.uuid4())
    contact = Contact.objects.get()

    def change(note: str) -> str:
        facts = ContactFacts(kind=ContactKind.ORGANISATION, name="Choir", note=note)
        try:
            change_contact(contact, facts=facts, seen=contact.changed_at, by=stewards(community)[0], now=NOW)
        except ChangedMeanwhile as changed:
            return f"told of {changed.stored.note}"
        return note

    outcomes = set(at_once(partial(change, "one"), partial(change, "two")))
    assert outcomes in ({"one", "told of one"}, {"two", "told of two"})


def _add(community: Community, key: uuid.UUID) -> str:
    return str(add_contact(community, facts=CHOIR, form_key=key, by=stewards(community)[0], now=NOW).pk)
