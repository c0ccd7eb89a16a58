"""Founding, changing and giving up a community."""

import datetime as dt
import uuid
from collections.abc import Iterator

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from twincitylab.atlas.models import City
from twincitylab.base.audit import record
from twincitylab.community.choices import Mode, Role, Visibility
from twincitylab.community.models import (
    Community,
    CommunityBlock,
    CommunityLanguage,
    CommunityTopic,
    Disclosure,
    Invitation,
    Membership,
    Person,
)
from twincitylab.community.operations.needs import renew_needs
from twincitylab.community.operations.search import index_words
from twincitylab.community.queries.places import names_of_city
from twincitylab.community.queries.telling import told_of
from twincitylab.community.queries.visible import listed_for
from twincitylab.community.rules.access import Standing, require_standing
from twincitylab.community.rules.facts import VERIFIED_FACTS, CommunityFacts, checked_facts, facts_of
from twincitylab.community.rules.invitations import digest_of_address
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.rules.slugs import drawn_slugs, plain_slugs
from twincitylab.community.signals import community_begins_anew, community_closed, community_hides

MOST_FOUNDED_A_DAY = 10
_STORED_AS_THEY_ARE = (
    "name", "kind", "purpose", "about", "about_language", "website", "since", "size", "capacity",
    "visibility", "is_safe_mode", "pseudonym", "hides_city",
)  # fmt: skip


class ChangedMeanwhile(Exception):
    """Somebody else has changed the community since the form was made; ``community`` is as it is now."""

    def __init__(self, community: Community) -> None:
        super().__init__(f"revision {community.revision}")
        self.community = community


@transaction.atomic
def found_community(*, facts: CommunityFacts, form_key: uuid.UUID, by: Person, now: dt.datetime) -> Community:
    """A new community with ``by`` as its first steward; the same form sent again gives the same one."""
    Person.objects.select_for_update(no_key=True).get(pk=by.pk)
    if made := _founded_already(form_key, by=by):
        return made
    _refuse_too_many(by, now=now)
    facts = _accepted(facts, now=now)
    community = Community(created_at=now, changed_at=now, matched_at=now, form_key=form_key)
    _take_over(facts, community=community)
    _save_under_a_free_slug(community)
    _store_lines(community, facts=facts)
    Membership.objects.create(community=community, person=by, role=Role.STEWARD, since=now)
    index_words([community.pk])
    _note("found community", community=community, by=by, now=now)
    return community


@transaction.atomic
def edit_community(
    *, community: Community, facts: CommunityFacts, revision: int, by: Person, now: dt.datetime
) -> Community:
    """The community as the facts say. Raises ChangedMeanwhile when it no longer has that revision.

    Its address changes when another name protects it than before, or when not everybody can see it any more;
    the earlier one then leads nowhere.
    Whoever is verified under one name, city and kind is not under another.
    """
    community = Community.objects.select_for_update().get(pk=community.pk)
    require_standing(by, community, Standing.STEWARD)
    if community.closed_at:
        raise Refused(_("This community is closed, so nothing of it changes any more."))
    if community.revision != revision:
        raise ChangedMeanwhile(community)
    before, facts = facts_of(community), _accepted(facts, now=now)
    _refuse_telling_needs(community, facts=facts)
    changed = [field for field in CommunityFacts.__dataclass_fields__ if _differ(field, before, facts)]
    if not changed:
        return community
    _take_over(facts, community=community)
    if community.verified_at and any(field in VERIFIED_FACTS for field in changed):
        community.verified_at, community.verified_by, community.verified_reason = None, None, ""
    community.revision += 1
    community.changed_at = community.matched_at = now
    if _protection(before) != _protection(facts):
        _begin_anew(community, by=by, now=now)
    elif before.visibility == Visibility.PUBLIC != facts.visibility:
        _save_under_a_free_slug(community)
    else:
        community.save()
    if before.visibility != Visibility.HIDDEN == facts.visibility:
        _hide(community, by=by, now=now)
    _store_lines(community, facts=facts)
    index_words([community.pk])
    _note("edit community", community=community, by=by, now=now, fields=changed)
    return community


@transaction.atomic
def close_community(*, community: Community, by: Person, now: dt.datetime) -> Community:
    """Give the community up: nobody but its members sees it any more, and no invitation opens it."""
    community = Community.objects.select_for_update().get(pk=community.pk)
    require_standing(by, community, Standing.STEWARD)
    if community.closed_at:
        return community
    community.closed_at = community.changed_at = community.matched_at = now
    community.revision += 1
    community.verification_asked_at = None
    community.save(
        update_fields=["closed_at", "changed_at", "matched_at", "revision", "verification_asked_at"]
    )
    _forget_invited(community, now=now)
    index_words([community.pk])
    _note("close community", community=community, by=by, now=now)
    community_closed.send(sender=Community, community=community, by=by, now=now)
    return community


def _forget_invited(community: Community, *, now: dt.datetime) -> None:
    """No invitation opens anything any more, and nobody can read to whom one was sent.

    A digest stays of the address, so that closing and founding anew sends nobody more mails than they should
    get.
    """
    invitations = Invitation.objects.filter(community=community)
    invitations.filter(revoked_at__isnull=True).update(revoked_at=now)
    for invitation in invitations.filter(email__contains="@"):
        invitation.email = digest_of_address(invitation.email)
        invitation.save(update_fields=["email"])


def _founded_already(form_key: uuid.UUID, *, by: Person) -> Community | None:
    made = Community.objects.filter(form_key=form_key).first()
    if made and not made.memberships.filter(person=by).exists():
        raise Refused(_("This form was sent before. Open it again to found another community."))
    return made


