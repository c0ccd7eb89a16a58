"""The actor map: who may change it, what is refused, and that nothing is lost or doubled."""

import datetime as dt
import uuid
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied

from twincitylab.base.models import AuditEntry
from twincitylab.community.choices import Consent, ContactKind, Sector
from twincitylab.community.models import Community, Contact, Person
from twincitylab.community.operations.scouting import (
    ChangedMeanwhile,
    ContactFacts,
    add_contact,
    change_contact,
    name_districts,
    record_asked_further,
    record_consent,
    remove_contact,
)
from twincitylab.community.queries.mine import stewards
from twincitylab.community.queries.scouting import active_here, actors_of, districts_of, mentioned_in_notes
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.tests.world import NOW, make_community, make_person

pytestmark = pytest.mark.usefixtures("atlas")

CHOIR = ContactFacts(kind=ContactKind.ORGANISATION, name="Choir of the harbour", sector=Sector.CULTURE)
LATER = NOW + dt.timedelta(hours=1)


def _steward(community: Community) -> Person:
    return stewards(community)[0]


def _add(community: Community, facts: ContactFacts = CHOIR, **more: object) -> Contact:
    facts = replace(facts, **more)  # type: ignore[arg-type]
    return add_contact(community, facts=facts, form_key=uuid.uuid4(), by=_steward(community), now=NOW)


def test_a_contact_is_added_once_for_each_form() -> None:
    community, key = make_community(), uuid.uuid4()
    by = _steward(community)
    first = add_contact(community, facts=CHOIR, form_key=key, by=by, now=NOW)
    assert add_contact(community, facts=CHOIR, form_key=key, by=by, now=LATER) == first
    assert [actor.name for actor in actors_of(community)] == ["Choir of the harbour"]
    entry = AuditEntry.objects.get(action="add contact")
    assert (entry.actor, entry.subject) == (f"person {by.pk}", f"community {community.pk}")
    assert entry.detail == {"contact": first.pk}


