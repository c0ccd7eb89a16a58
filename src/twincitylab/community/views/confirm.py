"""Asking again who sits there, before something that cannot be undone."""

import secrets
import time
from collections.abc import Callable
from functools import wraps
from typing import cast

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core import ratelimit
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from twincitylab.base import mail
from twincitylab.community.models import Person

View = Callable[..., HttpResponseBase]
KEPT = "confirm_code"
MOST_TRIES = 3
SECONDS_VALID = 15 * 60


def freshly_confirmed(view: View) -> View:
    """Only for somebody who has just shown who they are: by password, second factor or passkey, and those
    who have none of these by a code in a mail."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if get_reauthentication_flows(request.user):
            guarded = reauthentication_required(app="allauth.account")(view)
            return cast("HttpResponseBase", guarded(request, *args, **kwargs))
        if _is_fresh(request):
            return view(request, *args, **kwargs)
        return redirect(f"{reverse('community:confirm')}?{urlencode({'next': request.path})}")

    return cast("View", login_required(answer))


@sensitive_post_parameters("code")
@never_cache
@login_required
def confirm(request: HttpRequest) -> HttpResponse:
    """``/me/confirm/?next=``: a code by mail for people who sign in by nothing else."""
    person = cast("Person", request.user)
    back = request.POST.get("next") or request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("community:me")
    if get_reauthentication_flows(person):
        return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}")
    if request.method != "POST":
        return _page(request, back=back)
    if not ratelimit.consume(request, action="reauthenticate", user=person):
        return cast("HttpResponse", ratelimit.respond_429(request))
    if "send" in request.POST:
        _send_code(request, person)
        return _page(request, back=back)
    problem = _problem(request, request.POST.get("code", ""))
    if problem:
        return _page(request, back=back, problem=problem)
    record_authentication(request, person, method="code", reauthenticated=True)
    return redirect(back)


def _page(request: HttpRequest, *, back: str, problem: str = "") -> HttpResponse:
    words = {"next": back, "is_sent": KEPT in request.session, "problem": problem}
    return render(request, "community/confirm.html", words, status=422 if problem else 200)


def _is_fresh(request: HttpRequest) -> bool:
    """Signed in or confirmed a moment ago; allauth's own pages then believe it too."""
    records = get_authentication_records(request, cast("Person", request.user))
    if not records or time.time() - records[-1]["at"] >= app_settings.REAUTHENTICATION_TIMEOUT:
        return False
    records[-1]["reauthenticated"] = True
    request.session.modified = True
    return True


def _send_code(request: HttpRequest, person: Person) -> None:
    code = get_adapter(request).generate_login_code()
    request.session[KEPT] = {"digest": _digest(code, person), "at": time.time(), "tries": 0}
    with translation.override(person.language):
        words = {"code": code, "site": mail.absolute("/")}
        subject = render_to_string("account/email/confirm_code_subject.txt", words)
        text = render_to_string("account/email/confirm_code_message.txt", words)
    mail.send(person.email, language=person.language, subject=subject, text=text)


def _problem(request: HttpRequest, code: str) -> str:
    """Why the code is not the right one; empty when it is. Three wrong ones spend it."""
    kept = request.session.get(KEPT)
    if not kept or time.time() - kept["at"] > SECONDS_VALID or kept["tries"] >= MOST_TRIES:
        request.session.pop(KEPT, None)
        return _("This code is no longer valid. Ask for a new one.")
    if secrets.compare_digest(kept["digest"], _digest(code, cast("Person", request.user))):
        request.session.pop(KEPT)
        return ""
    request.session[KEPT] = {**kept, "tries": kept["tries"] + 1}
    return _("This is not the code of the last mail.")


def _digest(code: str, person: Person) -> str:
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return salted_hmac("confirm code", f"{person.pk}:{plain}", algorithm="sha256").hexdigest()
