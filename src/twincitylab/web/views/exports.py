"""All twinnings as a file."""

from django.http import Http404, HttpRequest, StreamingHttpResponse

from twincitylab.atlas.queries import ExportFormat, export_twinnings, require_atlas


def twinnings(request: HttpRequest, form: str) -> StreamingHttpResponse:
    """``/export/twinnings.csv``, ``.geojson`` or ``.parquet``."""
    require_atlas()
    if form not in list(ExportFormat):
        raise Http404(form)
    chosen = ExportFormat(form)
    response = StreamingHttpResponse(export_twinnings(chosen), chosen.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="twinnings.{chosen}"'
    return response
