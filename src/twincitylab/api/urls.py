"""The addresses of the JSON API."""

from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from django.utils.cache import patch_cache_control, patch_vary_headers, set_response_etag
from ninja import NinjaAPI

from twincitylab import __version__
from twincitylab.api.bearer import may_read
from twincitylab.api.docs import LocalSwagger
from twincitylab.api.refusals import View, nothing_here, only_so, teach
from twincitylab.api.views.index import ROUTERS

DESCRIPTION = """Real cities, their twinnings, and partners that fit at eye level; communities, what they seek
and bring, and their introductions.

Everything that visitors may see needs no account. With a token you see and do what you may: make one on your
own page, and send it as `Authorization: Bearer tcl_…`. Reading takes a token of scope `read`, writing one of
scope `write`. What creates something takes an `Idempotency-Key`: sent twice, it is created once.

The data carries its licences: every answer names its `sources`;
show their attribution where you show the data.
Lists come in pages (`limit`, `offset`). Answers carry an `ETag`: send it back as `If-None-Match`.
"""


class Api(NinjaAPI):
    """An answer to somebody with a token is kept for nobody else."""

    def create_response(self, request: HttpRequest, data: Any, **more: Any) -> HttpResponse:
        response = super().create_response(request, data, **more)
        patch_vary_headers(response, ("Authorization",))
        if "Authorization" in request.headers:
            patch_cache_control(response, private=True, no_cache=True)
        return response


api = Api(
    title="Twin City Lab",
    version=__version__,
    description=DESCRIPTION,
    docs=LocalSwagger(),
    docs_url="/docs",
    urls_namespace="api",
    auth=may_read,
)
teach(api)
for subject in ROUTERS:
    api.add_router("", subject)


def with_head(view: View) -> View:
    """Answers HEAD as GET, without the body, and refuses in JSON what the address does not take."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.method or ""
        if asked == "HEAD":
            request.method = "GET"
        response: HttpResponse = view(request, *args, **kwargs)
        request.method = asked
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            takes = {method.strip() for method in response["Allow"].split(",")}
            response = only_so(asked, takes=sorted(takes | {"HEAD"} if "GET" in takes else takes))
        elif asked == "HEAD" and not response.streaming:
            set_response_etag(response)
        return response

    return answered


addresses, in_app, spoken_of_as = api.urls
for address in addresses:
    if isinstance(address, URLPattern):
        address.callback = with_head(address.callback)

# An address the API does not have is answered in JSON too.
urlpatterns = [path("", (addresses, in_app, spoken_of_as)), re_path(r"", with_head(nothing_here))]