def test_only_stewards_of_this_community_write() -> None:
    member = make_person()
    community = make_community(members=[member])
    contact = _add(community)
    for by in (member, make_person(is_facilitator=True), _steward(make_community())):
        with pytest.raises(PermissionDenied):
            add_contact(community, facts=CHOIR, form_key=uuid.uuid4(), by=by, now=NOW)
        with pytest.raises(PermissionDenied):
            change_contact(contact, facts=CHOIR, seen=contact.changed_at, by=by, now=NOW)
        with pytest.raises(PermissionDenied):
            record_consent(contact, consent=Consent.GIVEN, by=by, now=NOW)
        with pytest.raises(PermissionDenied):
            record_asked_further(contact, by=by, now=NOW)
        with pytest.raises(PermissionDenied):
            name_districts(community, names="Nord", by=by, now=NOW)
        with pytest.raises(PermissionDenied):
            remove_contact(contact, by=by, now=NOW)
    assert Contact.objects.get().name == "Choir of the harbour"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " \u200b"}, "name"),
        ({"name": "n" * 121}, "name"),
        ({"kind": "ghost"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"sector": "nowhere"}, "sector"),
        ({"note": "n" * 601}, "note"),
        ({"recommended_by": 10**6}, "recommended_by"),
        ({"asked_further_date": dt.date(2026, 3, 4)}, "asked_further_date"),
        ({"consent": Consent.GIVEN, "consent_date": dt.date(2026, 3, 4)}, "consent_date"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(wrong: dict[str, object], field: str) -> None:
    community = make_community()
    with pytest.raises(Refused) as refused:
        _add(community, facts=replace(CHOIR, **wrong))  # type: ignore[arg-type]
    assert refused.value.field == field
    assert not Contact.objects.exists()


def test_words_are_cleaned() -> None:
    contact = _add(make_community(), name="\u202eRiohc\x00\n", note="one\r\ntwo")
    assert (contact.name, contact.note) == ("Riohc", "one\ntwo")


def test_a_contact_of_another_map_or_itself_cannot_have_recommended() -> None:
    community = make_community()
    contact, stranger = _add(community), _add(make_community())
    for wrong in (contact, stranger):
        facts, by = replace(CHOIR, recommended_by=wrong.pk), _steward(community)
        with pytest.raises(Refused) as refused:
            change_contact(contact, facts=facts, seen=contact.changed_at, by=by, now=LATER)
        assert refused.value.field == "recommended_by"


def test_the_second_of_two_stewards_is_told_and_overwrites_nothing() -> None:
    community = make_community()
    by, contact = _steward(community), _add(community)
    seen = contact.changed_at
    change_contact(contact, facts=replace(CHOIR, note="from the first"), seen=seen, by=by, now=NOW)
    with pytest.raises(ChangedMeanwhile) as changed:
        change_contact(contact, facts=replace(CHOIR, note="from the second"), seen=seen, by=by, now=LATER)
    assert changed.value.stored.note == "from the first"
    assert Contact.objects.get().note == "from the first"


def test_consent_has_the_day_that_was_given_or_today_and_keeps_it() -> None:
    community = make_community()
    by, contact = _steward(community), _add(community)
    asked = record_consent(contact, consent=Consent.ASKED, by=by, now=NOW)
    assert asked.consent_at == NOW.replace(hour=12)
    given = record_consent(contact, consent=Consent.GIVEN, on=dt.date(2026, 2, 1), by=by, now=LATER)
    kept = change_contact(
        given,
        facts=replace(CHOIR, consent=Consent.GIVEN),
        seen=given.changed_at,
        by=by,
        now=LATER + dt.timedelta(days=9),
    )
    assert kept.consent_at == dt.datetime(2026, 2, 1, 12, tzinfo=dt.UTC)
    undone = record_consent(kept, consent=Consent.NOT_ASKED, by=by, now=LATER)
    assert undone.consent_at is None


def test_only_name_kind_sector_and_topic_of_those_who_agreed_are_public() -> None:
    community = make_community()
    for consent in Consent:
        _add(
            community,
            name=f"Who {consent}",
            consent=consent,
            reach="secret",
            note="secret",
            district="secret",
        )
    shown = active_here(community)
    assert [(one.name, one.kind_label, one.sector_label, one.topic_label) for one in shown] == [
        ("Who given", "Organisation", "Arts and culture", "")
    ]
    assert "secret" not in repr(shown)


def test_a_community_in_safety_mode_or_given_up_names_no_neighbour() -> None:
    safe, closed = make_community(pseudonym="Blue house"), make_community()
    for community in (safe, closed):
        _add(community, consent=Consent.GIVEN)
    closed.closed_at = NOW
    assert active_here(safe) == active_here(closed) == ()


def test_removing_leaves_nothing_but_those_recommended_without_the_link() -> None:
    community = make_community()
    by, contact = _steward(community), _add(community)
    friend = _add(community, name="Friend", recommended_by=contact.pk, note="Ask the choir of the Harbour.")
    assert [other.name for other in mentioned_in_notes(contact)] == ["Friend"]
    remove_contact(contact, by=by, now=LATER)
    friend.refresh_from_db()
    assert (friend.recommended_by_id, Contact.objects.count()) == (None, 1)
    assert "Choir" not in str(list(AuditEntry.objects.values_list("detail", "subject", "action")))
    with pytest.raises(Refused):
        record_asked_further(contact, by=by, now=LATER)


def test_a_map_that_was_given_up_can_only_be_emptied() -> None:
    community = make_community()
    by, contact = _steward(community), _add(community)
    Community.objects.update(closed_at=NOW)
    with pytest.raises(Refused):
        _add(community)
    remove_contact(contact, by=by, now=LATER)
    assert not Contact.objects.exists()


def test_districts_are_named_once_each_in_the_order_given() -> None:
    community = make_community()
    name_districts(community, names="Nord\n\n Süd \nSUD\nAltstadt", by=_steward(community), now=NOW)
    assert districts_of(community) == ("Nord", "Süd", "Altstadt")
    with pytest.raises(Refused) as refused:
        name_districts(community, names="x" * 81, by=_steward(community), now=NOW)
    assert (refused.value.field, districts_of(community)) == ("districts", ("Nord", "Süd", "Altstadt"))
