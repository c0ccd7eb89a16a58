"""The addresses of the JSON API."""

from django.urls import path, re_path
from ninja import NinjaAPI

from twincitylab import __version__
from twincitylab.api.docs import LocalSwagger
from twincitylab.api.rate import Throttle
from twincitylab.api.refusals import nothing_here, teach
from twincitylab.api.views import router

DESCRIPTION = """Real cities, their twinnings, and partners that fit at eye level.
Read-only, no account needed.

The data carries its licences: every answer names its `sources`;
show their attribution where you show the data.
Lists come in pages (`limit`, `offset`). Answers carry an `ETag`: send it back as `If-None-Match`.
"""

api = NinjaAPI(
    title="Twin City Lab",
    version=__version__,
    description=DESCRIPTION,
    docs=LocalSwagger(),
    docs_url="/docs",
    urls_namespace="api",
    throttle=[Throttle()],
)
teach(api)
api.add_router("", router)

# An address the API does not have is answered in JSON too.
urlpatterns = [path("", api.urls), re_path(r"", nothing_here)]
