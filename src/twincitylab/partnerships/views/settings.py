"""The settings of a partnership; what each side can give stands on the page of the sides."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from twincitylab.community.rules.access import Standing
from twincitylab.community.rules.refusals import Refused
from twincitylab.partnerships.forms.settings import SettingsForm
from twincitylab.partnerships.models import Partnership
from twincitylab.partnerships.operations.settings import SettingsChanged, describe
from twincitylab.partnerships.queries.settings import has_sums
from twincitylab.partnerships.queries.workspaces import Workspace
from twincitylab.partnerships.views.asking import signed_in
from twincitylab.partnerships.views.entering import entered
from twincitylab.partnerships.views.talk import tell

UNPROCESSABLE, CONFLICT = 422, 409


@never_cache
@login_required
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    """``/partnerships/<slug>/settings/``: name, purpose and currency; for the stewards of every side."""
    workspace = entered(request, slug, least=Standing.STEWARD)
    if request.method != "POST":
        return _page(request, workspace, SettingsForm(workspace=workspace))
    if not workspace.may_write:
        raise PermissionDenied(_("Everything stays readable here, and nothing changes any more."))
    form = SettingsForm(request.POST, workspace=workspace)
    if form.is_valid():
        try:
            describe(
                partnership=workspace.partnership,
                side=workspace.ours.side,
                wanted=form.wanted,
                before=form.before,
                by=signed_in(request),
                now=timezone.now(),
            )
        except SettingsChanged as told:
            return _clash_page(request, workspace, form, current=told.partnership)
        except Refused as refused:
            tell(form, refused)
        else:
            messages.success(request, _("Your changes are saved."))
            return redirect("partnerships:settings", slug)
    return _page(request, workspace, form, status=UNPROCESSABLE)


def _clash_page(
    request: HttpRequest, workspace: Workspace, form: SettingsForm, *, current: Partnership
) -> HttpResponse:
    changed = form.differing(current)
    form.open_again(current)
    return _page(request, workspace, form, changed=changed, status=CONFLICT)


def _page(
    request: HttpRequest,
    workspace: Workspace,
    form: SettingsForm,
    *,
    changed: object = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "workspace": workspace,
        "here": "settings",
        "form": form,
        "changed": changed,
        "currency_stays": has_sums(workspace.partnership),
    }
    return render(request, "partnerships/settings.html", context, status=status)
