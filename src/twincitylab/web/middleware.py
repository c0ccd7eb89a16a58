"""What every answer in a reader's language has in common."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_vary_headers

WORDLESS = {"application/octet-stream", "image/svg+xml"}


class VaryByLanguage:
    """The language follows the browser or a cookie: a cache has to look at both.

    Bytes without words stay the same for everybody, and may be kept for everybody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.headers.get("Content-Type") not in WORDLESS:
            patch_vary_headers(response, ("Cookie",))
        return response
