"""Partnerships: one's own, one of them, its activities, its health, and the results of its closed checks."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Status

from twincitylab.api.bearer import OPEN, asker, must_read, must_write, person
from twincitylab.api.parameters import Key, Page, Paging, Side, SideQuery, Slug
from twincitylab.api.refusals import only
from twincitylab.api.schemas.partnerships import (
    ActivityOut,
    ActivityPage,
    ChecksOut,
    HealthOut,
    NewActivity,
    PartnershipOut,
    PartnershipPage,
)
from twincitylab.api.views.answering import READING, WRITING, Plain, page
from twincitylab.api.views.reaching import created_once
from twincitylab.community.rules.refusals import Refused
from twincitylab.partnerships.choices import CheckState
from twincitylab.partnerships.engine.health import signals
from twincitylab.partnerships.models import Activity, Partnership
from twincitylab.partnerships.operations.activities import record_activity
from twincitylab.partnerships.queries.activities import ActivityView, next_activities
from twincitylab.partnerships.queries.check_results import result_json
from twincitylab.partnerships.queries.faces import public_activities
from twincitylab.partnerships.queries.health import health_records
from twincitylab.partnerships.queries.workspaces import (
    SideCard,
    Workspace,
    public_face,
    side_cards,
    workspace,
    workspaces_of,
)
from twincitylab.partnerships.rules.contributions import ActivityFacts, Gift
from twincitylab.partnerships.rules.signals import Signal

router = Router(tags=["partnerships"])


@router.get(
    "/partnerships", response={200: PartnershipPage, **READING}, summary="One's partnerships", auth=must_read
)
@only(Page)
def list_partnerships(request: HttpRequest, asked: Paging) -> Plain:
    """Those in which a community of one's own is or was a side, the newest change first."""
    part = page(workspaces_of(person(request)), asked)
    return {
        **part,
        "items": [
            {**_outside(one.partnership, one.sides), "us": one.ours.card.slug} for one in part["items"]
        ],
    }


@router.get(
    "/partnerships/{slug}", response={200: PartnershipOut, **READING}, summary="One partnership", **OPEN
)
@only(SideQuery)
def show_partnership(request: HttpRequest, slug: Slug, side: Side) -> Plain:
    """From inside for people of its sides; for everybody else what its public page shows, if it has one."""
    reader = asker(request)
    inside = workspace(slug, person=reader, as_slug=side.as_slug, topics=True) if reader else None
    if inside is not None:
        return _inside(inside)
    face = public_face(slug)
    if face is None:
        raise Http404
    here = tuple(one for one in side_cards(face) if one.side.is_active)
    return {
        **_outside(face, here),
        "us": "",
        "may_write": False,
        "agreement": None,
        "next_activities": [],
        "stories": public_activities(face),
    }


@router.get(
    "/partnerships/{slug}/activities",
    response={200: ActivityPage, **READING},
    summary="What a partnership does",
    auth=must_read,
)
@only(Page)
def list_activities(request: HttpRequest, slug: Slug, asked: Paging) -> Plain:
    """For people of its sides: all that is written down, the newest first."""
    inside = _entered(request, slug)
    rows = inside.partnership.activities.prefetch_related("contributions").order_by("-starts_at", "-pk")
    part = page(rows, asked)
    return {
        **part,
        "currency": inside.partnership.currency,
        "items": [_activity(ActivityView(row, inside)) for row in part["items"]],
    }


@router.post(
    "/partnerships/{slug}/activities",
    response={201: ActivityOut, **WRITING},
    summary="Write an activity down",
    auth=must_write,
)
@only(SideQuery)
def new_activity(request: HttpRequest, slug: Slug, side: Side, key: Key, sent: NewActivity) -> Status[Plain]:
    """For people of its sides: held, or planned. The other sides read it at once."""
    inside = _entered(request, slug, as_slug=side.as_slug)
    if not inside.may_write:
        raise PermissionDenied
    facts = _facts(sent, inside)
    with created_once(request, key, sent=sent, of=Activity.objects.all()) as form_key:
        made = record_activity(
            partnership=inside.partnership,
            side=inside.ours.side,
            facts=facts,
            form_key=form_key,
            by=person(request),
            now=timezone.now(),
        )
    return Status(201, _activity(ActivityView(made, inside)))


