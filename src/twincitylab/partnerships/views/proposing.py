"""Proposing to meet, and saying in private that one would like to."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from twincitylab.base.cleaning import tell_if_cleaned
from twincitylab.community.choices import Visibility
from twincitylab.community.models import Community, Person
from twincitylab.community.queries.cards import CommunityCard, card, with_card_facts
from twincitylab.community.queries.visible import reachable_by
from twincitylab.community.rules.access import Standing, require_standing
from twincitylab.community.rules.refusals import Refused
from twincitylab.partnerships.forms import ProposalForm, new_key, writing_language
from twincitylab.partnerships.operations.interest import drop_interest, mark_interest
from twincitylab.partnerships.operations.proposing import propose
from twincitylab.partnerships.queries.situations import situation_of
from twincitylab.partnerships.rules.limits import OPEN_FOR
from twincitylab.partnerships.rules.openings import (
    OPENING_KEYS,
    message_language,
    opening_in,
    openings,
)
from twincitylab.partnerships.rules.proposing import (
    HaveMet,
    Situation,
    check_may_meet,
    check_may_propose,
    takes_proposals,
)
from twincitylab.partnerships.views.asking import signed_in

UNPROCESSABLE = 422


@never_cache
@login_required
def introduce(request: HttpRequest, slug: str, other: str) -> HttpResponse:
    """``/communities/<slug>/introduce/<other>/``: the proposal, with words to begin with."""
    person = signed_in(request)
    community, them = _two(person, slug, other)
    ours, theirs = card(community), card(them)
    if request.method != "POST":
        form = _first_form(ours=ours, theirs=theirs)
        return _page(request, form, sides=(community, them), cards=(ours, theirs))
    if request.POST.get("use") in OPENING_KEYS:
        form = _begun(request, ours=ours, theirs=theirs)
        return _page(request, form, sides=(community, them), cards=(ours, theirs))
    form = ProposalForm(request.POST, languages=(*theirs.languages, *ours.languages))
    if form.is_valid():
        typed = form.cleaned_data
        try:
            introduction = propose(
                community=community,
                other=them,
                message=typed["message"],
                language=typed["language"],
                form_key=typed["form_key"],
                by=person,
                now=timezone.now(),
            )
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            tell_if_cleaned(request)
            return redirect("partnerships:introduction", introduction.pk)
    return _page(request, form, sides=(community, them), cards=(ours, theirs), status=UNPROCESSABLE)


@never_cache
@login_required
@require_POST
def interest(request: HttpRequest, slug: str, other: str) -> HttpResponse:
    """``/communities/<slug>/interest/<other>/``: say in private that you would like to meet, or take it
    back (``drop``)."""
    person = signed_in(request)
    community, them = _two(person, slug, other)
    if "drop" in request.POST:
        drop_interest(community=community, other=them, by=person, now=timezone.now())
        messages.success(request, _("Taken back. Nobody has ever seen it."))
        return redirect(_back(request, slug, other))
    try:
        made = mark_interest(community=community, other=them, by=person, now=timezone.now())
    except HaveMet as met:
        return redirect("partnerships:introduction", met.introduction_pk)
    except Refused as refused:
        ours, theirs = card(community), card(them)
        form = _first_form(ours=ours, theirs=theirs)
        return _page(
            request,
            form,
            sides=(community, them),
            cards=(ours, theirs),
            status=UNPROCESSABLE,
            refusal=refused.message,
        )
    if made is not None:
        return redirect("partnerships:introduction", made.pk)
    messages.success(request, _("Kept in private. When they say the same, you are introduced at once."))
    return redirect(_back(request, slug, other))


def _two(person: Person, slug: str, other: str) -> tuple[Community, Community]:
    """One's own community, for which one acts, and another that one may see."""
    found = {one.slug: one for one in with_card_facts(reachable_by(person).filter(slug__in=[slug, other]))}
    community = found.get(slug) or get_object_or_404(reachable_by(person), slug=slug)
    require_standing(person, community, Standing.STEWARD)
    return community, found.get(other) or get_object_or_404(reachable_by(person), slug=other)


def _first_form(*, ours: CommunityCard, theirs: CommunityCard) -> ProposalForm:
    language = message_language(ours.languages, theirs.languages, mine=writing_language())
    return ProposalForm(
        initial={"language": language, "form_key": new_key()},
        languages=(*theirs.languages, *ours.languages),
    )


def _begun(request: HttpRequest, *, ours: CommunityCard, theirs: CommunityCard) -> ProposalForm:
    """The form with the chosen words above whatever was typed before."""
    language = request.POST.get("language", "")
    typed = request.POST.get("message", "").strip()
    known = {
        opening_in(language_of, key, us=ours, them=theirs)
        for key in OPENING_KEYS
        for language_of in {*theirs.languages, *ours.languages, language, writing_language()}
    }
    words = opening_in(language, request.POST["use"], us=ours, them=theirs)
    if not words:
        words = opening_in(writing_language(), request.POST["use"], us=ours, them=theirs)
    kept = "" if " ".join(typed.split()) in known else typed
    return ProposalForm(
        initial={
            "message": "\n\n".join(filter(None, (words, kept))),
            "language": language,
            "form_key": request.POST.get("form_key") or new_key(),
        },
        languages=(*theirs.languages, *ours.languages),
    )


def _page(
    request: HttpRequest,
    form: ProposalForm,
    *,
    sides: tuple[Community, Community],
    cards: tuple[CommunityCard, CommunityCard],
    status: int = 200,
    refusal: str = "",
) -> HttpResponse:
    us, them = sides
    situation = situation_of(us, them, now=timezone.now(), by=signed_in(request))
    reason, met = _why_not(situation, now=timezone.now())
    meets = _may_meet(situation)
    context: dict[str, Any] = {
        "form": form,
        "us": cards[0],
        "them": cards[1],
        "openings": openings(*cards),
        "reason": reason,
        "refusal": refusal,
        "met": met,
        "may_say_in_private": meets and (situation.is_said or _hears_us(situation)),
        "is_said": meets and situation.is_said,
        "is_hidden": us.visibility == Visibility.HIDDEN,
        "days": OPEN_FOR.days,
    }
    return render(request, "partnerships/introduce.html", context, status=status)


def _why_not(situation: Situation, *, now: dt.datetime) -> tuple[str, int]:
    try:
        check_may_propose(situation, now=now)
    except HaveMet as met:
        return met.message, met.introduction_pk
    except Refused as refused:
        return refused.message, 0
    return "", 0


def _may_meet(situation: Situation) -> bool:
    try:
        check_may_meet(situation)
    except Refused:
        return False
    return True


def _hears_us(situation: Situation) -> bool:
    """Without room for a partnership nobody hears of a proposal, so nothing can be read from silence."""
    return not situation.their_capacity or takes_proposals(situation)


def _back(request: HttpRequest, slug: str, other: str) -> str:
    """Where the button was pressed, when that is a page of ours."""
    given = request.POST.get("next", "")
    if given and url_has_allowed_host_and_scheme(given, allowed_hosts={request.get_host()}):
        return given
    return reverse("partnerships:introduce", args=[slug, other])
