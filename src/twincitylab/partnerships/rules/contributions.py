"""What is written down of an activity, and what each side gave to it: unknown stays empty, never nought."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from twincitylab.community.choices import Mode, Topic
from twincitylab.community.models import LONGEST_ABOUT, LONGEST_LINE, LONGEST_NAME, LONGEST_TEXT
from twincitylab.community.rules.languages import written_codes
from twincitylab.community.rules.refusals import Refused, fitting_text
from twincitylab.partnerships.choices import ActivityKind, ActivityState

FIRST_YEAR, LAST_YEAR = 1900, 2100
MOST_PEOPLE = 1_000_000
MOST_HOURS = Decimal(1_000_000)
MOST_MONEY = Decimal(1_000_000_000)
GOALS = range(1, 18)
LONGEST_ACTIVITY = dt.timedelta(days=400)
OWN_DELETION = dt.timedelta(days=1)
"""So long whoever wrote an activity down can take it out again; later it is called off."""


@dataclass(frozen=True, kw_only=True)
class Gift:
    """What one side gave; None and an empty text mean that nobody has said."""

    people: int | None = None
    new_people: int | None = None
    hours: Decimal | None = None
    money: Decimal | None = None
    in_kind: str = ""
    in_kind_worth: Decimal | None = None

    @property
    def is_empty(self) -> bool:
        return self == Gift()


@dataclass(frozen=True, kw_only=True)
class ActivityFacts:
    """An activity as somebody writes it down. ``gifts`` are by side; ``carriers`` are the people of the
    writer's own side who carried the contact, by number, and None leaves them as they are."""

    kind: str
    state: str
    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime | None = None
    mode: str = Mode.ONLINE
    place: str = ""
    host: int | None = None
    language: str = "en"
    language_used: str = ""
    topic: str = ""
    goals: tuple[int, ...] = ()
    about: str = ""
    outcome: str = ""
    story: str = ""
    is_put_to_use: bool | None = None
    put_to_use_by: int | None = None
    is_public: bool = False
    gifts: Mapping[int, Gift] = field(default_factory=dict)
    carriers: frozenset[int] | None = None


def fitting(facts: ActivityFacts, *, sides: frozenset[int], now: dt.datetime) -> ActivityFacts:
    """The facts as they are stored; ``Refused`` names the field that cannot be."""
    title = fitting_text(facts.title, longest=LONGEST_NAME, field="title")
    if not title:
        raise Refused(_("Say in a few words what it is."), field="title")
    _check_choices(facts, sides=sides)
    _check_time(facts, now=now)
    return replace(
        facts,
        title=title,
        place=fitting_text(facts.place, longest=LONGEST_LINE, field="place"),
        about=fitting_text(facts.about, longest=LONGEST_ABOUT, field="about", one_line=False),
        outcome=fitting_text(facts.outcome, longest=LONGEST_TEXT, field="outcome", one_line=False),
        story=fitting_text(facts.story, longest=LONGEST_ABOUT, field="story", one_line=False),
        goals=tuple(sorted(set(facts.goals))),
        gifts={side: _fitting_gift(gift, side=side) for side, gift in facts.gifts.items()},
        put_to_use_by=facts.put_to_use_by if facts.is_put_to_use else None,
    )


def _check_choices(facts: ActivityFacts, *, sides: frozenset[int]) -> None:
    checks = (
        ("kind", facts.kind in ActivityKind.values, _("Choose what it is.")),
        ("state", facts.state in ActivityState.values, _("Choose whether it is planned or held.")),
        ("mode", facts.mode in Mode.values, _("Choose how you met.")),
        ("host", facts.host is None or facts.host in sides, _("Choose one of the sides.")),
        (
            "put_to_use_by",
            facts.put_to_use_by is None or facts.put_to_use_by in sides,
            _("Choose one of the sides."),
        ),
        ("language", facts.language in written_codes(), _("Choose one of the languages.")),
        (
            "language_used",
            not facts.language_used or facts.language_used in written_codes(),
            _("Choose one of the languages."),
        ),
        ("topic", not facts.topic or facts.topic in Topic.values, _("Choose one of the topics.")),
        ("goals", set(facts.goals) <= set(GOALS), _("The goals are numbered from 1 to 17.")),
        ("", set(facts.gifts) <= sides, _("Choose one of the sides.")),
    )
    for name, is_right, sentence in checks:
        if not is_right:
            raise Refused(sentence, field=name)


def _check_time(facts: ActivityFacts, *, now: dt.datetime) -> None:
    if not FIRST_YEAR <= facts.starts_at.year <= LAST_YEAR:
        raise Refused(
            _("Choose a day between %(first)d and %(last)d.") % {"first": FIRST_YEAR, "last": LAST_YEAR},
            field="day",
        )
    if facts.ends_at is not None:
        if facts.ends_at < facts.starts_at:
            raise Refused(
                _("The end lies before the beginning. For more than one day, fill in the last day."),
                field="ends",
            )
        if facts.ends_at - facts.starts_at > LONGEST_ACTIVITY:
            raise Refused(
                _("That is more than a year. Write it down as several activities."), field="last_day"
            )
    if facts.state == ActivityState.HELD and facts.starts_at > now:
        raise Refused(_("This day lies ahead. Choose “planned” until it has been held."), field="state")


def _fitting_gift(gift: Gift, *, side: int) -> Gift:
    """Negative, endless and absurd numbers are refused, each with the name of its field."""
    for name, most in (
        ("people", Decimal(MOST_PEOPLE)),
        ("new_people", Decimal(MOST_PEOPLE)),
        ("hours", MOST_HOURS),
        ("money", MOST_MONEY),
        ("in_kind_worth", MOST_MONEY),
    ):
        amount = getattr(gift, name)
        if amount is None:
            continue
        exact = Decimal(amount)
        if not exact.is_finite() or exact < 0 or exact > most:
            raise Refused(
                _("Write a number between 0 and %(most)s, or leave it empty.") % {"most": f"{most:f}"},
                field=gift_field(side, name),
            )
    if gift.people is not None and gift.new_people is not None and gift.new_people > gift.people:
        raise Refused(
            _("More people were there for the first time than were there at all."),
            field=gift_field(side, "new_people"),
        )
    in_kind = fitting_text(gift.in_kind, longest=LONGEST_LINE, field=gift_field(side, "in_kind"))
    return replace(gift, in_kind=in_kind)


def gift_field(side: int, name: str) -> str:
    """The name of the field in which a form asks for one figure of one side.

    >>> gift_field(7, "hours")
    'side7-hours'
    """
    return f"side{side}-{name}"
