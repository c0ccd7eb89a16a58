"""The API's share of the limit that it has in common with the pages."""

from django.http import HttpRequest
from ninja.throttling import BaseThrottle

from twincitylab.base.rate import per_minute


class Throttle(BaseThrottle):
    """Asks the counter of all addresses."""

    def allow_request(self, request: HttpRequest) -> bool:
        return per_minute.allow_request(request)

    def wait(self) -> float:
        return per_minute.wait()
