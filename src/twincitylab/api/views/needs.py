"""What communities seek and bring: the newest, one of them, writing it down, changing it, taking it out."""

from dataclasses import asdict, replace
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Router, Status

from twincitylab.api.bearer import OPEN, asker, must_write, person
from twincitylab.api.parameters import Key, NeedFilter, Needs, Number, Slug
from twincitylab.api.refusals import Overtaken, only
from twincitylab.api.schemas.communities import ChangedNeed, NeedDetail, NewestNeeds, NewNeed
from twincitylab.api.views.answering import READING, WRITING, Plain, chosen, sources
from twincitylab.api.views.reaching import created_once, reached
from twincitylab.community.choices import NeedState
from twincitylab.community.models import NeedOffer
from twincitylab.community.operations.needs import (
    ChangedMeanwhile,
    NeedFacts,
    add_need,
    delete_need,
    edit_need,
    facts_of,
    reopen_need,
    take_need,
)
from twincitylab.community.queries.cards import card
from twincitylab.community.queries.needs import need_line, newest_needs
from twincitylab.community.queries.visible import numbered_for
from twincitylab.community.rules.access import Standing, require_standing

router = Router(tags=["needs and offers"])


@router.get("/needs", response={200: NewestNeeds, **READING}, summary="The newest needs and offers", **OPEN)
@only(NeedFilter)
def list_needs(request: HttpRequest, asked: Needs) -> Plain:
    """What communities that may stand in lists for the one who asks seek and bring now, the newest first."""
    end = asked.offset + asked.limit
    newest = newest_needs(
        asker(request),
        today=timezone.now().date(),
        limit=end + 1,
        direction=chosen(asked.direction),
        topic=chosen(asked.topic),
    )
    return {
        "limit": asked.limit,
        "offset": asked.offset,
        "is_last": len(newest) <= end,
        "items": newest[asked.offset : end],
        **sources(),
    }


@router.get("/needs/{number}", response={200: NeedDetail, **READING}, summary="One need or offer", **OPEN)
@only()
def show_need(request: HttpRequest, number: Number) -> Plain:
    """With the revision that a change must name."""
    return _detail(_reached(request, number))


@router.post(
    "/communities/{slug}/needs",
    response={201: NeedDetail, **WRITING},
    summary="Write down a need or an offer",
    auth=must_write,
)
@only()
def new_need(request: HttpRequest, slug: Slug, key: Key, sent: NewNeed) -> Status[Plain]:
    """For stewards of the community."""
    community, _held = reached(request, slug, least=Standing.STEWARD)
    given = sent.model_dump()
    with created_once(request, key, sent=sent, of=NeedOffer.objects.all()) as form_key:
        made = add_need(
            community,
            direction=given.pop("direction"),
            facts=NeedFacts(**given),
            form_key=form_key,
            by=person(request),
            now=timezone.now(),
        )
    return Status(201, _detail(made))


@router.patch(
    "/needs/{number}",
    response={200: NeedDetail, **WRITING},
    summary="Change, take or reopen a need or an offer",
    auth=must_write,
)
@only()
def change_need(request: HttpRequest, number: Number, sent: ChangedNeed) -> Plain:
    """For stewards of its community. ``revision`` is the one that was read."""
    need = _stewarded(request, number)
    given = sent.model_dump(exclude_unset=True, exclude={"revision"})
    state = given.pop("state", need.state)
    facts = replace(facts_of(need), **given)
    try:
        return _detail(_changed(request, need, facts=facts, state=state, revision=sent.revision))
    except ChangedMeanwhile as meanwhile:
        current = {"revision": meanwhile.current.revision, **_plain(meanwhile.current)}
        yours = {**asdict(facts), "state": state}
        raise Overtaken(meanwhile.message, current=current, yours=yours) from None


@router.delete(
    "/needs/{number}", response={204: None, **WRITING}, summary="Take out a need or an offer", auth=must_write
)
@only()
def take_out_need(request: HttpRequest, number: Number) -> Status[None]:
    """For stewards of its community; it is gone for good."""
    delete_need(_stewarded(request, number), by=person(request), now=timezone.now())
    return Status(204, None)


@transaction.atomic
def _changed(
    request: HttpRequest, need: NeedOffer, *, facts: NeedFacts, state: str, revision: int
) -> NeedOffer:
    """Its words first, then its state; both or neither."""
    by, now, before = person(request), timezone.now(), need.revision
    if facts != facts_of(need):
        need = edit_need(need, facts=facts, revision=revision, by=by, now=now)
    if need.state == state:
        return need
    if need.revision == before != revision:
        raise ChangedMeanwhile(need)
    change = take_need if state == NeedState.TAKEN else reopen_need
    return change(need, by=by, now=now)


def _reached(request: HttpRequest, number: int) -> NeedOffer:
    found = NeedOffer.objects.filter(pk=number, community__in=numbered_for(asker(request)))
    need = found.select_related("community__city__country").first()
    if need is None:
        raise Http404
    return need


def _stewarded(request: HttpRequest, number: int) -> NeedOffer:
    need = _reached(request, number)
    require_standing(person(request), need.community, Standing.STEWARD)
    return need


def _detail(need: NeedOffer) -> Plain:
    return {
        "need": need_line(need, today=timezone.now().date()),
        "state": need.state,
        "urgency": need.urgency,
        "revision": need.revision,
        "community": card(need.community),
    }


def _plain(need: NeedOffer) -> dict[str, Any]:
    return {**asdict(facts_of(need)), "state": need.state}
