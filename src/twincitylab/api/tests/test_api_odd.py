"""Whatever a program sends, the answer is a sentence and never an error of ours."""

import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twincitylab.api.tests.calling import Program
from twincitylab.community.models import Community
from twincitylab.community.tests.world import make_community, make_person

pytestmark = pytest.mark.usefixtures("atlas", "unlimited")
ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.just("\ud800"),
    st.just("x" * 1300), st.just(10**40), st.lists(st.integers() | st.text(max_size=5), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    st.sampled_from(
        ["trees", "en", "need", "offer", "knowledge", "open", "taken", "choir", "flute", "kyoto-jp"]
    ),
)  # fmt: skip
NAMES = st.sampled_from(
    [
        "name", "city", "kind", "purpose", "topics", "languages", "about", "website", "since", "capacity",
        "modes", "is_safe_mode", "pseudonym", "revision", "direction", "text", "topic", "language", "urgency",
        "valid_until", "state", "other", "message", "reason", "note",
    ]
)  # fmt: skip
SENT = [
    ("post", "communities"), ("patch", "communities/choir"), ("post", "communities/choir/needs"),
    ("post", "communities/choir/introductions"), ("patch", "needs/{}"), ("post", "introductions/{}/note"),
    ("post", "introductions/{}/decline"), ("post", "inbox/{}/read"), ("put", "communities/choir/interest/{}"),
]  # fmt: skip
REFUSED_OR_DONE = {200, 201, 400, 404, 409, 422}


@pytest.fixture
def program() -> Program:
    steward = make_person()
    make_community("Choir", steward=steward)
    make_community("Flute", city="leeds-gb")
    return Program(steward)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    place=st.sampled_from(SENT),
    number=st.sampled_from(["1", "0", str(2**63), "flute", "x"]),
    body=st.dictionaries(NAMES, ODD, max_size=5) | ODD,
)
def test_nothing_sent_ends_in_a_500(
    program: Program, place: tuple[str, str], number: str, body: object
) -> None:
    method, path = place
    response = program.send(method, path.format(number), body, key=uuid.uuid4())
    assert response.status_code in REFUSED_OR_DONE
    assert response.status_code < 300 or response.json()["message"]


def test_body_that_is_too_large_is_refused(program: Program, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    response = program.send("post", "communities", {"name": "x" * 2000}, key=uuid.uuid4())
    assert (response.status_code, response.json()["message"]) == (413, "This is too much at once.")
    assert Community.objects.count() == 2
