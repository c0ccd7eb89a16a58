"""The sides of a partnership: who they are, what each can give; leaving; and hiding the public page."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from twincitylab.community.rules.access import Standing
from twincitylab.community.rules.refusals import Refused
from twincitylab.partnerships.choices import Stage
from twincitylab.partnerships.forms.sides import CapacityForm, LeaveForm
from twincitylab.partnerships.operations.leaving import leave as leave_it
from twincitylab.partnerships.operations.sides import state_capacity
from twincitylab.partnerships.operations.stages import hide_page
from twincitylab.partnerships.queries.workspaces import Workspace
from twincitylab.partnerships.views.asking import signed_in
from twincitylab.partnerships.views.entering import entered

UNPROCESSABLE = 422


@never_cache
@login_required
def sides(request: HttpRequest, slug: str) -> HttpResponse:
    """``/partnerships/<slug>/sides/``: who is here and who was, and what each can give."""
    return _page(request, entered(request, slug, topics=True))


@never_cache
@login_required
@require_POST
def capacity(request: HttpRequest, slug: str) -> HttpResponse:
    """``…/sides/capacity/``: what our side can give, as it says itself."""
    inside = entered(request, slug, least=Standing.STEWARD, topics=True)
    form = CapacityForm(request.POST)
    if not form.is_valid():
        return _page(request, inside, capacity_form=form, status=UNPROCESSABLE)
    try:
        state_capacity(
            partnership=inside.partnership,
            side=inside.ours.side,
            **form.cleaned_data,
            by=signed_in(request),
            now=timezone.now(),
        )
    except Refused as refused:
        return _page(request, inside, capacity_form=form, sentence=refused.message, status=UNPROCESSABLE)
    messages.success(request, _("Saved."))
    return redirect("partnerships:sides", inside.partnership.slug)


@never_cache
@login_required
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """``…/leave/``: asks why, then the side goes; its page says how long it reads on."""
    inside = entered(request, slug, least=Standing.STEWARD)
    form = LeaveForm(request.POST or None)
    sentence = ""
    if request.method == "POST" and form.is_valid():
        try:
            leave_it(
                partnership=inside.partnership,
                side=inside.ours.side,
                reason=form.cleaned_data["reason"],
                by=signed_in(request),
                now=timezone.now(),
            )
        except Refused as refused:
            sentence = refused.message
        else:
            messages.success(request, _("Your side has left."))
            return redirect("partnerships:partnership", inside.partnership.slug)
    context = {
        "workspace": inside,
        "here": "sides",
        "form": form,
        "sentence": sentence,
        "is_last_but_one": len(inside.active) <= 2,
    }
    status = 200 if request.method != "POST" else UNPROCESSABLE
    return render(request, "partnerships/leave.html", context, status=status)


@never_cache
@login_required
@require_POST
def hide(request: HttpRequest, slug: str) -> HttpResponse:
    """``…/hide/``: take the public page away at once."""
    inside = entered(request, slug, least=Standing.STEWARD)
    try:
        hide_page(
            partnership=inside.partnership, side=inside.ours.side, by=signed_in(request), now=timezone.now()
        )
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("The public page is hidden."))
    return redirect("partnerships:proposals", inside.partnership.slug)


def _page(
    request: HttpRequest,
    inside: Workspace,
    *,
    capacity_form: CapacityForm | None = None,
    sentence: str = "",
    status: int = 200,
) -> HttpResponse:
    ours = inside.ours.side
    names = ("people", "hours_a_month", "money_a_year")
    initial: dict[str, Any] = {name: getattr(ours, name) for name in names}
    is_over = inside.partnership.stage == Stage.ENDED
    context = {
        "workspace": inside,
        "here": "sides",
        "form": capacity_form or CapacityForm(initial=initial),
        "may_act": inside.may_bind and not is_over,
        "sentence": sentence,
    }
    return render(request, "partnerships/sides.html", context, status=status)
