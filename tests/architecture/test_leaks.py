"""What is secret stands in no answer: every address is read before and after there is something to hide."""

import logging
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django import DjangoCaptureOnCommitCallbacks, DjangoDbBlocker
from tests.architecture.access_table import API, PAGES
from tests.architecture.access_world import World, make_world
from tests.sample_atlas import store_sample_atlas

from twincitylab.community.choices import Direction, Role, Topic, Visibility
from twincitylab.community.emails import digest_words
from twincitylab.community.models import Community, Contact, Notice
from twincitylab.community.operations.invitations import invite
from twincitylab.community.rules.notice_sentences import SENTENCES
from twincitylab.community.tests.world import make_community, make_need, make_person
from twincitylab.matching.engine.communities import rounds, store
from twincitylab.partnerships.models import Partnership

pytestmark = pytest.mark.django_db
READERS = ("visitor", "stranger", "other", "facilitator")
SEARCHES = (
    "/communities/?q={word}",
    "/communities/?topic=trees&direction=need",
    "/communities/?country=FJ",
    "/communities/?city=suva-fj",
    "/communities/export.csv?q={word}",
    "/communities/export.csv?country=FJ",
    "/communities/needs.atom?topic=trees&direction=need",
    "/communities/answers.json?direction=offer&topic=trees&kind=knowledge",
    "/map/communities/?country=FJ",
    "/map/communities.svg?country=FJ",
    "/map/communities.json?row=0&v=0",
    "/cities/suva-fj/",
    "/cities/?q=Suva",
    "/cities/suva-fj/matches/?has_communities=on",
    "/cities/leeds-gb/matches/?has_communities=on",
    "/cities/leeds-gb/matches.json?has_communities=on",
    "/cities/leeds-gb/matches.csv?has_communities=on",
    "/pairs/leeds-gb/suva-fj/",
    "/countries/fj/",
    "/facilitate/?first={word}",
    "/api/v1/communities?q={word}",
    "/api/v1/communities?city=suva-fj",
    "/api/v1/communities?country=FJ&topic=trees",
    "/api/v1/needs?topic=trees",
    "/api/v1/cities/suva-fj",
    "/api/v1/matches/leeds-gb?has_communities=true",
)
TELL_OF_NOBODY = {"GET /openapi.json", "GET /docs"}
# What differs from one answer to the next, whatever is in the database.
CHANGING = re.compile(
    r'(?<=value=")[A-Za-z0-9]{64}(?=")|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
    # When a PDF was made, and the names of its parts that follow from it.
    r"|(?<=Date\(D:)\d{14}Z|/ID ?\[.*?\]|<xmp:\w+Date>.*?<|<xmpMM:\w+>.*?<"
)


@dataclass(frozen=True)
class Secret:
    """A community with words that stand nowhere else; ``its_own`` are never for outsiders, ``shown`` are for
    those who may see the community."""

    community: Community
    its_own: tuple[str, ...]
    shown: tuple[str, ...]
    need: int