def _refuse_too_many(by: Person, *, now: dt.datetime) -> None:
    since = now - dt.timedelta(days=1)
    founded = Community.objects.filter(
        created_at__gt=since, memberships__person=by, memberships__role=Role.STEWARD
    )
    if founded.count() >= MOST_FOUNDED_A_DAY:
        raise Refused(
            _("You have founded %(count)d communities within a day. Go on tomorrow.")
            % {"count": MOST_FOUNDED_A_DAY}
        )


def _accepted(facts: CommunityFacts, *, now: dt.datetime) -> CommunityFacts:
    if not City.objects.filter(pk=facts.city).exists():
        raise Refused(_("Choose the city of your community."), field="city")
    names = names_of_city(facts.city) if facts.is_safe_mode else []
    facts, faults = checked_facts(facts, this_year=now.year, city_names=names)
    for field, sentence in faults.items():
        raise Refused(sentence, field=field)
    return facts


def _refuse_telling_needs(community: Community, *, facts: CommunityFacts) -> None:
    """What was written before safety mode may tell what it hides."""
    if not facts.is_safe_mode:
        return
    for text in community.needs_offers.order_by("pk").values_list("text", flat=True):
        if told := told_of([text], name=facts.name, city=facts.city, hides_city=facts.hides_city):
            words = {"word": told, "text": text[:80]}
            raise Refused(
                _("One of your needs and offers tells “%(word)s”. Change it first: “%(text)s”") % words,
                field="is_safe_mode",
            )


def _differ(field: str, before: CommunityFacts, after: CommunityFacts) -> bool:
    return bool(getattr(before, field) != getattr(after, field))


def _protection(facts: CommunityFacts) -> str:
    """What an address must follow at once: whether there is another name, and which."""
    return facts.pseudonym if facts.is_safe_mode else ""


def _take_over(facts: CommunityFacts, *, community: Community) -> None:
    for field in _STORED_AS_THEY_ARE:
        setattr(community, field, getattr(facts, field))
    community.city_id = facts.city
    community.mode_online = Mode.ONLINE in facts.modes
    community.mode_visit = Mode.VISIT in facts.modes
    community.mode_hybrid = Mode.HYBRID in facts.modes


def _begin_anew(community: Community, *, by: Person, now: dt.datetime) -> None:
    """Nothing that others could see under the one name leads to the other: neither address, number nor day.

    Facilitators who were asked under the one name find nothing under the other.
    A link of invitation shows the name, and was given away under the other one: it opens nothing any more.
    Who blocks the community still hears nothing of it, but is not told that this is the one.
    """
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if community.verified_at:
        community.verified_at = day
    community.verification_asked_at = None
    _save_under_a_free_slug(community)
    renew_needs(community, day=day)
    Invitation.objects.filter(community=community, revoked_at__isnull=True).update(revoked_at=now)
    CommunityBlock.objects.filter(blocked=community).update(is_silent=True)
    community_begins_anew.send(sender=Community, community=community, by=by, now=now)


def _hide(community: Community, *, by: Person, now: dt.datetime) -> None:
    """Whoever noted its name sees no other that it takes; those that it has met still see it."""
    community_hides.send(sender=Community, community=community, by=by, now=now)
    met = Disclosure.objects.filter(community=community).values("to")
    CommunityBlock.objects.filter(blocked=community).exclude(community__in=met).update(is_silent=True)


def _save_under_a_free_slug(community: Community) -> None:
    for candidate in _slugs_for(community):
        if not _is_free(candidate):
            continue
        community.slug = candidate
        try:
            with transaction.atomic():
                community.save()
        except IntegrityError:  # somebody else took it in the same moment
            continue
        return
    raise Refused(_("Too many communities bear this name already. Choose another one."), field="name")


def _slugs_for(community: Community) -> Iterator[str]:
    if community.is_safe_mode:
        return drawn_slugs(community.shown_name, kind="community")
    make = plain_slugs if community.visibility == Visibility.PUBLIC else drawn_slugs
    return make(community.name, kind=community.kind, city=community.city.name)


def _is_free(slug: str) -> bool:
    """Whether nobody that everybody can see has this address.

    Whoever has it unseen is moved to a drawn one: that an address is taken would tell that they exist.
    """
    holder = Community.objects.filter(slug=slug).select_related("city").first()
    if holder is None:
        return True
    if listed_for(None).filter(pk=holder.pk).exists():
        return False
    place = "" if holder.is_safe_mode else holder.city.name
    drawn = next(drawn_slugs(holder.shown_name, kind=holder.kind, city=place))
    Community.objects.filter(pk=holder.pk, slug=slug).update(slug=drawn)
    return True


def _store_lines(community: Community, *, facts: CommunityFacts) -> None:
    topics = set(community.topics.values_list("topic", flat=True))
    languages = set(community.languages.values_list("language", flat=True))
    community.topics.filter(topic__in=topics - set(facts.topics)).delete()
    community.languages.filter(language__in=languages - set(facts.languages)).delete()
    CommunityTopic.objects.bulk_create(
        CommunityTopic(community=community, topic=topic) for topic in facts.topics if topic not in topics
    )
    CommunityLanguage.objects.bulk_create(
        CommunityLanguage(community=community, language=language)
        for language in facts.languages
        if language not in languages
    )


def _note(action: str, *, community: Community, by: Person, now: dt.datetime, **detail: object) -> None:
    record(
        actor=f"person {by.pk}",
        action=action,
        subject=f"community {community.pk}",
        now=now,
        detail={"revision": community.revision, **detail},
    )
