"""How long the pages of communities take among 20,000, and how soon a new need is seen.

Run ``python -m benchmarks.bench_communities [--count 20000] [--rounds 60] [--cpu]``: it makes a generated
world beside the demonstration in a home of its own, which it deletes; exits with 1 above the bars. ``--cpu``
counts processor time, for a machine that others use as well.
"""

import argparse
import datetime as dt
import os
import shutil
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Sequence
from typing import Any

HOME = tempfile.mkdtemp(prefix="twincitylab-bench-")
os.environ["TWINCITYLAB_HOME"] = HOME
os.environ.pop("DATABASE_URL", None)
os.environ["DJANGO_SETTINGS_MODULE"] = "twincitylab.config.settings"

MOST_QUERIES, PAGE_BAR, SEEN_BAR = 12, 80.0, 2.0
DIRECTORY = (
    "/communities/",
    "/communities/?page=400",
    "/communities/?q=generated",
    "/communities/?q=choir&topic=culture",
    "/communities/?direction=offer&topic=walking-cycling",
    "/communities/?country=DE&language=de",
    "/communities/?continent=AF&kind=school",
)
BATCH = 2000
START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def main() -> None:
    options = _arguments()
    try:
        passed = _measure(options)
    finally:
        shutil.rmtree(HOME, ignore_errors=True)
    sys.exit(0 if passed else 1)


def _measure(options: argparse.Namespace) -> bool:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client
    from django.utils import timezone

    from twincitylab.cli.demonstration.loading import add_demonstration
    from twincitylab.cli.hooks import warm_up
    from twincitylab.config.wsgi import application

    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    _set_up_atlas()
    began = time.perf_counter()
    person = _store_world(options.count)
    print(f"world stored in {time.perf_counter() - began:.0f} s", flush=True)
    began = time.perf_counter()
    add_demonstration(now=timezone.now())
    print(f"demonstration added in {time.perf_counter() - began:.1f} s", flush=True)
    began = time.perf_counter()
    assert warm_up(application) == [200, 200, 200]
    print(f"first reading, in the background of a server: {time.perf_counter() - began:.0f} s", flush=True)
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    clock = time.process_time if options.cpu else time.perf_counter
    from twincitylab.community.models import Community

    slugs = list(Community.objects.filter(memberships__person=person).values_list("slug", flat=True))
    addresses = [f"/communities/{slug}/matches/" for slug in slugs[: options.rounds]]
    directory = [DIRECTORY[turn % len(DIRECTORY)] for turn in range(options.rounds)]
    passed = [
        _pages(client, addresses, name="matches page", clock=clock),
        _pages(client, directory, name="directory", clock=clock),
        _freshness(client, slugs[0], person=person),
    ]
    return all(passed)