Answers = Mapping[tuple[str, str], str]
"""Of each reader and address: status, headers and body."""


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Everything but the secrets, which each test plants for itself."""
    logging.disable(logging.CRITICAL)
    with (
        django_db_blocker.unblock(),
        override_settings(API_RATE_PER_MINUTE=0),
        time_machine.travel(timezone.now(), tick=False),
        transaction.atomic(),
    ):
        _forget()
        store_sample_atlas()
        yield make_world()
        transaction.set_rollback(True)
    _forget()
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def before(world: World) -> Answers:
    """What every address answers while there is nothing to hide."""
    return read_all(world)


def test_hidden_community_changes_no_answer_at_all(world: World, before: Answers) -> None:
    plant("hidden", is_hidden=True)
    assert changed(before, read_all(world)) == {}


def test_safe_community_changes_no_answer_for_whom_it_cannot_match(world: World, before: Answers) -> None:
    secret = plant("safe", pseudonym="Paper Lanterns", hides_city=True)
    after = read_all(world)
    differing = changed(before, after)
    assert {reader for reader, _address in differing} <= {"other"}
    assert {address.partition("?")[0].rstrip("/") for _reader, address in differing} <= {
        "/communities/elsewhere/matches",
        "/api/v1/communities/elsewhere/matches",
    }
    assert told(after, secret.its_own) == []


def test_members_only_community_is_nothing_to_visitors(world: World, before: Answers) -> None:
    secret = plant("members", visibility=Visibility.MEMBERS)
    after = read_all(world)
    assert [key for key in changed(before, after) if key[0] == "visitor"] == []
    assert told(after, secret.its_own) == []
    assert told({key: text for key, text in after.items() if key[0] == "visitor"}, secret.shown) == []
    assert told(after, secret.shown) != []


def test_a_public_community_is_told_where_a_secret_one_would_be(world: World, before: Answers) -> None:
    """Otherwise the tests above would prove nothing."""
    secret = plant("public")
    after = read_all(world)
    seen = {address for reader, address in changed(before, after) if reader == "visitor"}
    assert seen >= {
        "/communities/", "/communities/?country=FJ", "/communities/?city=suva-fj", "/communities/export.csv",
        "/communities/needs.atom", "/communities/answers.json?direction=offer&topic=trees&kind=knowledge",
        "/map/communities/", "/map/communities.bin", "/map/communities.svg", "/cities/suva-fj/",
        "/api/v1/communities", "/api/v1/communities?city=suva-fj", "/api/v1/needs",
    }  # fmt: skip
    assert told(after, secret.its_own) == []


@pytest.mark.parametrize(
    ("kind", "readers"),
    [("hidden", READERS), ("safe", ("visitor", "stranger", "facilitator")), ("members", ("visitor",))],
)
def test_its_own_addresses_answer_like_those_of_nothing(
    world: World, kind: str, readers: tuple[str, ...]
) -> None:
    secret = plant(kind, **KINDS[kind])
    slug, need = secret.community.slug, secret.need
    below = ("", "needs/", "edit/", "members/", "matches/", "scouting/", "scouting/file/", "invitations/",
             "blocks/", "verify/", "leave/", f"needs/{need}/edit/", "matches/elsewhere/",
             "introduce/elsewhere/")  # fmt: skip
    addresses = [f"/communities/{slug}/{rest}" for rest in below]
    addresses += [f"/communities/elsewhere/{way}/{slug}/" for way in ("matches", "introduce")]
    addresses += [f"/api/v1/communities/{slug}{rest}" for rest in ("", "/matches", "/contacts")]
    addresses += [f"/api/v1/needs/{need}", f"/api/v1/communities/elsewhere/matches/{slug}"]
    for reader in readers:
        for address in addresses:
            nowhere = address.replace(slug, "no-such-thing").replace(f"needs/{need}", "needs/999999")
            there = read(world, reader, address).replace(slug, "no-such-thing")
            there = there.replace(f"needs/{need}", "needs/999999")
            assert there == read(world, reader, nowhere), f"{reader} at {address}"


def test_safe_community_is_met_by_its_other_name_and_without_its_city(world: World) -> None:
    secret = plant("safe", **KINDS["safe"])
    make_need(world.elsewhere, topic=Topic.TREES, direction=Direction.OFFER, text="Young trees to plant")
    slug = secret.community.slug
    answers = {
        ("other", address): read(world, "other", address)
        for address in (
            f"/communities/{slug}/",
            f"/communities/{slug}/needs/",
            "/communities/elsewhere/matches/",
            f"/communities/elsewhere/matches/{slug}/",
            f"/communities/elsewhere/introduce/{slug}/",
            f"/api/v1/communities/{slug}",
            "/api/v1/communities/elsewhere/matches",
            f"/api/v1/communities/elsewhere/matches/{slug}",
        )
    }
    assert {address: text[:3] for (_reader, address), text in answers.items() if text[:3] != "200"} == {}
    assert [address for (_reader, address), text in answers.items() if "Paper Lanterns" not in text] == []
    assert told(answers, secret.its_own) == []
    assert told(answers, ("Suva", "suva-fj", "2198148", "178.4", "-18.1")) == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_notice_tells_an_outsider_of_them(world: World, language: str) -> None:
    hidden, safe = plant("hidden", **KINDS["hidden"]), plant("safe", **KINDS["safe"])
    stranger = world.people["stranger"]
    assert stranger is not None
    for one, other in ((hidden, safe), (safe, hidden)):
        Notice.objects.bulk_create(
            Notice(
                person=stranger,
                kind=kind,
                words={"community_id": one.community.pk, "other_id": other.community.pk},
                address="/inbox/",
                made_at=timezone.now(),
            )
            for kind in SENTENCES
        )
    notices = list(Notice.objects.filter(person=stranger))
    with translation.override(language):
        mailed = "\n".join(digest_words(stranger, notices=notices))
    texts = {
        ("stranger", "mail"): mailed,
        ("stranger", "inbox"): read(world, "stranger", "/inbox/"),
        ("stranger", "api"): read(world, "stranger", "/api/v1/inbox?limit=100"),
    }
    assert len(notices) == 2 * len(SENTENCES)
    assert told(texts, (*hidden.its_own, *hidden.shown, *safe.its_own, "Paper Lanterns")) == []


def test_invitation_of_a_safe_community_names_neither_it_nor_anybody(
    world: World, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    secret = plant("safe", **KINDS["safe"])
    steward = secret.community.memberships.get(role=Role.STEWARD).person
    with django_capture_on_commit_callbacks(execute=True):
        invite(
            community=secret.community,
            role=Role.MEMBER,
            form_key=uuid.uuid4(),
            by=steward,
            now=timezone.now(),
            email="guest@example.org",
        )
    (sent,) = mail.outbox
    path = re.search(r"/join/\S+/", str(sent.body))
    assert path is not None
    texts = {
        ("guest", "mail"): f"{sent.subject}\n{sent.body}\n{sent.extra_headers}",
        ("visitor", "page"): read(world, "visitor", path.group()),
    }
    assert all("Paper Lanterns" in text for text in texts.values())
    assert told(texts, (*secret.its_own, "Suva")) == []


def test_nobody_reads_an_address_of_somebody_else_before_both_have_said_yes(world: World) -> None:
    accepted = world.introductions["accepted"]
    may = {f"/introductions/{accepted}/", f"/api/v1/introductions/{accepted}"}
    home = f"/partnerships/{Partnership.objects.get(introduction=accepted).slug}/"
    emails = {role: person.email for role, person in world.people.items() if person}
    shown = [
        (reader, address, role)
        for reader in ("visitor", "stranger", "member", "steward", "other", "facilitator")
        for address in [*addresses_of(world), *may]
        for text in [read(world, reader, address)]
        for role, email in emails.items()
        if role != reader and email in text
    ]
    both = {("steward", "other"), ("other", "steward")}
    assert {(reader, role) for reader, address, role in shown if address in may} == both
    # Those who work together see each other's address on the front page of their partnership, too.
    assert {(reader, role) for reader, address, role in shown if address == home} == both
    assert [one for one in shown if one[1] not in may | {home}] == []


KINDS: dict[str, dict[str, Any]] = {
    "hidden": {"is_hidden": True},
    "safe": {"pseudonym": "Paper Lanterns", "hides_city": True},
    "members": {"visibility": Visibility.MEMBERS},
}


def plant(kind: str, **more: Any) -> Secret:
    """A community of Suva that fits the one elsewhere, with words that are found again wherever they are."""
    _forget()
    now = timezone.now()
    steward = make_person("Quillsteward", email=f"quillmail-{kind}@example.org")
    member = make_person("Zanmember", email=f"zanmail-{kind}@example.org")
    community = make_community(
        "Xylo Gathering",
        steward=steward,
        members=[member],
        city="suva-fj",
        topics=[Topic.TREES],
        website="https://xyloweb.example.org",
        about="Vexabout is what we do.",
        purpose="Wumpurpose for everybody.",
        since=1977,
        now=now,
        **more,
    )
    need = make_need(community, topic=Topic.TREES, text="Jaxneed under the trees?", now=now)
    make_need(community, topic=Topic.TREES, direction=Direction.OFFER, text="Joxoffer", now=now)
    Contact.objects.create(
        community=community, kind="person", name="Kovcontact", created_at=now, changed_at=now
    )
    private = ("Quillsteward", "quillmail", "Zanmember", "zanmail", "Kovcontact")
    texts = ("Vexabout", "Wumpurpose", "Jaxneed", "Joxoffer")
    name = ("Xylo", "xyloweb")
    own, shown = {
        "hidden": ((*private, *texts, *name), ()),
        "safe": ((*private, *name), texts),
    }.get(kind, (private, (*texts, *name)))
    return Secret(community, own, shown, need.pk)


def addresses_of(world: World) -> list[str]:
    """Every address that may tell of communities, and searches for what is secret."""
    found: list[str] = []
    for name, lines in PAGES.items():
        for line in lines if isinstance(lines, tuple) else (lines,):
            query = f"?{line.query}" if line.query else ""
            found.append(reverse(name, kwargs=_words(world, line.arguments)) + query)
    for name, operation in API.items():
        method, path = name.split(" ")
        if method == "GET" and name not in TELL_OF_NOBODY:
            query = f"?{operation.query}" if operation.query else ""
            found.append(f"/api/v1{path.format(**_words(world, operation.arguments))}{query}")
    found += [f"/api/v1/introductions/{pk}" for pk in world.introductions.values()]
    found += ["/communities/elsewhere/matches/", "/api/v1/communities/elsewhere/matches"]
    found += [search.format(word=word) for search in SEARCHES for word in ("xylo", "wumpurpose")]
    return list(dict.fromkeys(found))


def read_all(world: World) -> Answers:
    return {
        (reader, address): read(world, reader, address)
        for reader in READERS
        for address in addresses_of(world)
    }


def read(world: World, reader: str, address: str) -> str:
    """Status, headers and body, without what is different each time, and without the words asked for."""
    with transaction.atomic():
        client = Client() if address.startswith("/api/") else world.browser(reader)
        headers = world.bearer(reader) if address.startswith("/api/") else {}
        response: Any = client.get(address, headers=headers)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        transaction.set_rollback(True)
    text = body.decode("utf-8", "replace")
    kept = sorted(
        f"{name}: {value}"
        for name, value in response.headers.items()
        if name not in {"ETag", "Content-Length", "Content-Encoding"}
    )
    text = CHANGING.sub("*", "\n".join((str(response.status_code), *kept, text)))
    asked = re.search(r"(?:q|first)=(\w+)", address)
    return re.sub(asked.group(1), "*", text, flags=re.IGNORECASE) if asked and "Suva" not in address else text


def changed(before: Answers, after: Answers) -> dict[tuple[str, str], str]:
    """Where the answers differ, and the first line that does."""
    assert before.keys() == after.keys()
    return {key: _first_difference(before[key], after[key]) for key in before if before[key] != after[key]}


def told(answers: Answers, words: tuple[str, ...]) -> list[tuple[str, str, str]]:
    """Who is told which word, and where."""
    return [(*key, word) for key, text in answers.items() for word in words if word.lower() in text.lower()]


def _first_difference(one: str, other: str) -> str:
    pairs = zip(one.splitlines(), other.splitlines(), strict=False)
    return next((f"{a[:200]} | {b[:200]}" for a, b in pairs if a != b), "longer")


def _words(world: World, arguments: Mapping[str, str]) -> dict[str, object]:
    return {name: world.word(word, place="public") for name, word in arguments.items()}


def _forget() -> None:
    store.forget()
    rounds.forget()
