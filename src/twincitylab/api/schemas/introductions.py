"""Introductions, the inbox, and who one is."""

import datetime as dt

from ninja import Field, Schema

from twincitylab.api.parameters import Text
from twincitylab.api.schemas.communities import CommunityOut, Sent, Words


class OpenIntroductionOut(Schema):
    """An open introduction, seen from one's own side ``us``; ``step`` says what can be done next."""

    id: int = Field(alias="pk")
    us: CommunityOut
    them: CommunityOut
    step: str
    made_at: dt.datetime
    expires_at: dt.datetime
    is_facilitated: bool


class IntroductionPage(Schema):
    count: int
    limit: int
    offset: int
    items: list[OpenIntroductionOut]


class NoteOut(Schema):
    """A question or an answer; ``name`` is the community's, empty for the facilitator."""

    text: str
    language: str
    written_at: dt.datetime
    name: str
    is_ours: bool


class ContactOut(Schema):
    """Whom to write to."""

    name: str
    email: str


class IntroductionOut(Schema):
    """One introduction as the asker sees it. ``us`` is empty for the facilitator. What the other side has
    answered is told once both have; ``contacts`` are those of the other side, and empty until then."""

    id: int
    state: str
    state_label: str
    way: str
    step: str
    us: CommunityOut | None
    left: CommunityOut
    right: CommunityOut
    message: str
    message_language: str
    notes: list[NoteOut]
    contacts: list[ContactOut]
    has_said_yes: bool
    may_write: bool
    may_withdraw: bool
    is_paused: bool
    decline_reason: str
    decline_reason_label: str
    decline_note: str
    is_declined_by_us: bool
    made_at: dt.datetime
    expires_at: dt.datetime
    answered_at: dt.datetime | None


class Proposal(Sent):
    """A proposal to meet ``other``, a slug."""

    other: Text
    message: Words
    language: Words


class Note(Sent):
    """A question before deciding, or the answer to one."""

    text: Words
    language: Words


class Declining(Sent):
    """A kind no; the other side reads the reason."""

    reason: Words
    note: Words = ""


class InterestOut(Schema):
    """What was said in private is kept; ``introduction`` is its number when it is mutual."""

    introduction: int | None


class SaidOut(Schema):
    """What one's own community has said in private."""

    us: CommunityOut
    them: CommunityOut
    made_at: dt.datetime


class NoticeOut(Schema):
    """Something to know; ``address`` is the page it is about."""

    id: int = Field(alias="pk")
    sentence: str
    address: str
    made_at: dt.datetime
    is_unread: bool


class InboxOut(Schema):
    """What waits, what was said in private, and one page of what is new."""

    unread: int
    waiting: list[OpenIntroductionOut]
    said: list[SaidOut]
    count: int
    limit: int
    offset: int
    items: list[NoticeOut]


class UnreadOut(Schema):
    unread: int


class SeatOut(Schema):
    """A community of one's own."""

    community: CommunityOut = Field(alias="card")
    role: str
    visibility_label: str


class MeOut(Schema):
    """Whose token this is."""

    name: str
    email: str
    language: str
    timezone: str
    digest: str
    is_facilitator: bool
    unread: int
    communities: list[SeatOut]
