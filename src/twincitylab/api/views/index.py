"""Where to go: every address of every subject."""

from django.http import HttpRequest
from django.urls import reverse
from ninja import Router

from twincitylab import __version__
from twincitylab.api.refusals import only
from twincitylab.api.schemas.atlas import IndexOut
from twincitylab.api.views import (
    atlas,
    communities,
    contacts,
    introductions,
    matches,
    me,
    needs,
    partnerships,
    topics,
)
from twincitylab.api.views.answering import Plain

router = Router()

ROUTERS = (
    router,
    atlas.router,
    communities.router,
    needs.router,
    topics.router,
    matches.router,
    introductions.router,
    partnerships.router,
    me.router,
    contacts.router,
)


@router.get("/", response=IndexOut, summary="All addresses", tags=["status"])
@only()
def index(request: HttpRequest) -> Plain:
    """Where to go from here."""
    here = reverse("api:index")
    return {
        "version": __version__,
        "addresses": [
            {"method": method, "address": here + path.lstrip("/"), "summary": operation.summary}
            for subject in ROUTERS
            for path, view in subject.path_operations.items()
            for operation in view.operations
            for method in operation.methods
        ],
        "docs": reverse("api:openapi-view"),
        "openapi": reverse("api:openapi-json"),
    }