@router.get(
    "/partnerships/{slug}/health",
    response={200: HealthOut, **READING},
    summary="Whether a partnership is alive",
    auth=must_read,
)
@only()
def show_health(request: HttpRequest, slug: Slug) -> Plain:
    """For people of its sides: ten signals, the same for every side, and no total."""
    inside = _entered(request, slug)
    cards = inside.active
    records = health_records(inside.partnership, sides=[one.side for one in cards], now=timezone.now())
    return {"signals": [_signal(one) for one in signals(records, cards)]}


@router.get(
    "/partnerships/{slug}/checks",
    response={200: ChecksOut, **READING},
    summary="Results of the eye-level checks",
    auth=must_read,
)
@only()
def list_checks(request: HttpRequest, slug: Slug) -> Plain:
    """For people of its sides: the closed rounds with their results. Of an open one nothing is told."""
    inside = _entered(request, slug)
    closed = inside.partnership.checks.filter(state=CheckState.CLOSED, result__isnull=False)
    return {
        "items": [
            {"number": one.number, "closed_at": one.closed_at, "result": result_json(one, inside)}
            for one in closed.order_by("-number")
        ]
    }


def _entered(request: HttpRequest, slug: str, *, as_slug: str = "") -> Workspace:
    """The partnership for somebody of one of its sides; 404 for anybody else."""
    found = workspace(slug, person=person(request), as_slug=as_slug)
    if found is None:
        raise Http404
    return found


def _inside(inside: Workspace) -> Plain:
    partnership = inside.partnership
    return {
        **_outside(partnership, inside.sides),
        "us": inside.ours.card.slug,
        "may_write": inside.may_write,
        "agreement": partnership.agreement,
        "next_activities": next_activities(inside, now=timezone.now()),
        "stories": public_activities(partnership),
    }


def _outside(partnership: Partnership, sides: tuple[SideCard, ...]) -> Plain:
    """What may be known of a partnership by whoever may know of it."""
    return {
        "slug": partnership.slug,
        "name": partnership.name,
        "purpose": partnership.purpose,
        "language": partnership.language,
        "stage": partnership.stage,
        "stage_label": partnership.get_stage_display(),
        "stage_since": partnership.stage_since,
        "sides": [
            {
                "shore": one.shore,
                "community": one.card,
                "is_active": one.side.is_active,
                "joined_at": one.side.joined_at,
                "left_at": one.side.left_at,
            }
            for one in sides
        ],
        "is_public": partnership.is_public,
        "is_demonstration": partnership.is_demonstration,
        "created_at": partnership.created_at,
        "changed_at": partnership.changed_at,
    }


def _activity(view: ActivityView) -> Plain:
    row = view.activity
    plain = (
        "kind", "state", "title", "about", "language", "starts_at", "ends_at", "mode", "place",
        "language_used", "topic", "goals", "outcome", "story", "is_put_to_use", "is_public", "revision",
    )  # fmt: skip
    return {
        "id": row.pk,
        **{name: getattr(row, name) for name in plain},
        "kind_label": row.get_kind_display(),
        "host": _slug(view.host),
        "put_to_use_by": _slug(view.put_to_use_by),
        "made_by": _slug(view.wrote),
        "gifts": [
            {"side": one.side.card.slug, **vars(one.gift)} for one in view.gifts if one.gift is not None
        ],
    }


def _slug(side: SideCard | None) -> str:
    return side.card.slug if side else ""


def _signal(one: Signal) -> Plain:
    told = ("key", "label", "asks", "word_label", "figures", "sure", "missing", "origins", "step")
    return {"word": str(one.word), **{name: getattr(one, name) for name in told}}


def _facts(sent: NewActivity, inside: Workspace) -> ActivityFacts:
    """What was sent, with the sides by their rows."""
    given: dict[str, Any] = sent.model_dump(exclude={"host", "put_to_use_by", "gifts", "goals"})
    return ActivityFacts(
        **given,
        goals=tuple(sent.goals),
        host=_side_named(sent.host, inside, field="host") if sent.host else None,
        put_to_use_by=(
            _side_named(sent.put_to_use_by, inside, field="put_to_use_by") if sent.put_to_use_by else None
        ),
        gifts={
            _side_named(slug, inside, field="gifts"): Gift(**gift.model_dump())
            for slug, gift in sent.gifts.items()
        },
    )


def _side_named(slug: str, inside: Workspace, *, field: str) -> int:
    """The side whose community has this slug."""
    found = next((one.pk for one in inside.sides if one.card.slug == slug), None)
    if found is None:
        raise Refused(_("Choose one of the sides."), field=field)
    return found
