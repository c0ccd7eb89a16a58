"""Who asks."""

from typing import cast

from django.http import HttpRequest

from twincitylab.community.models import Person


def signed_in(request: HttpRequest) -> Person:
    """The person whose session it is; for pages that ask everybody else to sign in."""
    return cast("Person", request.user)
