"""Every address is asked by everybody, and answers what the table says."""

import logging
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import DjangoDbBlocker
from tests.architecture.access_table import (
    ACCOUNTS,
    API,
    PAGES,
    ROLES,
    SHUT_OUT,
    TELLS_NOTHING,
    Answer,
    Answers,
    Line,
    Operation,
    only,
)
from tests.architecture.access_world import PLACES, World, make_world
from tests.sample_atlas import store_sample_atlas

from twincitylab.api.tests.calling import token_of
from twincitylab.api.views.index import ROUTERS
from twincitylab.matching.engine.communities import rounds, store

pytestmark = pytest.mark.django_db
API_ROOT = "/api/v1"
WITHOUT_NAME = {
    # Asked for a fresh confirmation first; the same addresses as those of accounts that have a name.
    "accounts/email/", "accounts/password/set/", "accounts/2fa/totp/activate/", "accounts/2fa/webauthn/add/",
    # What the API does not have.
    "api/v1/",
}  # fmt: skip
OFFERED_BY_NINJA = {"GET /openapi.json", "GET /docs"}
LINES = [
    (name, line)
    for name, lines in {**PAGES, **ACCOUNTS}.items()
    for line in (lines if isinstance(lines, tuple) else (lines,))
]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Made once; whatever a request changes is taken back after it."""
    logging.disable(logging.CRITICAL)  # a thousand refusals
    with django_db_blocker.unblock(), override_settings(API_RATE_PER_MINUTE=0), transaction.atomic():
        store.forget()
        store_sample_atlas()
        yield make_world()
        transaction.set_rollback(True)
    store.forget()
    rounds.forget()
    logging.disable(logging.NOTSET)


def test_every_page_is_in_the_table_and_nothing_else() -> None:
    found = {name or route for name, route in _addresses(get_resolver().url_patterns)}
    pages = {name for name in found if not name.startswith("api:")}
    assert pages == {*PAGES, *ACCOUNTS, *WITHOUT_NAME}


def test_every_operation_of_the_api_is_in_the_table_and_nothing_else() -> None:
    found = {
        f"{method} {path}"
        for router in ROUTERS
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    }
    assert found | OFFERED_BY_NINJA == set(API)
    views = {name for name, _route in _addresses(get_resolver().url_patterns) if name.startswith("api:")}
    operations = {
        operation.view_func.__name__
        for router in ROUTERS
        for view in router.path_operations.values()
        for operation in view.operations
    }
    assert views == {f"api:{name}" for name in (*operations, "openapi-json", "openapi-view", "api-root")}


@pytest.mark.parametrize(("name", "line"), LINES, ids=[name for name, _line in LINES])
def test_page_answers_everybody_as_declared(world: World, name: str, line: Line) -> None:
    for place in PLACES if line.is_below_community else ("public",):
        address = reverse(name, kwargs=_filled(line.arguments, world, place=place))
        address += f"?{line.query}" if line.query else ""

        def get(role: str, address: str = address) -> Any:
            return world.browser(role).get(address)

        def post(role: str, address: str = address) -> Any:
            return world.browser(role).post(address, dict(line.body))

        shut_out = SHUT_OUT[place] if line.is_below_community else frozenset()
        expected = _expected(line.get, shut_out=shut_out)
        assert _told(get) == expected, f"GET {address}"
        if place not in {"public", "hidden"}:
            continue
        if line.post is not None:
            expected = _expected(line.post, shut_out=shut_out)
            assert _told(post) == expected, f"POST {address}"
        elif name in PAGES:
            told = _told(post)
            assert all(told[role] in {405, "in", expected[role]} for role in ROLES), f"POST {address}: {told}"


@pytest.mark.parametrize("name", API)
def test_operation_answers_everybody_as_declared(world: World, name: str) -> None:
    operation, (method, path) = API[name], name.split(" ")
    for place in PLACES if operation.is_below_community else ("public",):
        if place == "closed" and method != "GET":
            continue
        address = API_ROOT + path.format(**_filled(operation.arguments, world, place=place))
        address += f"?{operation.query}" if operation.query else ""

        def send(role: str, address: str = address) -> Any:
            content = _content(operation)
            headers = {**world.bearer(role), "Idempotency-Key": str(uuid.uuid4())}
            return getattr(world.browser("visitor"), method.lower())(address, headers=headers, **content)

        expected = _expected(operation.answers, shut_out=operation.shut_out(place))
        assert _told(send) == expected, f"{method} {address}"


@pytest.mark.parametrize("name", ["matching:pair", "partnerships:introduce"])
@pytest.mark.parametrize("place", PLACES)
def test_other_community_is_met_by_whom_it_may_be_seen(world: World, name: str, place: str) -> None:
    address = reverse(name, args=[world.elsewhere.slug, world.communities[place].slug])
    told = _told(lambda role: world.browser(role).get(address))
    expected: Answers = only("other", answer=404 if "other" in SHUT_OUT[place] else 200)
    assert told == expected


def test_session_counts_for_nothing_in_the_api(world: World) -> None:
    for address in ("me", "inbox", "introductions", "communities/tree-friends/matches"):
        told = _told(lambda role, at=address: world.browser(role).get(f"{API_ROOT}/{at}"))  # type: ignore[misc]
        assert told == dict.fromkeys(ROLES, 401)


@pytest.mark.parametrize("name", [name for name in API if not name.startswith("GET")])
def test_nothing_is_written_with_a_token_for_reading(world: World, name: str) -> None:
    operation, (method, path) = API[name], name.split(" ")
    address = API_ROOT + path.format(**_filled(operation.arguments, world, place="public"))
    steward = world.people["steward"]
    assert steward is not None
    headers = {
        "Authorization": f"Bearer {token_of(steward, may_write=False)}",
        "Idempotency-Key": str(uuid.uuid4()),
    }
    content = _content(operation)
    assert getattr(Client(), method.lower())(address, headers=headers, **content).status_code == 403


def _addresses(patterns: Any, namespace: str = "", before: str = "") -> Iterator[tuple[str, str]]:
    """The name and the route of every address of the product."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inside = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _addresses(pattern.url_patterns, inside, route)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}" if pattern.name else "", route


def _content(operation: Operation) -> dict[str, Any]:
    if operation.body is None:
        return {}
    return {"data": dict(operation.body), "content_type": "application/json"}


def _filled(arguments: Mapping[str, str], world: World, *, place: str) -> dict[str, object]:
    return {name: world.word(word, place=place) for name, word in arguments.items()}


def _expected(answers: Answers, *, shut_out: frozenset[str]) -> Answers:
    """What the table says, with 404 for those who may not see this community."""
    return {
        role: 404 if role in shut_out and answer not in TELLS_NOTHING else answer
        for role, answer in answers.items()
    }


def _told(ask: Callable[[str], Any]) -> Answers:
    return {role: _answer(ask, role) for role in ROLES}


def _answer(ask: Callable[[str], Any], role: str) -> Answer:
    """The status, or ``in`` for the way to sign in and ``go`` for one to somewhere else."""
    with transaction.atomic():
        response = ask(role)
        answer: Answer = response.status_code
        if answer in {301, 302}:
            answer = "in" if response["Location"].startswith("/accounts/login/") else "go"
        if response.streaming:
            b"".join(response.streaming_content)  # read to its end, as a browser does
        transaction.set_rollback(True)  # what the request has changed
    return answer
