"""People and tasks: roles, small tasks, thanks, and handing over what one has in hand."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from twincitylab.community.rules.refusals import Refused
from twincitylab.partnerships.forms.succession import (
    ItemForm,
    hand_over_form,
    role_form,
    task_form,
    thanks_form,
)
from twincitylab.partnerships.models import SideRole
from twincitylab.partnerships.operations.succession import (
    add_item,
    add_task,
    begin_hand_over,
    change_role,
    end_role,
    finish_task,
    give_role,
    give_task_back,
    say_thanks,
    take_task,
    tick_item,
)
from twincitylab.partnerships.queries.succession import (
    hand_over_in,
    item_in,
    role_in,
    seats_of_ours,
    succession,
    task_in,
)
from twincitylab.partnerships.queries.workspaces import Workspace
from twincitylab.partnerships.views.asking import signed_in
from twincitylab.partnerships.views.entering import entered, writing
from twincitylab.partnerships.views.talk import tell

UNPROCESSABLE = 422
MOVES = {"take": take_task, "give-back": give_task_back, "done": finish_task}


@never_cache
@login_required
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """``/partnerships/<slug>/people/``: everything on one page."""
    return _page(request, entered(request, slug))


@never_cache
@login_required
@require_POST
def role_new(request: HttpRequest, slug: str) -> HttpResponse:
    """``…/people/roles/new/``: a role of one's own side."""
    workspace = writing(request, slug)
    form = role_form(workspace, seats=seats_of_ours(workspace), data=request.POST)

    def save() -> None:
        give_role(facts=form.facts(), form_key=form.cleaned_data["form_key"], **_common(request, workspace))

    return _saved(request, workspace, form, save, name="role_form", anchor="roles")


