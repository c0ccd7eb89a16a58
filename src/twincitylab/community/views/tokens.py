"""The API tokens of a person."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from twincitylab.community.forms.accounts import TokenForm
from twincitylab.community.models import Person
from twincitylab.community.operations.tokens import NewToken, make_token, revoke_token
from twincitylab.community.queries.tokens import tokens_of
from twincitylab.community.rules.refusals import Refused
from twincitylab.community.views.confirm import freshly_confirmed


@never_cache
@login_required
def tokens(request: HttpRequest) -> HttpResponse:
    """``/me/tokens/``: what stands, and a form for a new one."""
    return _page(request, form=TokenForm())


@never_cache
@freshly_confirmed
def new_token(request: HttpRequest) -> HttpResponse:
    """``/me/tokens/new/``: make one and show its text, which no later page can."""
    if request.method != "POST":
        return _page(request, form=TokenForm())
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form, status=422)
    data = form.cleaned_data
    try:
        made = make_token(
            by=cast("Person", request.user),
            name=data["name"],
            may_write=data["scope"] == "write",
            days=data["days"],
            form_key=data["form_key"],
            now=timezone.now(),
        )
    except Refused as refused:
        form.add_error(refused.field or None, refused.message)
        return _page(request, form=form, status=422)
    return _page(request, form=TokenForm(), made=made)


@login_required
@require_POST
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """``/me/tokens/7/revoke/``."""
    revoke_token(by=cast("Person", request.user), token_id=token_id, now=timezone.now())
    messages.success(request, _("The token is taken back and opens nothing any more."))
    return redirect("community:tokens")


def _page(
    request: HttpRequest, *, form: TokenForm, made: NewToken | None = None, status: int = 200
) -> HttpResponse:
    person = cast("Person", request.user)
    words = {"form": form, "made": made, "tokens": tokens_of(person), "now": timezone.now()}
    return render(request, "community/tokens.html", words, status=status)
