"""What is done together: the list, one activity, and the form that takes under a minute on a phone."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from twincitylab.base.components.cards import Chip
from twincitylab.community.rules.refusals import Refused
from twincitylab.partnerships.choices import ActivityKind, ActivityState
from twincitylab.partnerships.forms.activities import ActivityForm, activity_form, differences, new_activity
from twincitylab.partnerships.operations.activities import (
    ChangedMeanwhile,
    correct_activity,
    delete_activity,
    record_activity,
)
from twincitylab.partnerships.queries.activities import (
    ActivityView,
    activity_in,
    activity_list,
    carriers_of,
)
from twincitylab.partnerships.queries.workspaces import Workspace
from twincitylab.partnerships.views.asking import signed_in
from twincitylab.partnerships.views.entering import entered, writing

CONFLICT, UNPROCESSABLE = 409, 422


@never_cache
@login_required
def activities(request: HttpRequest, slug: str) -> HttpResponse:
    """``/partnerships/<slug>/activities/``: by year, with filters."""
    workspace = entered(request, slug)
    kind = request.GET.get("kind", "") if request.GET.get("kind") in ActivityKind.values else ""
    state = request.GET.get("state", "") if request.GET.get("state") in ActivityState.values else ""
    found = activity_list(
        workspace,
        year=_year(request),
        kind=kind,
        state=state,
        page=request.GET.get("page"),
        now=timezone.localtime(timezone.now()),
    )
    context = {
        "workspace": workspace,
        "here": "activities",
        "found": found,
        "years": [
            Chip(f"{one.number} ({one.count})", _address(one.number, kind, state), one.number == found.year)
            for one in found.years
        ],
        "kind": kind,
        "state": state,
        "kinds": ActivityKind.choices,
        "states": ActivityState.choices,
    }
    return render(request, "partnerships/activities.html", context)


@never_cache
@login_required
def activity(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """``/partnerships/<slug>/activities/<pk>/``: everything about one."""
    workspace = entered(request, slug)
    view = _found(workspace, pk)
    context = {
        "workspace": workspace,
        "here": "activities",
        "view": view,
        "activity": view.activity,
        "may_delete": view.may_delete(now=timezone.now()),
        "files": list(view.activity.files.order_by("pk")),
    }
    return render(request, "partnerships/activity.html", context)


@never_cache
@login_required
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """``/partnerships/<slug>/activities/new/``: the form, and the activity it makes."""
    workspace = writing(request, slug)
    people = carriers_of(workspace)
    now, person = timezone.now(), signed_in(request)
    if request.method != "POST":
        return _form_page(request, workspace, new_activity(workspace, people, me=person.pk, now=now))
    form = ActivityForm(request.POST, workspace=workspace, people=people)
    if form.is_valid():
        try:
            made = record_activity(
                partnership=workspace.partnership,
                side=workspace.ours.side,
                facts=form.facts,
                form_key=form.cleaned_data["form_key"],
                by=person,
                now=now,
            )
        except Refused as refused:
            _tell(form, refused)
        else:
            messages.success(request, _("It is written down, for all sides."))
            return redirect("partnerships:activity", slug, made.pk)
    return _form_page(request, workspace, form, status=UNPROCESSABLE)


@never_cache
@login_required
def edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """``/partnerships/<slug>/activities/<pk>/edit/``: all sides correct it; the second of two sees both."""
    workspace = writing(request, slug)
    view = _found(workspace, pk)
    people = carriers_of(workspace)
    if request.method != "POST":
        return _form_page(request, workspace, activity_form(view, workspace, people), view=view)
    form = ActivityForm(request.POST, workspace=workspace, people=people)
    if not form.is_valid():
        return _form_page(request, workspace, form, view=view, status=UNPROCESSABLE)
    try:
        correct_activity(
            activity=view.activity,
            side=workspace.ours.side,
            facts=form.facts,
            revision=form.cleaned_data["revision"] or 0,
            by=signed_in(request),
            now=timezone.now(),
        )
    except ChangedMeanwhile:
        return _clash_page(request, workspace, form, pk=pk)
    except Refused as refused:
        _tell(form, refused)
        return _form_page(request, workspace, form, view=view, status=UNPROCESSABLE)
    messages.success(request, _("Your changes are saved."))
    return redirect("partnerships:activity", slug, pk)


@never_cache
@login_required
@require_POST
def delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """``/partnerships/<slug>/activities/<pk>/delete/``: one's own, within a day."""
    workspace = entered(request, slug)
    view = _found(workspace, pk)
    try:
        delete_activity(
            activity=view.activity, side=workspace.ours.side, by=signed_in(request), now=timezone.now()
        )
    except Refused as refused:
        context = {
            "workspace": workspace,
            "here": "activities",
            "view": view,
            "activity": view.activity,
            "sentence": refused.message,
        }
        return render(request, "partnerships/activity.html", context, status=UNPROCESSABLE)
    messages.success(request, _("It is taken out."))
    return redirect("partnerships:activities", slug)


def _found(workspace: Workspace, pk: int) -> ActivityView:
    view = activity_in(workspace, pk)
    if view is None:
        raise Http404
    return view


def _clash_page(request: HttpRequest, workspace: Workspace, form: ActivityForm, *, pk: int) -> HttpResponse:
    current = _found(workspace, pk)
    theirs = activity_form(current, workspace, carriers_of(workspace))
    changed = differences(form, theirs)
    data = request.POST.copy()
    data["revision"] = str(current.activity.revision)
    again = ActivityForm(data, workspace=workspace, people=carriers_of(workspace))
    return _form_page(request, workspace, again, view=current, changed=changed, status=CONFLICT)


def _form_page(
    request: HttpRequest,
    workspace: Workspace,
    form: ActivityForm,
    *,
    view: ActivityView | None = None,
    changed: list[tuple[str, str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "workspace": workspace,
        "here": "activities",
        "form": form,
        "view": view,
        "changed": changed,
        "clock": timezone.get_current_timezone_name(),
    }
    return render(request, "partnerships/activity_form.html", context, status=status)


def _tell(form: ActivityForm, refused: Refused) -> None:
    form.add_error(refused.field if refused.field in form.fields else None, refused.message)


def _year(request: HttpRequest) -> int | None:
    typed = request.GET.get("year", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 4 else None


def _address(year: int, kind: str, state: str) -> str:
    rest = "".join(f"&{name}={value}" for name, value in (("kind", kind), ("state", state)) if value)
    return f"?year={year}{rest}"
