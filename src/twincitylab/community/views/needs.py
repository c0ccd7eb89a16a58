"""Writing down what a community seeks or brings, and everything that may be done with it later."""

from collections.abc import Sequence

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from twincitylab.base.cleaning import tell_if_cleaned
from twincitylab.community.choices import Direction
from twincitylab.community.forms.needs import NeedForm, difference
from twincitylab.community.models import Community, NeedOffer, Person
from twincitylab.community.operations.needs import (
    ChangedMeanwhile,
    add_need,
    delete_need,
    edit_need,
    reopen_need,
    take_need,
)
from twincitylab.community.queries.answers import Answers, answers_to
from twincitylab.community.queries.cards import card, with_card_facts
from twincitylab.community.queries.needs import need_line, needs_of
from twincitylab.community.queries.visible import reachable_by
from twincitylab.community.rules.access import AnyPerson, Standing, require_standing, standing
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.views.reaching import asker, kept_private

CONFLICT = 409


def needs(request: HttpRequest, slug: str) -> HttpResponse:
    """``/communities/<slug>/needs/``: all that it seeks and brings, also what is taken."""
    person = asker(request)
    community = _reachable(person, slug)
    context = {
        "card": card(community),
        "lines": needs_of(community, today=timezone.now().date()),
        "may_write": standing(person, community) >= Standing.STEWARD and community.closed_at is None,
    }
    return kept_private(render(request, "community/needs.html", context), request)


@never_cache
@login_required
def need_new(request: HttpRequest, slug: str) -> HttpResponse:
    """``/communities/<slug>/needs/new/?direction=``: the form, what would answer it, and the new row."""
    person, community = _stewarded(request, slug)
    given = request.POST.get("direction") or request.GET.get("direction") or Direction.NEED
    if given not in Direction.values:
        raise Http404(given)
    direction = Direction(given)
    if request.method != "POST" or "check" in request.POST:
        typed = request.POST if request.method == "POST" else None
        form = NeedForm(community=community, direction=direction, typed=typed)
        return _form_page(request, form, community=community)
    form = NeedForm(request.POST, community=community, direction=direction)
    if form.is_valid():
        try:
            add_need(
                community,
                direction=direction,
                facts=form.facts,
                form_key=form.key,
                by=person,
                now=timezone.now(),
            )
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(
                request,
                _("Your need is open now: everybody who may see you finds it.")
                if direction is Direction.NEED
                else _("Your offer is open now: everybody who may see you finds it."),
            )
            tell_if_cleaned(request)
            return redirect("community:needs", community.slug)
    return _form_page(request, form, community=community, status=422)


@never_cache
@login_required
def need_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """``/communities/<slug>/needs/<pk>/edit/``"""
    person, community = _stewarded(request, slug)
    need = _of(community, pk)
    direction = Direction(need.direction)
    if request.method != "POST" or "check" in request.POST:
        typed = request.POST if request.method == "POST" else None
        form = NeedForm(community=community, direction=direction, need=need, typed=typed)
        return _form_page(request, form, community=community, need=need)
    form = NeedForm(request.POST, community=community, direction=direction, need=need)
    if not form.is_valid():
        return _form_page(request, form, community=community, need=need, status=422)
    revision = form.cleaned_data.get("revision") or 0
    try:
        edit_need(need, facts=form.facts, revision=revision, by=person, now=timezone.now())
    except ChangedMeanwhile as changed:
        mine = {**request.POST.dict(), "revision": changed.current.revision}
        again = NeedForm(community=community, direction=direction, need=need, typed=mine)
        return _form_page(
            request,
            again,
            community=community,
            need=need,
            status=CONFLICT,
            changed=difference(form, current=changed.current),
        )
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return _form_page(request, form, community=community, need=need, status=422)
    except NeedOffer.DoesNotExist as gone:
        raise Http404 from gone
    messages.success(request, _("Saved."))
    tell_if_cleaned(request)
    return redirect("community:needs", community.slug)


@login_required
@require_POST
def need_take(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """``/communities/<slug>/needs/<pk>/take/``"""
    person, community = _stewarded(request, slug)
    take_need(_of(community, pk), by=person, now=timezone.now())
    messages.success(request, _("Marked as taken: nobody is pointed to it any more."))
    return redirect("community:needs", community.slug)


@login_required
@require_POST
def need_reopen(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """``/communities/<slug>/needs/<pk>/reopen/``"""
    person, community = _stewarded(request, slug)
    try:
        reopen_need(_of(community, pk), by=person, now=timezone.now())
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("community:need-edit", community.slug, pk)
    messages.success(request, _("It is open again."))
    return redirect("community:needs", community.slug)


@login_required
def need_delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """``/communities/<slug>/needs/<pk>/delete/``: asks once, then it is gone."""
    person, community = _stewarded(request, slug)
    need = _of(community, pk)
    if request.method == "POST":
        delete_need(need, by=person, now=timezone.now())
        messages.success(request, _("Deleted."))
        return redirect("community:needs", community.slug)
    context = {"card": card(community), "line": need_line(need, today=timezone.now().date())}
    return render(request, "community/need_delete.html", context)


def _form_page(
    request: HttpRequest,
    form: NeedForm,
    *,
    community: Community,
    need: NeedOffer | None = None,
    status: int = 200,
    changed: Sequence[tuple[str, str, str]] = (),
) -> HttpResponse:
    """The form with what would answer what stands on it."""
    context = {
        "card": card(community),
        "form": form,
        "is_need": form.direction is Direction.NEED,
        "need": need,
        "answers": _answers(request, form),
        "changed": changed,
    }
    return render(request, "community/need_form.html", context, status=status)


def _answers(request: HttpRequest, form: NeedForm) -> Answers | None:
    topic = form.topic_chosen
    if topic is None:
        return None
    return answers_to(
        form.direction,
        topic=topic,
        kind=form.kind_chosen,
        person=asker(request),
        today=timezone.now().date(),
    )


def _reachable(person: AnyPerson, slug: str) -> Community:
    return get_object_or_404(with_card_facts(reachable_by(person)), slug=slug)


def _stewarded(request: HttpRequest, slug: str) -> tuple[Person, Community]:
    """The person and the community it acts for; 404 when out of reach, else ``PermissionDenied``."""
    person = asker(request)
    community = _reachable(person, slug)
    return require_standing(person, community, Standing.STEWARD), community


def _of(community: Community, pk: int) -> NeedOffer:
    need = get_object_or_404(NeedOffer, pk=pk, community=community)
    need.community = community
    return need
