"""Introductions: the open ones, one of them, proposing, answering; and interest said in private."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Router, Status

from twincitylab.api.bearer import must_read, must_write, person
from twincitylab.api.parameters import Key, Number, Page, Paging, Side, SideQuery, Slug
from twincitylab.api.refusals import Overtaken, only
from twincitylab.api.schemas.introductions import (
    Declining,
    InterestOut,
    IntroductionOut,
    IntroductionPage,
    Note,
    Proposal,
)
from twincitylab.api.views.answering import READING, WRITING, Plain, page
from twincitylab.api.views.reaching import created_once, reached, seen
from twincitylab.community.models import Community
from twincitylab.community.rules.access import Standing
from twincitylab.partnerships.choices import DeclineReason, IntroductionState
from twincitylab.partnerships.models import Introduction, IntroductionNote
from twincitylab.partnerships.operations.answering import accept, decline, withdraw, write_note
from twincitylab.partnerships.operations.interest import drop_interest, mark_interest
from twincitylab.partnerships.operations.pairs import Overtaken as AlreadyAnswered
from twincitylab.partnerships.operations.proposing import propose
from twincitylab.partnerships.queries.introductions import Meeting, meeting, open_lines, steward_of
from twincitylab.partnerships.rules.proposing import HaveMet

router = Router(tags=["introductions"])
ANSWERED = {200: IntroductionOut, **WRITING}


@router.get(
    "/introductions",
    response={200: IntroductionPage, **READING},
    summary="Open introductions",
    auth=must_read,
)
@only(Page)
def list_introductions(request: HttpRequest, asked: Paging) -> Plain:
    """Those of the communities for which one acts, the oldest first."""
    return page(open_lines(steward_of(person(request)), now=timezone.now()), asked)


@router.get(
    "/introductions/{number}",
    response={200: IntroductionOut, **READING},
    summary="One introduction",
    auth=must_read,
)
@only(SideQuery)
def show_introduction(request: HttpRequest, number: Number, side: Side) -> Plain:
    """For stewards of both sides and the facilitator who sits in."""
    return _plain(_meeting(request, number, side))


@router.post(
    "/communities/{slug}/introductions",
    response={201: IntroductionOut, **WRITING},
    summary="Propose to meet",
    auth=must_write,
)
@only()
def new_introduction(request: HttpRequest, slug: Slug, key: Key, sent: Proposal) -> Status[Plain]:
    """For stewards: from then on the other side sees the community. When it has said in private that it
    would like to meet, both have said yes."""
    community, _held = reached(request, slug, least=Standing.STEWARD)
    them = seen(request, sent.other)
    try:
        with created_once(request, key, sent=sent, of=Introduction.objects.all()) as form_key:
            made = propose(
                community=community,
                other=them,
                message=sent.message,
                language=sent.language,
                form_key=form_key,
                by=person(request),
                now=timezone.now(),
            )
    except HaveMet as met:
        raise _met(met) from None
    return Status(201, _plain(_meeting(request, made.pk, SideQuery.model_validate({"as": community.slug}))))


@router.post("/introductions/{number}/accept", response=ANSWERED, summary="Say yes", auth=must_write)
@only(SideQuery)
def accept_introduction(request: HttpRequest, number: Number, side: Side) -> Plain:
    """One side says yes; when the other has too, they meet. Saying yes again changes nothing."""
    found = _meeting(request, number, side)

    def change() -> None:
        accept(introduction=found.introduction, side=_ours(found), by=person(request), now=timezone.now())

    return _changed(request, number, side, change)


@router.post("/introductions/{number}/decline", response=ANSWERED, summary="Say no, kindly", auth=must_write)
@only(SideQuery)
def decline_introduction(request: HttpRequest, number: Number, side: Side, sent: Declining) -> Plain:
    """The other side reads the reason, and the own list of partners learns from it."""
    found = _meeting(request, number, side)

    def change() -> None:
        decline(
            introduction=found.introduction,
            side=_ours(found),
            reason=sent.reason,
            note=sent.note,
            by=person(request),
            now=timezone.now(),
        )

    return _changed(request, number, side, change)


@router.post("/introductions/{number}/withdraw", response=ANSWERED, summary="Take it back", auth=must_write)
@only(SideQuery)
def withdraw_introduction(request: HttpRequest, number: Number, side: Side) -> Plain:
    """For whoever proposed: one side, or the facilitator."""
    found = _meeting(request, number, side)

    def change() -> None:
        withdraw(
            introduction=found.introduction,
            side=_ours(found) if found.us else None,
            by=person(request),
            now=timezone.now(),
        )

    return _changed(request, number, side, change)


@router.post(
    "/introductions/{number}/note",
    response={201: IntroductionOut, **WRITING},
    summary="Ask, or answer a question",
    auth=must_write,
)
@only(SideQuery)
def note_on_introduction(
    request: HttpRequest, number: Number, side: Side, key: Key, sent: Note
) -> Status[Plain]:
    """Before both decide. The side that has proposed answers what the other asks."""
    found = _meeting(request, number, side)

    def change() -> None:
        with created_once(request, key, sent=sent, of=IntroductionNote.objects.all()) as form_key:
            write_note(
                introduction=found.introduction,
                side=_ours(found) if found.us else None,
                text=sent.text,
                language=sent.language,
                form_key=form_key,
                by=person(request),
                now=timezone.now(),
            )

    return Status(201, _changed(request, number, side, change))


@router.put(
    "/communities/{slug}/interest/{other}",
    response={200: InterestOut, **WRITING},
    summary="Say in private that you would like to meet",
    auth=must_write,
)
@only()
def say_interest(request: HttpRequest, slug: Slug, other: Slug) -> Plain:
    """Nobody learns of it, unless the other side says the same: then both are introduced."""
    community, _held = reached(request, slug, least=Standing.STEWARD)
    them = seen(request, other)
    try:
        made = mark_interest(community=community, other=them, by=person(request), now=timezone.now())
    except HaveMet as met:
        raise _met(met) from None
    return {"introduction": made.pk if made else None}


@router.delete(
    "/communities/{slug}/interest/{other}",
    response={204: None, **WRITING},
    summary="Take back what you said in private",
    auth=must_write,
)
@only()
def take_back_interest(request: HttpRequest, slug: Slug, other: Slug) -> Status[None]:
    """Whether there was anything or not."""
    community, _held = reached(request, slug, least=Standing.STEWARD)
    them = seen(request, other)
    drop_interest(community=community, other=them, by=person(request), now=timezone.now())
    return Status(204, None)


def _meeting(request: HttpRequest, number: int, side: SideQuery) -> Meeting:
    found = meeting(number, reader=person(request), as_slug=side.as_slug, now=timezone.now())
    if found is None:
        raise Http404
    return found


def _ours(found: Meeting) -> Community:
    """The side the asker acts for; the facilitator answers for nobody."""
    if found.us is None:
        raise PermissionDenied
    return Community(pk=found.us.pk)


def _changed(request: HttpRequest, number: int, side: SideQuery, change: Callable[[], None]) -> Plain:
    """Make the change, and tell how the introduction stands then."""
    try:
        change()
    except AlreadyAnswered as overtaken:
        current = IntroductionOut.model_validate(_plain(_meeting(request, number, side)))
        raise Overtaken(overtaken.message, current=current.model_dump(mode="json")) from None
    return _plain(_meeting(request, number, side))


def _met(met: HaveMet) -> Overtaken:
    return Overtaken(met.message, current={"introduction": met.introduction_pk})


def _plain(found: Meeting) -> Plain:
    one = found.introduction
    is_overdue = one.is_overdue(now=timezone.now())
    state = IntroductionState.EXPIRED if is_overdue else IntroductionState(one.state)
    names = (
        "us", "left", "right", "step", "notes", "contacts", "has_said_yes", "may_write", "may_withdraw",
        "is_paused",
    )  # fmt: skip
    return {
        **{name: getattr(found, name) for name in names},
        "id": one.pk,
        "state": state.value,
        "state_label": str(state.label),
        "way": one.way,
        "message": one.message,
        "message_language": one.message_language,
        "decline_reason": one.decline_reason,
        "decline_reason_label": str(DeclineReason(one.decline_reason).label) if one.decline_reason else "",
        "decline_note": one.decline_note,
        "is_declined_by_us": found.us is not None and one.declined_by_id == found.us.pk,
        "made_at": one.made_at,
        "expires_at": one.expires_at,
        "answered_at": one.answered_at,
    }
