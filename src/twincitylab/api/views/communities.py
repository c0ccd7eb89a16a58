"""Communities: the directory, one of them, founding, changing and giving up."""

from dataclasses import asdict, replace
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Status

from twincitylab.api.bearer import OPEN, asker, must_write, person
from twincitylab.api.parameters import Communities, CommunityFilter, Key, Slug
from twincitylab.api.refusals import Overtaken, UnclearCity, only
from twincitylab.api.schemas.communities import (
    ChangedCommunity,
    CommunityDetail,
    CommunityPage,
    NewCommunity,
)
from twincitylab.api.views.answering import (
    READING,
    WRITING,
    Plain,
    chosen,
    city_by_text,
    country_code,
    known_language,
    page,
    sources,
)
from twincitylab.api.views.reaching import created_once, reached
from twincitylab.atlas.queries import AmbiguousCity, UnknownCity
from twincitylab.community.models import Community
from twincitylab.community.operations.communities import (
    ChangedMeanwhile,
    close_community,
    edit_community,
    found_community,
)
from twincitylab.community.queries.community_page import community_page
from twincitylab.community.queries.directory import Wanted, directory, entries, relaxations
from twincitylab.community.rules.access import Standing
from twincitylab.community.rules.facts import CommunityFacts, facts_of

router = Router(tags=["communities"])

_ASKED_AS = {"text": "q"}


@router.get("/communities", response={200: CommunityPage, **READING}, summary="List communities", **OPEN)
@only(CommunityFilter)
def list_communities(request: HttpRequest, asked: Communities) -> Plain:
    """Communities that may stand in lists for the one who asks: those so named first, then the newest."""
    who, today, wanted = asker(request), timezone.now().date(), _wanted(asked)
    found = directory(who, wanted, today=today).pks
    part = page(found, asked)
    return {
        **part,
        "items": [
            {"community": entry.card, "needs": entry.open.needs, "offers": entry.open.offers}
            for entry in entries(part["items"], who, today=today)
        ],
        "advice": [
            {"filter": _ASKED_AS.get(hint.name, hint.name), "count": hint.count, "sentence": hint.sentence}
            for hint in (() if found else relaxations(who, wanted, today=today))
        ],
        **sources(),
    }


@router.get(
    "/communities/{slug}", response={200: CommunityDetail, **READING}, summary="One community", **OPEN
)
@only()
def show_community(request: HttpRequest, slug: Slug) -> Plain:
    """What it is, what it seeks and brings; its stewards also read what they can change."""
    community, held = reached(request, slug)
    return _detail(request, community, held=held)


@router.post(
    "/communities", response={201: CommunityDetail, **WRITING}, summary="Found a community", auth=must_write
)
@only()
def new_community(request: HttpRequest, key: Key, sent: NewCommunity) -> Status[Plain]:
    """A new community with the asker as its first steward."""
    facts = _with(None, sent.model_dump())
    with created_once(request, key, sent=sent, of=Community.objects.all()) as form_key:
        made = found_community(facts=facts, form_key=form_key, by=person(request), now=timezone.now())
    return Status(201, _detail(request, made, held=Standing.STEWARD))


@router.patch(
    "/communities/{slug}",
    response={200: CommunityDetail, **WRITING},
    summary="Change a community",
    auth=must_write,
)
@only()
def change_community(request: HttpRequest, slug: Slug, sent: ChangedCommunity) -> Plain:
    """For its stewards. ``revision`` is the one that was read: who comes second learns of both versions."""
    community, held = reached(request, slug, least=Standing.STEWARD)
    facts = _with(facts_of(community), sent.model_dump(exclude_unset=True, exclude={"revision"}))
    try:
        changed = edit_community(
            community=community,
            facts=facts,
            revision=sent.revision,
            by=person(request),
            now=timezone.now(),
        )
    except ChangedMeanwhile as meanwhile:
        current = {"revision": meanwhile.community.revision, **asdict(facts_of(meanwhile.community))}
        message = _("Somebody has changed this in the meantime. Compare, then save again.")
        raise Overtaken(message, current=current, yours=asdict(facts)) from None
    return _detail(request, changed, held=held)


@router.post(
    "/communities/{slug}/close",
    response={200: CommunityDetail, **WRITING},
    summary="Give a community up",
    auth=must_write,
)
@only()
def give_up_community(request: HttpRequest, slug: Slug) -> Plain:
    """For its stewards: from now on nobody but its members sees it. Giving up twice does no harm."""
    community, held = reached(request, slug, least=Standing.STEWARD)
    closed = close_community(community=community, by=person(request), now=timezone.now())
    return _detail(request, closed, held=held)


def _detail(request: HttpRequest, community: Community, *, held: Standing) -> Plain:
    told = community_page(community, reader=asker(request), standing=held, now=timezone.now())
    return {
        "community": told.card,
        "needs": told.lines.needs,
        "offers": told.lines.offers,
        "standing": held.name.lower(),
        "about": told.about,
        "about_language": told.about_language,
        "size_label": told.size_label,
        "local_time": told.local_time,
        "utc_offset": told.offset,
        "verification": told.verification,
        "is_closed": told.is_closed,
        "visibility": told.visibility if told.is_member else "",
        "revision": community.revision if told.is_steward else None,
        "facts": facts_of(community) if told.is_steward else None,
        **sources(),
    }


def _wanted(asked: CommunityFilter) -> Wanted:
    return Wanted(
        text=asked.q,
        city=city_by_text(asked.city).pk if asked.city else 0,
        country=country_code(asked.country) if asked.country else "",
        continent=chosen(asked.continent),
        topic=chosen(asked.topic),
        direction=chosen(asked.direction),
        exchange=chosen(asked.exchange),
        kind=chosen(asked.kind),
        language=known_language(asked.language),
        verified=asked.verified,
    )


def _with(facts: CommunityFacts | None, given: dict[str, Any]) -> CommunityFacts:
    """The facts with what was sent; the city by whatever name it was sent."""
    for name in ("topics", "languages", "modes"):
        if name in given:
            given[name] = tuple(given[name])
    if "city" in given:
        given["city"] = _sent_city(given["city"])
    return CommunityFacts(**given) if facts is None else replace(facts, **given)


def _sent_city(text: str) -> int:
    if not text.strip():
        return 0
    try:
        return int(city_by_text(text).pk)
    except UnknownCity as unknown:
        raise UnclearCity(str(unknown), hits=unknown.nearest) from None
    except AmbiguousCity as several:
        raise UnclearCity(str(several), hits=several.choices) from None
