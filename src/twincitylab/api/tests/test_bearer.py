"""Who asks: only a token counts, never a session; what is wrong with one is said, and counted."""

import datetime as dt
import logging
import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from twincitylab.api.bearer import Bearer
from twincitylab.api.tests.calling import Program
from twincitylab.api.views.index import ROUTERS
from twincitylab.base.rate import per_minute
from twincitylab.community.choices import Visibility
from twincitylab.community.models import ApiToken, Community
from twincitylab.community.tests.world import make_community, make_person, sign_in

pytestmark = pytest.mark.usefixtures("atlas", "unlimited")
OPEN = ["communities", "communities/choir", "needs", "topics", "topics/suggest?text=trees", "cities", ""]
PERSONAL = ["me", "inbox", "introductions", "communities/choir/matches", "communities/choir/contacts"]
FOUNDING = {
    "name": "Night Gardeners", "city": "leeds-gb", "kind": "initiative", "purpose": "Plant at night.",
    "topics": ["trees"], "languages": ["en"],
}  # fmt: skip


def every_operation() -> list[tuple[str, Any]]:
    return [
        (f"{'/'.join(operation.methods)} {path}", operation)
        for router in ROUTERS
        for path, view in router.path_operations.items()
        for operation in view.operations
    ]


@pytest.mark.parametrize("address", OPEN)
def test_visitor_reads_what_is_open(address: str) -> None:
    make_community("Choir")
    assert Program().get(address).status_code == 200


@pytest.mark.parametrize("address", PERSONAL)
def test_visitor_is_asked_for_a_token(address: str) -> None:
    make_community("Choir")
    response = Program().get(address)
    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer")
    assert response.json()["message"] == "Send a token of yours: Authorization: Bearer tcl_…"


def test_what_changes_something_always_asks_for_a_token_that_may_write() -> None:
    unsafe = [(name, one) for name, one in every_operation() if set(one.methods) - {"GET"}]
    scopes = {
        name: [auth.scope for auth in one.auth_callbacks if isinstance(auth, Bearer)] for name, one in unsafe
    }
    assert scopes == {name: ["write"] for name, _one in unsafe}
    assert len(scopes) == 15


def test_session_without_a_token_is_a_visitor() -> None:
    steward = make_person()
    make_community("Choir", steward=steward, visibility=Visibility.MEMBERS)
    browser = sign_in(Client(enforce_csrf_checks=True), steward)
    assert browser.get("/api/v1/communities/choir").status_code == 404
    assert browser.get("/api/v1/communities").json()["items"] == []
    assert browser.get("/api/v1/me").status_code == 401


def test_page_elsewhere_cannot_write_with_a_session() -> None:
    steward = make_person()
    choir = make_community("Choir", steward=steward)
    browser = sign_in(Client(), steward)
    answers = [
        browser.post(
            "/api/v1/communities",
            FOUNDING,
            content_type="application/json",
            headers={"Idempotency-Key": str(uuid.uuid4())},
        ),
        browser.patch("/api/v1/communities/choir", {"revision": 1, "name": "X"}, "application/json"),
        browser.post("/api/v1/communities/choir/close"),
    ]
    assert [answer.status_code for answer in answers] == [401, 401, 401]
    choir.refresh_from_db()
    assert (Community.objects.count(), choir.name, choir.closed_at) == (1, "Choir", None)


@pytest.mark.parametrize("address", [*OPEN, *PERSONAL])
@pytest.mark.parametrize("token", ["tcl_unknown", "", "x" * 5000, "tcl_\x7f", "tcl_ü"])
def test_token_that_opens_nothing_is_refused_where_visitors_may_read(address: str, token: str) -> None:
    make_community("Choir")
    header = f"Bearer {token}"
    response = Client().get(f"/api/v1/{address}", headers={"Authorization": header})
    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer")
    assert response.json()["message"].startswith("This token opens nothing")


@pytest.mark.parametrize("header", ["Basic YTpi", "tcl_abc", "Token tcl_abc", "bearertcl_abc"])
def test_header_of_another_kind_is_told_how_to_write_it(header: str) -> None:
    response = Client().get("/api/v1/communities", headers={"Authorization": header})
    assert (response.status_code, response.json()["message"]) == (
        401,
        "Write the header so: Authorization: Bearer tcl_…",
    )


