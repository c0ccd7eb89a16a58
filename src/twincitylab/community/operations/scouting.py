"""Changing the actor map: adding, editing and removing a contact, its consent, the districts to look at."""

import datetime as dt
import uuid
from dataclasses import dataclass, fields, replace
from typing import Any, cast

from django.db import transaction
from django.utils.translation import gettext as _

from twincitylab.base.audit import record
from twincitylab.base.text import fold
from twincitylab.community.choices import AgeGroup, Consent, ContactKind, Sector, Topic
from twincitylab.community.models import (
    LONGEST_DISTRICT,
    LONGEST_LINE,
    LONGEST_NAME,
    LONGEST_TEXT,
    CityDistrict,
    Community,
    Contact,
    Person,
)
from twincitylab.community.rules.access import Standing, require_standing
from twincitylab.community.rules.refusals import Refused, fitting_text
from twincitylab.community.rules.scouting_actors import MOST_CONTACTS

MOST_DISTRICTS = 100
_CHOICES = {"kind": ContactKind, "sector": Sector, "topic": Topic, "age_group": AgeGroup, "consent": Consent}
_LONGEST = {"name": LONGEST_NAME, "district": LONGEST_DISTRICT, "reach": LONGEST_LINE, "note": LONGEST_TEXT}
# Somewhere tomorrow has begun already.
_ANYWHERE = dt.timedelta(days=1)
_NOON = dt.time(12, tzinfo=dt.UTC)


@dataclass(frozen=True)
class ContactFacts:
    """What stewards write about a contact; ``recommended_by`` is the number of another one."""

    kind: str
    name: str
    sector: str = ""
    district: str = ""
    topic: str = ""
    age_group: str = ""
    reach: str = ""
    note: str = ""
    recommended_by: int | None = None
    asked_further_date: dt.date | None = None
    consent: str = Consent.NOT_ASKED
    consent_date: dt.date | None = None


class ChangedMeanwhile(Refused):
    """Somebody else changed the contact since it was opened; ``stored`` is how it is now."""

    def __init__(self, stored: Contact) -> None:
        super().__init__(
            _(
                "Somebody else changed this contact while you were writing. Look at both versions, "
                "then save yours."
            )
        )
        self.stored = stored


def add_contact(
    community: Community, *, facts: ContactFacts, form_key: uuid.UUID, by: Person, now: dt.datetime
) -> Contact:
    """One more contact on the map; the same form sent twice makes one."""
    with transaction.atomic():
        locked = opened_map(community, by=by)
        made = Contact.objects.filter(form_key=form_key, community=locked).first()
        if made is not None:
            return made
        if Contact.objects.filter(community=locked).count() >= MOST_CONTACTS:
            raise map_is_full()
        checked = _checked(facts, community=locked, now=now)
        contact = Contact(community=locked, form_key=form_key, created_at=now, changed_at=now)
        _write(contact, checked, now=now)
        contact.save()
        _record("add contact", contact, by=by, now=now)
    return contact


def change_contact(
    contact: Contact, *, facts: ContactFacts, seen: dt.datetime, by: Person, now: dt.datetime
) -> Contact:
    """The contact as it is now known; ``seen`` is when it had been changed last when it was opened."""
    with transaction.atomic():
        locked = locked_contact(contact, by=by)
        if locked.changed_at != seen:
            raise ChangedMeanwhile(locked)
        _write(locked, _checked(facts, community=locked.community, now=now, of=locked), now=now)
        save_changed(locked, now=now)
        _record("change contact", locked, by=by, now=now)
    return locked


def record_consent(
    contact: Contact, *, consent: str, on: dt.date | None = None, by: Person, now: dt.datetime
) -> Contact:
    """What the contact answered, or that it was asked, and when."""
    with transaction.atomic():
        locked = locked_contact(contact, by=by)
        if consent not in Consent.values:
            raise Refused(_("Choose one of the list."), field="consent")
        day = _past_day(on, field="consent_date", now=now)
        locked.consent_at = _consent_at(locked, Consent(consent), day, now=now)
        locked.consent = consent
        save_changed(locked, now=now)
        _record("record consent", locked, by=by, now=now, consent=str(consent))
    return locked


def record_asked_further(contact: Contact, *, by: Person, now: dt.datetime) -> Contact:
    """The contact was asked today whom it would recommend."""
    with transaction.atomic():
        locked = locked_contact(contact, by=by)
        locked.asked_further_date = now.date()
        save_changed(locked, now=now)
        _record("ask contact for further ones", locked, by=by, now=now)
    return locked


def remove_contact(contact: Contact, *, by: Person, now: dt.datetime) -> None:
    """Nothing of the contact stays, not even an invitation with its address; those whom it recommended stay,
    without saying who did. Also in a community that was given up: a wish to be forgotten does not expire."""
    with transaction.atomic():
        locked = locked_contact(contact, by=by, also_closed=True)
        _record("remove contact", locked, by=by, now=now)
        invitation = locked.invitation
        locked.delete()
        if invitation is not None:
            invitation.delete()


