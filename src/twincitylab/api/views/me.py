"""Whose token this is, and what that person should know."""

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Router

from twincitylab.api.bearer import must_read, must_write, person
from twincitylab.api.parameters import Inbox, InboxQuery, Number
from twincitylab.api.refusals import only
from twincitylab.api.schemas.introductions import InboxOut, MeOut, UnreadOut
from twincitylab.api.views.answering import READING, WRITING, Plain, page
from twincitylab.community.operations.notices import mark_read
from twincitylab.community.queries.mine import my_communities
from twincitylab.community.queries.notices import notice_lines, notices_of, unread_count
from twincitylab.partnerships.queries.introductions import Step, interest_lines, open_lines, steward_of

router = Router(tags=["me"])


@router.get("/me", response={200: MeOut, **READING}, summary="Whose token this is", auth=must_read)
@only()
def show_me(request: HttpRequest) -> Plain:
    """The person and its communities."""
    who = person(request)
    return {
        "name": who.name,
        "email": who.email,
        "language": who.language,
        "timezone": who.timezone,
        "digest": who.digest,
        "is_facilitator": who.is_facilitator,
        "unread": unread_count(who),
        "communities": my_communities(who),
    }


@router.get("/inbox", response={200: InboxOut, **READING}, summary="What is new", auth=must_read)
@only(InboxQuery)
def show_inbox(request: HttpRequest, asked: Inbox) -> Plain:
    """Introductions that wait for an answer, what one has said in private, and what is new."""
    who = person(request)
    mine = steward_of(who)
    part = page(notices_of(who, only_unread=asked.unread), asked)
    waits = {Step.ANSWER, Step.REPLY}
    return {
        **part,
        "items": notice_lines(part["items"], reader=who),
        "unread": unread_count(who),
        "waiting": [line for line in open_lines(mine, now=timezone.now()) if line.step in waits],
        "said": interest_lines(mine),
    }


@router.post(
    "/inbox/{number}/read", response={200: UnreadOut, **WRITING}, summary="Mark as read", auth=must_write
)
@only()
def read_notice(request: HttpRequest, number: Number) -> Plain:
    """Reading it twice does no harm."""
    who = person(request)
    if not notices_of(who).filter(pk=number).exists():
        raise Http404
    mark_read(by=who, now=timezone.now(), pks=[number])
    return {"unread": unread_count(who)}