def _pages(client: Any, addresses: Sequence[str], *, name: str, clock: Callable[[], float]) -> bool:
    from django.db import connection, reset_queries

    for address in addresses[:5]:
        client.get(address)
    times = []
    for address in addresses:
        began = clock()
        answer = client.get(address)
        times.append(1000 * (clock() - began))
        assert answer.status_code == 200, (address, answer.status_code)
    queries = 0
    connection.force_debug_cursor = True
    for address in addresses[:7]:
        reset_queries()
        client.get(address)
        queries = max(queries, len(connection.queries))
    connection.force_debug_cursor = False
    times.sort()
    p50, p95 = times[len(times) // 2], times[int(0.95 * len(times))]
    print(
        f"{name}: p50 {p50:.1f} ms, p95 {p95:.1f} ms (bar {PAGE_BAR:.0f}), {queries} queries",
        flush=True,
    )
    return p95 < PAGE_BAR and queries <= MOST_QUERIES


def _freshness(client: Any, slug: str, *, person: Any) -> bool:
    """Write a need, and look until the list answers it; the page that sees the change is the slowest."""
    from django.utils import timezone

    from twincitylab.community.models import Community, NeedOffer
    from twincitylab.community.operations.changes import touch
    from twincitylab.matching.engine.communities import matches_of

    community = Community.objects.get(slug=slug)
    offer = NeedOffer.objects.filter(direction="offer").exclude(community__city=community.city).first()
    assert offer is not None
    began = time.perf_counter()
    now = timezone.now()
    NeedOffer.objects.create(
        community=community,
        direction="need",
        topic=offer.topic,
        kind=offer.kind,
        text=offer.text,
        language=offer.language,
        created_at=now,
        changed_at=now,
        created_by=person,
        form_key=uuid.uuid4(),
    )
    touch(community, now=now)
    found = matches_of(community.pk, now=timezone.now())
    seconds = time.perf_counter() - began
    is_seen = any(answer.need.text == offer.text for match in found.matches for answer in match.gets)
    client.get(f"/communities/{slug}/matches/")
    print(f"a new need is seen after {seconds:.2f} s (bar {SEEN_BAR:.0f}): {'yes' if is_seen else 'no'}")
    return is_seen and seconds < SEEN_BAR


def _set_up_atlas() -> None:
    from django.utils import timezone

    from twincitylab.atlas.operations import load_atlas

    load_atlas(level=15000, now=timezone.now())


def _store_world(count: int) -> Any:
    """The generated world in the database; one person has a seat in a hundred of them."""
    from evaluation.community_world import generate

    from twincitylab.atlas.queries import city_table
    from twincitylab.community.models import Membership, Person

    cities = city_table()
    made = generate(cities, count=count, seed=11, planted=min(500, count // 4)).made
    communities = _store_communities(made, city_ids=cities.geonameid.tolist())
    _store_lines(list(zip(communities, made, strict=True)))
    person = Person.objects.create_user("bench@example.org", "Bench")
    step = max(count // 100, 1)
    Membership.objects.bulk_create(
        [Membership(community=row, person=person, role="steward", since=START) for row in communities[::step]]
    )
    return person


def _store_communities(made: Sequence[Any], *, city_ids: Sequence[int]) -> list[Any]:
    from twincitylab.community.choices import CommunityKind, CommunitySize
    from twincitylab.community.models import Community

    moments = [START + dt.timedelta(minutes=place) for place in range(len(made))]
    return Community.objects.bulk_create(
        [
            Community(
                slug=f"generated-{place}",
                name=f"Generated {place}",
                city_id=city_ids[one.city],
                kind=CommunityKind.values[one.kind],
                size=CommunitySize.values[one.size],
                purpose="A generated community for measuring.",
                capacity=one.capacity,
                mode_online=one.modes[0],
                mode_visit=one.modes[1],
                mode_hybrid=one.modes[2],
                created_at=moment,
                changed_at=moment,
                matched_at=moment,
            )
            for place, (one, moment) in enumerate(zip(made, moments, strict=True))
        ],
        batch_size=BATCH,
    )


def _store_lines(pairs: Sequence[tuple[Any, Any]]) -> None:
    """Topics, languages, needs and offers of the stored communities."""
    from twincitylab.community.choices import ExchangeKind, Topic
    from twincitylab.community.models import CommunityLanguage, CommunityTopic, NeedOffer

    topics = [
        CommunityTopic(community=row, topic=Topic.values[topic]) for row, one in pairs for topic in one.topics
    ]
    languages = [
        CommunityLanguage(community=row, language=code) for row, one in pairs for code in one.languages
    ]
    needs_offers = [
        NeedOffer(
            community=row,
            direction="offer" if line.is_offer else "need",
            topic=Topic.values[line.topic],
            kind=ExchangeKind.values[line.kind],
            text=line.text,
            language=line.language,
            created_at=row.created_at,
            changed_at=row.created_at,
            form_key=uuid.uuid4(),
        )
        for row, one in pairs
        for line in one.lines
    ]
    CommunityTopic.objects.bulk_create(topics, batch_size=BATCH)
    CommunityLanguage.objects.bulk_create(languages, batch_size=BATCH)
    NeedOffer.objects.bulk_create(needs_offers, batch_size=BATCH)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--cpu", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
