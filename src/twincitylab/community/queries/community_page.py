"""What the page of one community tells, to each as much as they may know."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from babel.dates import format_time
from django.utils.translation import get_language

from twincitylab.atlas.queries.words import language_name
from twincitylab.base.figures import locale_of
from twincitylab.community.choices import Role
from twincitylab.community.models import Community, Membership
from twincitylab.community.queries.cards import CommunityCard, card
from twincitylab.community.queries.needs import NeedsOffers, needs_of
from twincitylab.community.rules.access import AnyPerson, Standing


@dataclass(frozen=True)
class Verification:
    """Since when a facilitator knows who they are, and why; in safety mode the reason is for members only."""

    since: dt.datetime
    reason: str


@dataclass(frozen=True)
class OwnSide:
    """A community for which the reader acts, by the name that others see."""

    pk: int
    slug: str
    name: str


@dataclass(frozen=True)
class CommunityPage:
    """``local_time`` and ``offset`` (from UTC) are empty where the city is hidden."""

    card: CommunityCard
    standing: Standing
    about: str
    about_language: str
    size_label: str
    visibility: str
    visibility_label: str
    language_names: tuple[str, ...]
    mode_labels: tuple[str, ...]
    local_time: str
    offset: str
    verification: Verification | None
    lines: NeedsOffers
    own_sides: tuple[OwnSide, ...]
    is_closed: bool
    is_signed_in: bool
    has_asked_to_be_verified: bool

    @property
    def is_steward(self) -> bool:
        return self.standing >= Standing.STEWARD

    @property
    def is_member(self) -> bool:
        return self.standing >= Standing.MEMBER


def community_page(
    community: Community, *, reader: AnyPerson, standing: Standing, now: dt.datetime
) -> CommunityPage:
    """At most five queries; read the community with its city and country."""
    shown = card(community)
    is_member = standing >= Standing.MEMBER
    local = None if community.hides_city else now.astimezone(ZoneInfo(community.city.timezone))
    return CommunityPage(
        card=shown,
        standing=standing,
        about=community.about,
        about_language=community.about_language,
        size_label=str(community.get_size_display()),
        visibility=community.visibility,
        visibility_label=str(community.get_visibility_display()),
        language_names=tuple(sorted(language_name(code) for code in shown.languages)),
        mode_labels=tuple(str(mode.label) for mode in shown.modes),
        local_time=format_time(local, "short", locale=locale_of(get_language() or "en")) if local else "",
        offset=_offset(local) if local else "",
        verification=_verification(community, is_member=is_member),
        lines=needs_of(community, today=now.date()),
        own_sides=() if is_member or reader is None else _sides_of(reader),
        is_closed=community.closed_at is not None,
        is_signed_in=reader is not None,
        has_asked_to_be_verified=is_member and community.verification_asked_at is not None,
    )


def _verification(community: Community, *, is_member: bool) -> Verification | None:
    if community.verified_at is None:
        return None
    tells = is_member or not community.is_safe_mode
    return Verification(community.verified_at, community.verified_reason if tells else "")


def _sides_of(reader: AnyPerson) -> tuple[OwnSide, ...]:
    held = Membership.objects.filter(person=reader, role=Role.STEWARD, community__closed_at__isnull=True)
    sides = (seat.community for seat in held.select_related("community").order_by("since", "pk"))
    return tuple(OwnSide(side.pk, side.slug, side.shown_name) for side in sides)


def _offset(local: dt.datetime) -> str:
    """``UTC+5:45``, the way it is written everywhere."""
    minutes = round((local.utcoffset() or dt.timedelta()).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "−" if minutes < 0 else "+"
    return f"UTC{sign}{hours}" + (f":{rest:02d}" if rest else "") if minutes else "UTC"
