"""The actor map of a community, and what of it may be public."""

import datetime as dt
from dataclasses import dataclass

from twincitylab.community.choices import Consent, ContactKind, Sector, Topic
from twincitylab.community.models import CityDistrict, Community, Contact
from twincitylab.community.rules.scouting_actors import Actor


@dataclass(frozen=True)
class ActiveContact:
    """What everybody who may see the community sees of a contact that agreed; no more is ever public."""

    name: str
    kind_label: str
    sector_label: str
    topic_label: str


def actors_of(community: Community) -> tuple[Actor, ...]:
    """Everybody on the map, in the order of writing down; one query."""
    return tuple(map(actor, Contact.objects.filter(community=community).order_by("created_at", "pk")))


def actor(contact: Contact) -> Actor:
    """The contact as the board shows it."""
    return Actor(
        pk=contact.pk,
        kind=ContactKind(contact.kind),
        name=contact.name,
        sector=contact.sector,
        district=contact.district,
        topic=contact.topic,
        age_group=contact.age_group,
        recommended_by=contact.recommended_by_id,
        asked_further_date=contact.asked_further_date,
        consent=Consent(contact.consent),
        consent_date=contact.consent_at.astimezone(dt.UTC).date() if contact.consent_at else None,
        is_invited=contact.invitation_id is not None,
    )


def districts_of(community: Community) -> tuple[str, ...]:
    """The districts in which the community wants to know somebody, in the order in which it gave them."""
    return tuple(
        CityDistrict.objects.filter(community=community).order_by("pk").values_list("name", flat=True)
    )


def active_here(community: Community) -> tuple[ActiveContact, ...]:
    """Those on the map who agreed to be named. None of a community in safety mode, whose neighbours would
    tell where it is, and none of one that was given up."""
    if community.is_safe_mode or community.closed_at is not None:
        return ()
    agreed = Contact.objects.filter(community=community, consent=Consent.GIVEN).order_by("name", "pk")
    return tuple(
        ActiveContact(
            name=contact.name,
            kind_label=str(ContactKind(contact.kind).label),
            sector_label=str(Sector(contact.sector).label) if contact.sector else "",
            topic_label=str(Topic(contact.topic).label) if contact.topic else "",
        )
        for contact in agreed.only("name", "kind", "sector", "topic")
    )


def mentioned_in_notes(contact: Contact) -> tuple[Contact, ...]:
    """Other contacts of the same map in whose note this one is named."""
    others = Contact.objects.filter(community=contact.community_id).exclude(pk=contact.pk)
    return tuple(others.filter(note__icontains=contact.name).order_by("name", "pk"))


def exported_rows(community: Community) -> list[dict[str, str]]:
    """Every contact as the cells of a line. Who recommended it stands by name where that name is clear, else
    by its number."""
    contacts = list(Contact.objects.filter(community=community).order_by("created_at", "pk"))
    names = [contact.name.casefold() for contact in contacts]
    by_pk = {contact.pk: contact for contact in contacts}

    def recommender(contact: Contact) -> str:
        found = by_pk.get(contact.recommended_by_id or 0)
        if found is None:
            return ""
        is_clear = names.count(found.name.casefold()) == 1 and not found.name.isdigit()
        return found.name if is_clear else str(found.pk)

    return [_row(contact, recommender=recommender(contact)) for contact in contacts]


def _row(contact: Contact, *, recommender: str) -> dict[str, str]:
    asked, answered = contact.asked_further_date, actor(contact).consent_date
    return {
        "number": str(contact.pk),
        "kind": contact.kind,
        "name": contact.name,
        "sector": contact.sector,
        "district": contact.district,
        "topic": contact.topic,
        "age_group": contact.age_group,
        "reach": contact.reach,
        "note": contact.note,
        "recommended_by": recommender,
        "asked_further_date": asked.isoformat() if asked else "",
        "consent": contact.consent,
        "consent_date": answered.isoformat() if answered else "",
    }
