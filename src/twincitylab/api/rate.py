"""The API's share of the limit that it has in common with the pages."""

from django.http import HttpRequest
from ninja.errors import Throttled

from twincitylab.base.rate import per_minute


def count(request: HttpRequest) -> None:
    """Count a request before anything is looked up for it; refuses it when the minute is used up."""
    if not per_minute.allow_request(request):
        raise Throttled(wait=int(per_minute.wait()) + 1)
