"""Whom a community could meet; for those who have a seat in it."""

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Router

from twincitylab.api.bearer import must_read
from twincitylab.api.parameters import PartnerQuery, Partners, Slug
from twincitylab.api.refusals import Gathering, only
from twincitylab.api.schemas.communities import CommunityPairOut, PartnersOut
from twincitylab.api.views.answering import READING, Plain, chosen, country_code, known_language, sources
from twincitylab.api.views.reaching import reached, seen
from twincitylab.community.rules.access import Standing
from twincitylab.matching.engine.communities import CommunityFilters, matches_of, pair_of

router = Router(tags=["matches of communities"])


@router.get(
    "/communities/{slug}/matches",
    response={200: PartnersOut, **READING},
    summary="Partners of a community",
    auth=must_read,
)
@only(PartnerQuery)
def list_partners(request: HttpRequest, slug: Slug, asked: Partners) -> Plain:
    """Ranked partners: what the community would get from each, and what it would give."""
    from twincitylab.matching.engine.communities.store import StillGathering

    community, _held = reached(request, slug, least=Standing.MEMBER)
    filters = CommunityFilters(
        topic=chosen(asked.topic),
        kind=chosen(asked.kind),
        language=known_language(asked.language),
        country=country_code(asked.country) if asked.country else "",
    )
    try:
        found = matches_of(community.pk, top=asked.top, filters=filters, now=timezone.now())
    except StillGathering:
        raise Gathering from None
    names = ("community", "origin", "note", "of", "candidate_count", "is_silent", "matches")
    return {**{name: getattr(found, name) for name in names}, **sources()}


@router.get(
    "/communities/{slug}/matches/{other}",
    response={200: CommunityPairOut, **READING},
    summary="Two communities side by side",
    auth=must_read,
)
@only()
def show_partner(request: HttpRequest, slug: Slug, other: Slug) -> Plain:
    """What each would get and give, what they share, and when both are at work."""
    from twincitylab.matching.engine.communities.store import StillGathering

    community, _held = reached(request, slug, least=Standing.MEMBER)
    them = seen(request, other)
    if them.pk == community.pk:
        raise Http404
    try:
        found = pair_of(community.pk, them.pk, now=timezone.now())
    except StillGathering:
        raise Gathering from None
    names = ("here", "match", "other_needs", "other_offers", "own_needs", "own_offers", "hours")
    told = {name: getattr(found, name) for name in names}
    return {**told, "is_same_city": found.is_same_city, **sources()}