def name_districts(community: Community, *, names: str, by: Person, now: dt.datetime) -> tuple[str, ...]:
    """The districts in which the community wants to know somebody: one in each line, said once."""
    with transaction.atomic():
        locked = opened_map(community, by=by)
        wished: dict[str, str] = {}
        for line in names.splitlines():
            name = fitting_text(line, longest=LONGEST_DISTRICT, field="districts")
            if name:
                wished.setdefault(fold(name) or name.casefold(), name)
        if len(wished) > MOST_DISTRICTS:
            raise Refused(
                _("These are %(count)d districts, and there is room for %(most)d.")
                % {"count": len(wished), "most": MOST_DISTRICTS},
                field="districts",
            )
        CityDistrict.objects.filter(community=locked).delete()
        CityDistrict.objects.bulk_create(
            CityDistrict(community=locked, name=name) for name in wished.values()
        )
        _record_map("name districts", locked, by=by, now=now, districts=len(wished))
    return tuple(wished.values())


def opened_map(community: Community, *, by: Person, also_closed: bool = False) -> Community:
    """The community, locked until the transaction ends, for one of its stewards."""
    locked = Community.objects.select_for_update().get(pk=community.pk)
    require_standing(by, locked, Standing.STEWARD)
    if locked.closed_at is not None and not also_closed:
        raise Refused(_("This community was given up; its map can be read and emptied, no more."))
    return locked


def locked_contact(contact: Contact, *, by: Person, also_closed: bool = False) -> Contact:
    """The contact, locked with its community until the transaction ends, for one of the stewards."""
    community = opened_map(contact.community, by=by, also_closed=also_closed)
    found = Contact.objects.select_for_update().filter(pk=contact.pk, community=community).first()
    if found is None:
        raise Refused(_("This contact was removed meanwhile."))
    found.community = community
    return found


def save_changed(contact: Contact, *, now: dt.datetime) -> None:
    """Two changes are never at the same moment: whoever opened the contact before notices the second too."""
    contact.changed_at = max(now, contact.changed_at + dt.timedelta(microseconds=1))
    contact.save()


def map_is_full() -> Refused:
    return Refused(
        _("There are %(most)d contacts on this map, and there is no room for more. Remove some first.")
        % {"most": MOST_CONTACTS}
    )


def consent_moment(day: dt.date) -> dt.datetime:
    """Noon of that day: the same date nearly everywhere."""
    return dt.datetime.combine(day, _NOON)


def latest_day(now: dt.datetime) -> dt.date:
    """The last day that is not in the future for somebody."""
    return (now + _ANYWHERE).date()


def _checked(
    facts: ContactFacts, *, community: Community, now: dt.datetime, of: Contact | None = None
) -> ContactFacts:
    """The facts in clean words; ``Refused`` names the first that cannot be."""
    words = {
        name: fitting_text(getattr(facts, name), longest=longest, field=name, one_line=name != "note")
        for name, longest in _LONGEST.items()
    }
    if not words["name"]:
        raise Refused(_("A contact needs a name; for a place, what people call it."), field="name")
    for name, choices in _CHOICES.items():
        value = getattr(facts, name)
        if value not in choices.values and (value or name in {"kind", "consent"}):
            raise Refused(_("Choose one of the list."), field=name)
    if facts.recommended_by is not None:
        if of is not None and facts.recommended_by == of.pk:
            raise Refused(_("Nobody recommends themselves."), field="recommended_by")
        if not Contact.objects.filter(pk=facts.recommended_by, community=community).exists():
            raise Refused(_("Whoever recommended must be on this map."), field="recommended_by")
    for name in ("asked_further_date", "consent_date"):
        _past_day(getattr(facts, name), field=name, now=now)
    return replace(facts, **cast("dict[str, Any]", words))


def _past_day(day: dt.date | None, *, field: str, now: dt.datetime) -> dt.date | None:
    if day is not None and day > latest_day(now):
        raise Refused(_("This day has not been yet."), field=field)
    return day


def _write(contact: Contact, facts: ContactFacts, *, now: dt.datetime) -> None:
    contact.consent_at = _consent_at(contact, Consent(facts.consent), facts.consent_date, now=now)
    for field in fields(facts):
        if field.name not in {"recommended_by", "consent_date"}:
            setattr(contact, field.name, getattr(facts, field.name))
    contact.recommended_by_id = facts.recommended_by


def _consent_at(
    contact: Contact, consent: Consent, day: dt.date | None, *, now: dt.datetime
) -> dt.datetime | None:
    """The day that was given; else the day on which this answer was given before; else today."""
    if consent == Consent.NOT_ASKED:
        return None
    if day is not None:
        return consent_moment(day)
    if contact.consent == consent and contact.consent_at is not None:
        return contact.consent_at
    return consent_moment(now.date())


def _record(action: str, contact: Contact, *, by: Person, now: dt.datetime, **detail: object) -> None:
    _record_map(action, contact.community, by=by, now=now, contact=contact.pk, **detail)


def _record_map(action: str, community: Community, *, by: Person, now: dt.datetime, **detail: object) -> None:
    record(
        actor=f"person {by.pk}",
        action=action,
        subject=f"community {community.pk}",
        now=now,
        detail=dict(detail),
    )
