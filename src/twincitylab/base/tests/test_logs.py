"""What a log keeps of a request that was refused."""

import io
import logging
from collections.abc import Iterator

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from twincitylab.base.logs import KeepSecrets


def forbidden(_request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def suspicious(_request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation


def broken(_request: HttpRequest, key: str) -> HttpResponse:
    raise RuntimeError(f"no {len(key)}")


urlpatterns = [
    path("forbidden/", forbidden),
    path("suspicious/", suspicious),
    path("join/<str:key>/", broken),
    path("", include("twincitylab.config.urls")),
]


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the handler of the settings writes."""
    handler = next(
        one
        for one in logging.getLogger().handlers
        if isinstance(one, logging.StreamHandler) and any(isinstance(f, KeepSecrets) for f in one.filters)
    )
    stream = io.StringIO()
    # Not by setStream, which first flushes a stream that another test may have closed.
    before, handler.stream = handler.stream, stream
    yield stream
    handler.stream = before


@pytest.mark.parametrize("name", ["join", "unsubscribe", "no-invitations"])
def test_a_key_in_an_address_does_not_reach_the_log(name: str, written: io.StringIO) -> None:
    for said in (
        f"/{name}/s3cret:K-y_/",
        f"/accounts/login/?next=%2F{name}%2Fs3cret%3AK-y_%2F",
        f"/{name}/s3c",
    ):
        logging.getLogger("django.request").warning("Gone: %s", said)
    lines = written.getvalue()
    assert (lines.count("…"), "s3c" in lines, "K-y_" in lines) == (3, False, False)


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize("address", ["/forbidden/", "/suspicious/"])
def test_what_a_stranger_is_refused_takes_one_line(
    client: Client, written: io.StringIO, address: str
) -> None:
    assert client.get(address).status_code in {400, 403}
    assert written.getvalue().count("\n") == 1


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_a_fault_of_ours_keeps_its_traceback(client: Client, written: io.StringIO) -> None:
    client.raise_request_exception = False
    assert client.get("/join/s3cret/").status_code == 500
    lines = written.getvalue()
    assert ("Traceback" in lines, "/join/…/" in lines, "s3cret" in lines) == (True, True, False)


def test_the_web_server_keeps_no_key_either() -> None:
    record = logging.makeLogRecord({"name": "gunicorn.access", "msg": "%(r)s"})
    record.args = {"r": "GET /join/s3c/ HTTP/1.1"}
    assert KeepSecrets().filter(record)
    assert record.getMessage() == "GET /join/…/ HTTP/1.1"