def test_token_that_is_over_or_taken_back_or_of_a_closed_account_opens_nothing() -> None:
    over, back, closed = make_person(), make_person(), make_person()
    programs = [Program(person) for person in (over, back, closed)]
    assert [program.get("me").status_code for program in programs] == [200, 200, 200]
    ApiToken.objects.filter(person=over).update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    ApiToken.objects.filter(person=back).delete()
    type(closed).objects.filter(pk=closed.pk).update(is_active=False)
    assert [program.get("communities").status_code for program in programs] == [401, 401, 401]


def test_token_that_may_only_read_writes_nothing() -> None:
    program = Program(make_person(), may_write=False)
    response = program.send("post", "communities", FOUNDING, key=uuid.uuid4())
    assert (response.status_code, Community.objects.count()) == (403, 0)
    assert response.json()["message"].startswith("This token may only read.")
    assert program.get("me").status_code == 200


def test_wrong_tokens_count_towards_the_limit(settings: Any) -> None:
    settings.API_RATE_PER_MINUTE = 3
    per_minute.forget()
    wrong = Program(token="tcl_wrong")
    statuses = [wrong.get("communities").status_code for _turn in range(4)]
    visitor = Program().get("cities")
    per_minute.forget()
    assert (statuses, visitor.status_code) == ([401, 401, 401, 429], 429)
    assert 1 <= int(visitor["Retry-After"]) <= 60


def test_a_request_with_a_token_counts_once(settings: Any) -> None:
    program = Program(make_person())
    settings.API_RATE_PER_MINUTE = 2
    per_minute.forget()
    statuses = [program.get("me").status_code for _turn in range(3)]
    per_minute.forget()
    assert statuses == [200, 200, 429]


def test_token_stands_in_no_log_and_no_error(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_person: object) -> int:
        raise RuntimeError("broken")

    program = Program(make_person())
    wrong = "tcl_" + "w" * 40
    monkeypatch.setattr("twincitylab.api.views.me.unread_count", broken)
    program.client.raise_request_exception = False
    with caplog.at_level(logging.DEBUG):
        answers = [
            program.get("me"),
            Program(token=wrong).get("me"),
            Program(token=wrong).get(f"communities?token={wrong}"),
            program.get("nothing"),
        ]
    assert [answer.status_code for answer in answers] == [500, 401, 422, 404]
    told = caplog.text.replace(f"?token={wrong}", "") + "".join(answer.content.decode() for answer in answers)
    assert (program.token in told, wrong in told) == (False, False)


def test_answer_to_a_token_is_kept_for_nobody_else() -> None:
    program = Program(make_person())
    response = program.get("communities")
    assert response["Cache-Control"] == "private, no-cache"
    assert "Authorization" in response["Vary"]
    assert "Authorization" in Program().get("communities")["Vary"]
    assert program.get("communities", **{"If-None-Match": response["ETag"]}).status_code == 304


def test_description_names_the_scheme() -> None:
    found = Program().read("openapi.json")
    assert found["components"]["securitySchemes"]["Bearer"] == {"type": "http", "scheme": "bearer"}
    paths = found["paths"]
    assert paths["/api/v1/communities"]["get"]["security"] == [{}, {"Bearer": []}]
    assert paths["/api/v1/communities"]["post"]["security"] == [{"Bearer": []}]
    assert paths["/api/v1/me"]["get"]["security"] == [{"Bearer": []}]
    headers = [one["name"] for one in paths["/api/v1/communities"]["post"]["parameters"]]
    assert headers == ["Idempotency-Key"]


@pytest.mark.parametrize("name", [name for name, _operation in every_operation()])
def test_every_address_counts_before_it_looks(name: str, settings: Any) -> None:
    settings.API_RATE_PER_MINUTE = 1
    per_minute.forget()
    visitor = Program()
    visitor.get("cities")
    method, _slash, path = name.partition(" /")
    status = visitor.send(method.lower(), re.sub(r"{\w+}", "1", path)).status_code
    per_minute.forget()
    assert status == 429
