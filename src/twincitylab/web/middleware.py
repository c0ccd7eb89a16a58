"""What every answer in a reader's language has in common, and what a signed-in person brings along."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from twincitylab.community.models import Person

Answer = Callable[[HttpRequest], HttpResponseBase]

PAGES_TAKE = ("GET", "HEAD", "POST")
SPOKEN = {*PAGES_TAKE, "DELETE", "OPTIONS", "PATCH", "PUT"}
"""Of the other methods, such as TRACE, no view has ever heard; the API refuses them for itself."""
WORDLESS = {"application/octet-stream", "image/svg+xml"}
SEEN_EVERY_SECONDS = 300
SEEN_AT = "seen_at"
SIGN_UP = "/accounts/signup/"
SIGN_UP_STEP = 0.3
"""Seconds; more than the rows of a new account take to write."""


class VaryByLanguage:
    """The language follows the browser or a cookie: a cache has to look at both.

    Bytes without words stay the same for everybody, and may be kept for everybody.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.headers.get("Content-Type") not in WORDLESS:
            patch_vary_headers(response, ("Cookie",))
        return response


class SpeakAsThePersonWishes:
    """A signed-in person's own language and time zone win over those of the browser.

    A visitor without a session costs no query.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        person = signed_in(request)
        if person is None:
            return self.get_response(request)
        translation.activate(person.language)
        request.LANGUAGE_CODE = translation.get_language()
        with timezone.override(person.timezone):
            return self.get_response(request)


class RememberSessions:
    """Notes for the list of sessions, every few minutes, from where a person was last seen."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if signed_in(request) is not None:
            now = int(time.time())
            if now - request.session.get(SEEN_AT, 0) >= SEEN_EVERY_SECONDS:
                from allauth.usersessions.models import UserSession

                request.session[SEEN_AT] = now
                UserSession.objects.create_from_request(request)
        return self.get_response(request)


class AnswerSignUpsAlike:
    """A sign-up takes as long for an address that has an account as for one that has none: until the next
    whole step."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.monotonic()
        response = self.get_response(request)
        if request.method == "POST" and request.path == SIGN_UP:
            time.sleep(SIGN_UP_STEP - (time.monotonic() - began) % SIGN_UP_STEP)
        return response


class SayWhenAFormIsWrong:
    """An account page that shows a form again because of what was typed answers with status 422."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        form = (response.context_data or {}).get("form")
        if request.method == "POST" and isinstance(form, BaseForm) and form.errors:
            response.status_code = 422
        return response


class AnswerPlainly:
    """What a page of any app cannot do is answered with a sentence and the right status."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._answer(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            from twincitylab.web.refusals import not_taken

            told = not_taken(request)
            told.headers["Allow"] = response.headers["Allow"]
            return told
        return response

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        if request.method in SPOKEN or request.path.startswith("/api/"):
            return self.get_response(request)
        return HttpResponseNotAllowed(PAGES_TAKE)

    def process_exception(self, request: HttpRequest, refused: Exception) -> HttpResponseBase | None:
        # Here and not above: the engine is not loaded before a page needs it.
        from twincitylab.web.refusals import plain_answer

        return plain_answer(request, refused)


def signed_in(request: HttpRequest) -> Person | None:
    """Who asks; None for a visitor, and while the database cannot tell."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    try:
        return request.user if isinstance(request.user, Person) and request.user.is_authenticated else None
    except DatabaseError:
        # The page says what is wrong with the database; here it only matters that it is said.
        request.user = AnonymousUser()
        return None
