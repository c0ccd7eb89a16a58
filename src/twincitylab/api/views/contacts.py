"""The actor map of a community, for its stewards."""

from django.http import HttpRequest
from ninja import Router

from twincitylab.api.bearer import must_read
from twincitylab.api.parameters import Page, Paging, Slug
from twincitylab.api.refusals import only
from twincitylab.api.schemas.communities import ContactPage
from twincitylab.api.views.answering import READING, Plain, page
from twincitylab.api.views.reaching import reached
from twincitylab.community.queries.scouting import exported_rows
from twincitylab.community.rules.access import Standing

router = Router(tags=["scouting"])


@router.get(
    "/communities/{slug}/contacts",
    response={200: ContactPage, **READING},
    summary="The actor map of a community",
    auth=must_read,
)
@only(Page)
def list_contacts(request: HttpRequest, slug: Slug, asked: Paging) -> Plain:
    """Everybody on it, with the columns of its file. It names people: keep it to yourselves."""
    community, _held = reached(request, slug, least=Standing.STEWARD)
    return page(exported_rows(community), asked)
