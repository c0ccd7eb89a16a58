"""Who asks: the person whose token a program sends, or a visitor.

A session counts for nothing here, so that no page elsewhere can write with it. A token that is unknown or
over is refused also where visitors may read: whoever sends one believes to be somebody.
"""

from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from ninja.errors import HttpError
from ninja.security.base import AuthBase

from twincitylab.api.rate import count
from twincitylab.community.models import Person
from twincitylab.community.queries.tokens import READ, WRITE, person_of_token
from twincitylab.community.rules.access import AnyPerson

SCHEME = "bearer"


class TokenRefused(Exception):
    """No token, or none that opens anything; the message says what would be right."""


@dataclass(frozen=True)
class Asker:
    """Who asks; nobody for a visitor."""

    person: AnyPerson


class Bearer(AuthBase):
    """Asks for a token of one scope. Every request is counted first, those with a wrong token too."""

    openapi_type = "http"
    openapi_scheme = SCHEME

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Asker:
        count(request)
        found = _asker(request, scope=self.scope)
        if found.person is None:
            raise TokenRefused(_("Send a token of yours: Authorization: Bearer tcl_…"))
        return found


def may_read(request: HttpRequest) -> Asker:
    """For what visitors may read too; somebody with a token sees what that person may see."""
    count(request)
    return _asker(request, scope=READ)


must_read = Bearer(READ)
must_write = Bearer(WRITE)

# How an address is declared that visitors may read, too.
OPEN: dict[str, Any] = {"auth": may_read, "openapi_extra": {"security": [{}, {Bearer.__name__: []}]}}


def asker(request: HttpRequest) -> AnyPerson:
    """The person whose token this is; None for a visitor."""
    return cast("Asker", request.auth).person  # type: ignore[attr-defined]


def person(request: HttpRequest) -> Person:
    """The person whose token this is, at addresses that ask for one."""
    found = asker(request)
    if found is None:
        raise TokenRefused
    return found


@sensitive_variables()
def _asker(request: HttpRequest, *, scope: str) -> Asker:
    header = request.headers.get("Authorization", "")
    if not header:
        return Asker(None)
    scheme, _space, text = header.partition(" ")
    if scheme.lower() != SCHEME:
        raise TokenRefused(_("Write the header so: Authorization: Bearer tcl_…"))
    found = person_of_token(text.strip(), scope)
    if found is not None:
        return Asker(found)
    if scope == WRITE and person_of_token(text.strip(), READ):
        raise HttpError(403, _("This token may only read. Make one that may write, too, on your own page."))
    raise TokenRefused(_("This token opens nothing: it is unknown, over or was taken back."))
