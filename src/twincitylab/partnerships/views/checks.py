"""The eye-level check: its page, the questions, and the result.

While a round is open, nothing here depends on what anybody but the reader and the reader's own stewards has
done: the pages are the same to the byte.
"""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from twincitylab.community.rules.access import Standing
from twincitylab.community.rules.refusals import Refused
from twincitylab.partnerships.forms.checks import AnswersForm, RoundForm
from twincitylab.partnerships.models import EyeLevelCheck
from twincitylab.partnerships.operations.checking import (
    MOST_WEEKS,
    NotAsked,
    RoundOver,
    answer_check,
    ask_to_close,
    close_due,
    open_check,
)
from twincitylab.partnerships.queries.check_results import result_csv, result_json, result_view
from twincitylab.partnerships.queries.checks import check_page, closed_check, open_round
from twincitylab.partnerships.queries.workspaces import Workspace
from twincitylab.partnerships.views.asking import signed_in
from twincitylab.partnerships.views.entering import entered, writing

UNPROCESSABLE = 422


@never_cache
@login_required
@require_safe
def check(request: HttpRequest, slug: str) -> HttpResponse:
    """``/partnerships/<slug>/check/``: the round that is open, and what earlier ones have shown."""
    workspace = _looked_after(request, entered(request, slug))
    return _page(request, workspace, RoundForm())


@never_cache
@login_required
@require_POST
def open_it(request: HttpRequest, slug: str) -> HttpResponse:
    """``/partnerships/<slug>/check/open/``: a steward of any side begins a round."""
    workspace = entered(request, slug, least=Standing.STEWARD)
    form = RoundForm(request.POST)
    if not form.is_valid():
        return _page(request, workspace, form, status=UNPROCESSABLE)
    try:
        open_check(
            partnership=workspace.partnership,
            side=workspace.ours.side,
            weeks=form.cleaned_data["weeks"],
            by=signed_in(request),
            now=timezone.now(),
        )
    except Refused as refused:
        return _page(request, workspace, form, sentence=refused.message, status=UNPROCESSABLE)
    messages.success(request, _("The round is open, and everybody of all sides is told."))
    return redirect("partnerships:check", slug)


@never_cache
@login_required
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    """``/partnerships/<slug>/check/answer/``: the questions, one's answers once more, and off they go.

    The answers are kept in the page alone until they are sent.
    """
    workspace = _looked_after(request, writing(request, slug))
    found = open_round(workspace, person=signed_in(request))
    if request.method != "POST":
        if found is None or found.has_answered or not found.is_ours:
            return redirect("partnerships:check", slug)
        form = AnswersForm(initial={"round": found.check.number}, sides=found.sides)
        return _questions(request, workspace, form, found.check)
    if found is not None and found.has_answered:
        messages.info(request, _("You have answered this round already. Only the first answers count."))
        return redirect("partnerships:check", slug)
    if found is None or str(found.check.number) != request.POST.get("round"):
        return _page(request, workspace, RoundForm(), sentence=RoundOver().message, status=UNPROCESSABLE)
    if not found.is_ours:
        return _page(request, workspace, RoundForm(), sentence=NotAsked().message, status=UNPROCESSABLE)
    form = AnswersForm(request.POST, sides=found.sides)
    step = request.POST.get("step", "")
    if not form.is_valid():
        return _questions(request, workspace, form, found.check, status=UNPROCESSABLE)
    if step == "change":
        return _questions(request, workspace, form, found.check)
    if step != "send":
        return _questions(request, workspace, form, found.check, template="check_review")
    return _send(request, workspace, form, found.check)


@never_cache
@login_required
@require_POST
def close(request: HttpRequest, slug: str) -> HttpResponse:
    """``/partnerships/<slug>/check/close/``: a steward's side would like to see the result early."""
    workspace = _looked_after(request, entered(request, slug, least=Standing.STEWARD))
    found = open_round(workspace, person=signed_in(request))
    if found is None:
        return redirect("partnerships:check", slug)
    try:
        asked = ask_to_close(
            check=found.check, side=workspace.ours.side, by=signed_in(request), now=timezone.now()
        )
    except Refused as refused:
        return _page(request, workspace, RoundForm(), sentence=refused.message, status=UNPROCESSABLE)
    if asked.closed_at is not None:
        return redirect("partnerships:check-result", slug, asked.number)
    messages.success(request, _("Noted. The round closes early once every side asks and has enough answers."))
    return redirect("partnerships:check", slug)


@never_cache
@login_required
@require_safe
def result(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """``/partnerships/<slug>/check/<number>/``: what a closed round has shown."""
    workspace = _looked_after(request, entered(request, slug))
    found = _closed(workspace, number)
    context = {
        "workspace": workspace,
        "here": "check",
        "check": found,
        "view": result_view(found, workspace) if found.result else None,
    }
    return render(request, "partnerships/check_result.html", context)


@never_cache
@login_required
@require_safe
def export(request: HttpRequest, slug: str, number: int, form: str) -> HttpResponse:
    """``/partnerships/<slug>/check/<number>/result.csv`` or ``.json``: the same for every side."""
    workspace = _looked_after(request, entered(request, slug))
    found = _closed(workspace, number)
    if form not in {"csv", "json"} or not found.result:
        raise Http404
    answered: HttpResponse
    if form == "json":
        answered = JsonResponse(result_json(found, workspace), json_dumps_params={"ensure_ascii": False})
    else:
        answered = HttpResponse(result_csv(found, workspace), content_type="text/csv; charset=utf-8")
    name = f"eye-level-check-{slug}-{found.number}.{form}"
    answered.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answered


def _send(
    request: HttpRequest, workspace: Workspace, form: AnswersForm, check: EyeLevelCheck
) -> HttpResponse:
    slug = workspace.partnership.slug
    try:
        answer_check(
            check=check,
            side=workspace.ours.side,
            answers=form.answers,
            by=signed_in(request),
            now=timezone.now(),
        )
    except Refused as refused:
        return _page(request, workspace, RoundForm(), sentence=refused.message, status=UNPROCESSABLE)
    messages.success(request, _("Thank you. Your answers are counted, and nobody can find them again."))
    return redirect("partnerships:check", slug)


def _looked_after(request: HttpRequest, workspace: Workspace) -> Workspace:
    """Close what is due before anything is read."""
    close_due(workspace.partnership, now=timezone.now())
    return workspace


def _closed(workspace: Workspace, number: int) -> EyeLevelCheck:
    found = closed_check(workspace, number)
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, workspace: Workspace, form: RoundForm, *, sentence: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "workspace": workspace,
        "here": "check",
        "form": form,
        "page": check_page(workspace, person=signed_in(request), now=timezone.now()),
        "sentence": sentence,
        "most_weeks": MOST_WEEKS,
    }
    return render(request, "partnerships/check.html", context, status=status)


def _questions(
    request: HttpRequest,
    workspace: Workspace,
    form: AnswersForm,
    check: EyeLevelCheck,
    *,
    template: str = "check_answer",
    status: int = 200,
) -> HttpResponse:
    context = {"workspace": workspace, "here": "check", "form": form, "check": check}
    return render(request, f"partnerships/{template}.html", context, status=status)
