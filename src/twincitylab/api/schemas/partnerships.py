"""Partnerships: their sides, what they do, whether they are alive, and what closed checks say."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import AwareDatetime

from twincitylab.api.parameters import Text
from twincitylab.api.schemas.communities import CommunityOut, Sent, Whole, Words
from twincitylab.community.choices import Mode
from twincitylab.partnerships.choices import ActivityState

Amount = Annotated[Decimal, Field(max_digits=14, decimal_places=2)]
Hours = Annotated[Decimal, Field(max_digits=9, decimal_places=2)]


class SideOut(Schema):
    """A community in a partnership; ``shore`` is its colour on the pages, ``a`` for the first."""

    shore: str
    community: CommunityOut
    is_active: bool
    joined_at: dt.datetime | None
    left_at: dt.datetime | None


class PartnershipLine(Schema):
    """A partnership of one's own in the list of all; ``us`` is the slug of the side one acts for."""

    slug: str
    name: str
    stage: str
    stage_label: str
    stage_since: dt.datetime
    us: str
    sides: list[SideOut]
    is_public: bool
    is_demonstration: bool
    changed_at: dt.datetime


class PartnershipPage(Schema):
    count: int
    limit: int
    offset: int
    items: list[PartnershipLine]


class AgreementOut(Schema):
    """The version to which all sides have said yes; ``articles`` are texts by article and language."""

    number: int
    articles: dict[str, dict[str, str]]
    review_on: dt.date | None
    runs_until: dt.date | None


class PlannedOut(Schema):
    """One of the next few activities."""

    id: int = Field(alias="pk")
    kind: str
    title: str
    language: str
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    mode: str


class StoryOut(Schema):
    """What all sides may tell everybody of an activity: neither place nor hours nor people."""

    kind: str
    title: str
    language: str
    starts_at: dt.datetime
    topic: str
    goals: list[int]
    story: str


class PartnershipOut(Schema):
    """One partnership. Who is of none of its sides reads what its public page shows: then ``us`` is empty,
    ``agreement`` is null and ``next_activities`` and ``capacity`` are not told."""

    slug: str
    name: str
    purpose: str
    language: str
    stage: str
    stage_label: str
    us: str
    may_write: bool
    sides: list[SideOut]
    agreement: AgreementOut | None
    next_activities: list[PlannedOut]
    stories: list[StoryOut]
    is_public: bool
    is_demonstration: bool
    created_at: dt.datetime


class GiftOut(Schema):
    """What one side gave; null where nobody has said, never nought."""

    side: str
    people: int | None
    new_people: int | None
    hours: Decimal | None
    money: Decimal | None
    in_kind: str
    in_kind_worth: Decimal | None


class ActivityOut(Schema):
    """An activity. ``host`` and ``put_to_use_by`` are slugs of sides; an empty host is both together. Who
    carried it stands on its page alone."""

    id: int
    kind: str
    kind_label: str
    state: str
    title: str
    about: str
    language: str
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    mode: str
    place: str
    host: str
    language_used: str
    topic: str
    goals: list[int]
    outcome: str
    story: str
    is_put_to_use: bool | None
    put_to_use_by: str
    is_public: bool
    made_by: str
    gifts: list[GiftOut]
    revision: int


class ActivityPage(Schema):
    """One page of activities, the newest first; ``currency`` is that of all sums."""

    currency: str
    count: int
    limit: int
    offset: int
    items: list[ActivityOut]


class NewGift(Sent):
    """What one side gave; leave out what nobody knows."""

    people: Whole | None = None
    new_people: Whole | None = None
    hours: Hours | None = None
    money: Amount | None = None
    in_kind: Words = ""
    in_kind_worth: Amount | None = None


class NewActivity(Sent):
    """An activity to write down; ``gifts`` are by slug of a side."""

    kind: Words
    state: Words = ActivityState.HELD.value
    title: Words
    starts_at: AwareDatetime
    ends_at: AwareDatetime | None = None
    mode: Words = Mode.ONLINE.value
    place: Words = ""
    host: Text = ""
    language: Words
    language_used: Words = ""
    topic: Words = ""
    goals: list[Whole] = Field(default_factory=list, max_length=20)
    about: Words = ""
    outcome: Words = ""
    story: Words = ""
    is_put_to_use: bool | None = None
    put_to_use_by: Text = ""
    is_public: bool = False
    gifts: dict[Text, NewGift] = Field(default_factory=dict, max_length=20)


class OriginOut(Schema):
    """From which records a signal comes; ``href`` is the page on which they stand."""

    label: str
    count: int
    href: str


class StepOut(Schema):
    label: str
    href: str


class SignalOut(Schema):
    """How one thing stands: alive, watch, silent or unknown. There is no total of them."""

    key: str
    label: str
    asks: str
    word: str
    word_label: str
    figures: list[str]
    sure: str
    missing: list[str]
    origins: list[OriginOut]
    step: StepOut


class HealthOut(Schema):
    signals: list[SignalOut]


class CheckOut(Schema):
    """A closed round; ``result`` was computed once, from all sides, and is never by person."""

    number: int
    closed_at: dt.datetime | None
    result: dict[str, Any]


class ChecksOut(Schema):
    """The closed rounds, the newest first. Of one that is open nothing is told."""

    items: list[CheckOut]