@never_cache
@login_required
def role(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """``…/people/roles/<pk>/``: who has it, and for how long."""
    workspace = writing(request, slug)
    found = _found(role_in(workspace, pk))
    seats = seats_of_ours(workspace)
    if request.method != "POST":
        return _role_page(request, workspace, found, role_form(workspace, seats=seats, role=found))
    form = role_form(workspace, seats=seats, data=request.POST, role=found)
    if form.is_valid():
        try:
            change_role(
                role=found,
                side=workspace.ours.side,
                facts=form.facts(),
                by=signed_in(request),
                now=timezone.now(),
            )
        except Refused as refused:
            tell(form, refused)
        else:
            return _back(slug, "roles")
    return _role_page(request, workspace, found, form, status=UNPROCESSABLE)


@never_cache
@login_required
@require_POST
def role_end(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """``…/people/roles/<pk>/end/``: nobody needs it any more."""
    workspace = writing(request, slug)
    found = _found(role_in(workspace, pk))
    end_role(role=found, side=workspace.ours.side, by=signed_in(request), now=timezone.now())
    messages.success(request, _("The role has ended. Thank you to whoever had it."))
    return _back(slug, "roles")


@never_cache
@login_required
@require_POST
def task_new(request: HttpRequest, slug: str) -> HttpResponse:
    """``…/people/tasks/new/``: something small to do."""
    workspace = writing(request, slug)
    form = task_form(workspace, data=request.POST)

    def save() -> None:
        add_task(**form.cleaned_data, **_common(request, workspace))

    return _saved(request, workspace, form, save, name="task_form", anchor="tasks")


@never_cache
@login_required
@require_POST
def task(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """``…/people/tasks/<pk>/``: ``do=take``, ``give-back`` or ``done``."""
    workspace = writing(request, slug)
    found = _found(task_in(workspace, pk))
    move = MOVES.get(request.POST.get("do", ""))
    if move is None:
        return _page(request, workspace, sentence=_("Choose what to do with the task."), status=UNPROCESSABLE)
    try:
        move(task=found, side=workspace.ours.side, by=signed_in(request), now=timezone.now())
    except Refused as refused:
        return _page(request, workspace, sentence=refused.message, status=UNPROCESSABLE)
    return _back(slug, "tasks")


@never_cache
@login_required
@require_POST
def thank(request: HttpRequest, slug: str) -> HttpResponse:
    """``…/people/thanks/``: a thank-you."""
    workspace = writing(request, slug)
    form = thanks_form(workspace, data=request.POST)

    def save() -> None:
        say_thanks(**form.cleaned_data, **_common(request, workspace))

    return _saved(request, workspace, form, save, name="thanks_form", anchor="thanks")


@never_cache
@login_required
@require_POST
def hand_over(request: HttpRequest, slug: str) -> HttpResponse:
    """``…/people/hand-over/``: I will hand over."""
    workspace = writing(request, slug)
    if not workspace.may_bind:
        raise PermissionDenied
    seats = [seat for seat in seats_of_ours(workspace) if seat.pk != signed_in(request).pk]
    form = hand_over_form(seats=seats, data=request.POST)

    def save() -> None:
        begin_hand_over(**form.cleaned_data, **_common(request, workspace))

    return _saved(request, workspace, form, save, name="hand_over_form", anchor="hand-over")


@never_cache
@login_required
@require_POST
def item_new(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """``…/people/hand-over/<pk>/items/``: one more thing to pass on."""
    workspace = writing(request, slug)
    found = _found(hand_over_in(workspace, pk))
    form = ItemForm(request.POST)

    def save() -> None:
        add_item(
            hand_over=found,
            side=workspace.ours.side,
            text=form.cleaned_data["text"],
            by=signed_in(request),
            now=timezone.now(),
        )

    return _saved(request, workspace, form, save, name="item_form", anchor="hand-over", more={"item_of": pk})


@never_cache
@login_required
@require_POST
def item(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """``…/people/hand-over/items/<pk>/``: one thing is passed on, ``do=done``, or not yet, ``do=open``."""
    workspace = writing(request, slug)
    found = _found(item_in(workspace, pk))
    note = request.POST.get("note", "")
    try:
        tick_item(
            item=found,
            side=workspace.ours.side,
            is_done=request.POST.get("do") == "done",
            note=note,
            by=signed_in(request),
            now=timezone.now(),
        )
    except Refused as refused:
        more = {"typed_for": pk, "typed": note}
        return _page(request, workspace, sentence=refused.message, status=UNPROCESSABLE, more=more)
    return _back(slug, "hand-over")


def _common(request: HttpRequest, workspace: Workspace) -> dict[str, Any]:
    return {
        "partnership": workspace.partnership,
        "side": workspace.ours.side,
        "by": signed_in(request),
        "now": timezone.now(),
    }


def _saved(
    request: HttpRequest,
    workspace: Workspace,
    form: forms.Form,
    save: Callable[[], None],
    *,
    name: str,
    anchor: str,
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    """Save a form of the page, or show it again with what was typed and what is wrong."""
    if form.is_valid():
        try:
            save()
        except Refused as refused:
            tell(form, refused)
        else:
            return _back(workspace.partnership.slug, anchor)
    return _page(request, workspace, status=UNPROCESSABLE, more={name: form, **(more or {})})


def _back(slug: str, anchor: str) -> HttpResponse:
    answer = redirect("partnerships:people", slug)
    answer.headers["Location"] += f"#{anchor}"
    return answer


def _found(row: Any) -> Any:
    if row is None:
        raise Http404
    return row


def _role_page(
    request: HttpRequest, workspace: Workspace, found: SideRole, form: forms.Form, *, status: int = 200
) -> HttpResponse:
    context = {"workspace": workspace, "here": "people", "role": found, "form": form}
    return render(request, "partnerships/people_role.html", context, status=status)


def _page(
    request: HttpRequest,
    workspace: Workspace,
    *,
    sentence: str = "",
    status: int = 200,
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    reader = signed_in(request)
    found = succession(workspace, reader=reader, today=timezone.localdate())
    context: dict[str, Any] = {
        "workspace": workspace,
        "here": "people",
        "found": found,
        "sentence": sentence,
        "may_hand_over": workspace.may_bind
        and workspace.may_write
        and not _is_handing_over(found, reader.pk),
    }
    if workspace.may_write:
        others = [seat for seat in found.ours if seat.pk != reader.pk]
        context |= {
            "role_form": role_form(workspace, seats=found.ours),
            "task_form": task_form(workspace),
            "thanks_form": thanks_form(workspace),
            "hand_over_form": hand_over_form(seats=others),
            "item_form": ItemForm(),
        }
    context |= more or {}
    return render(request, "partnerships/people.html", context, status=status)


def _is_handing_over(found: Any, person: int) -> bool:
    return any(line.is_ours and line.hand_over.leaving_id == person for line in found.running)
