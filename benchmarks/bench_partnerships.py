"""How long the pages of a partnership take after ten years of weekly activities.

Run ``python -m benchmarks.bench_partnerships [--rounds 60] [--cpu]``: it makes a partnership with 520
activities, what each side gave to them, talk, notes, files and decisions, in a home of its own, which it
deletes; exits with 1 above the bars. ``--cpu`` counts processor time, for a machine that others use as well.
"""

import argparse
import datetime as dt
import gc
import os
import shutil
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from typing import Any

HOME = tempfile.mkdtemp(prefix="twincitylab-bench-")
os.environ["TWINCITYLAB_HOME"] = HOME
os.environ.pop("DATABASE_URL", None)
os.environ["DJANGO_SETTINGS_MODULE"] = "twincitylab.config.settings"

MOST_QUERIES, PAGE_BAR = 12, 80.0
WEEKS, THREADS, MESSAGES, NOTES = 520, 60, 40, 50
BATCH = 2000
PAGES = ("", "activities/", "timeline/", "talk/", "papers/")
ALSO = (
    "activities/{activity}/", "talk/{thread}/", "planner/", "decisions/", "check/", "health/", "agreement/",
    "report/", "report/{year}/", "people/", "settings/",
)  # fmt: skip
"""Measured too; only how many queries they ask has a bar."""


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

    from twincitylab.atlas.operations import load_atlas

    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    load_atlas(level=15000, now=timezone.now())
    partnership, person = _store(now=timezone.now())
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    clock = time.process_time if options.cpu else time.perf_counter
    root = f"/partnerships/{partnership.slug}/"
    for page in PAGES:
        client.get(root + page)
    # As every process of the server does after its first pages.
    gc.collect()
    gc.freeze()
    passed = [_page(client, root + page, rounds=options.rounds, clock=clock) for page in PAGES]
    first = {
        "thread": partnership.threads.first().pk,
        "activity": partnership.activities.first().pk,
        "year": timezone.now().year - 1,
    }
    passed += [
        _page(client, root + page.format(**first), rounds=options.rounds // 3, clock=clock, bar=None)
        for page in ALSO
    ]
    began = clock()
    size = sum(len(piece) for piece in client.get(root + "export/"))
    print(f"export of {size / 1e6:.1f} MB: {clock() - began:.2f} s", flush=True)
    return all(passed)


def _page(
    client: Any, address: str, *, rounds: int, clock: Callable[[], float], bar: float | None = PAGE_BAR
) -> bool:
    from django.db import connection, reset_queries

    for _turn in range(5):
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
    times = []
    for _turn in range(rounds):
        began = clock()
        client.get(address)
        times.append(1000 * (clock() - began))
    connection.force_debug_cursor = True
    reset_queries()
    client.get(address)
    queries = len(connection.queries)
    connection.force_debug_cursor = False
    times.sort()
    p50, p95 = times[len(times) // 2], times[int(0.95 * len(times))]
    name = "/".join(address.split("/")[3:]) or "overview"
    told = f" (bar {bar:.0f})" if bar is not None else ""
    print(
        f"{name}: p50 {p50:.1f} ms, p95 {p95:.1f} ms{told}, {queries} queries (bar {MOST_QUERIES})",
        flush=True,
    )
    return (bar is None or p95 < bar) and queries <= MOST_QUERIES


def _store(*, now: dt.datetime) -> tuple[Any, Any]:
    """A partnership of two with everything ten years leave behind, and a steward of one side."""
    from twincitylab.atlas.models import City
    from twincitylab.community.models import Community, CommunityLanguage, CommunityTopic, Membership, Person
    from twincitylab.partnerships.models import Partnership, Side

    began = now - dt.timedelta(weeks=WEEKS)
    partnership = Partnership.objects.create(
        slug="benchmark", name="", stage_since=began, created_at=began, changed_at=now
    )
    people: list[list[Any]] = []
    sides = []
    for number, slug in enumerate(("karlsruhe-de", "nottingham-gb")):
        community = Community.objects.create(
            slug=f"side-{number}",
            name=f"Town hall {number}",
            city=City.objects.get(slug=slug),
            kind="town-hall",
            purpose="Partnerships of our city.",
            created_at=began,
            changed_at=began,
            matched_at=began,
        )
        CommunityTopic.objects.create(community=community, topic="culture")
        CommunityLanguage.objects.create(community=community, language="en")
        side = Side.objects.create(
            partnership=partnership, community=community, number=number, joined_at=began
        )
        seated = [
            Person.objects.create_user(f"p{number}-{seat}@example.org", f"Person {number} {seat}")
            for seat in range(6)
        ]
        Membership.objects.bulk_create(
            Membership(community=community, person=person, role="steward", since=began) for person in seated
        )
        sides.append(side)
        people.append(seated)
    _store_activities(partnership, sides, people, began=began)
    _store_talk(partnership, sides, people, began=began)
    return partnership, people[0][0]


def _store_activities(partnership: Any, sides: list[Any], people: list[Any], *, began: dt.datetime) -> None:
    from twincitylab.partnerships.choices import ActivityKind
    from twincitylab.partnerships.models import Activity, ActivityPerson, ActivitySide

    kinds = ActivityKind.values
    rows = Activity.objects.bulk_create(
        Activity(
            partnership=partnership,
            kind=kinds[week % len(kinds)],
            title=f"Week {week}: what we did together",
            about="We met and talked about trees, schools and trams. " * 4,
            outcome="Next time we bring plans.",
            starts_at=began + dt.timedelta(weeks=week, hours=9),
            ends_at=began + dt.timedelta(weeks=week, hours=11),
            made_by_side=sides[week % 2],
            made_by=people[week % 2][0],
            made_at=began + dt.timedelta(weeks=week, hours=12),
            changed_at=began + dt.timedelta(weeks=week, hours=12),
            form_key=uuid.uuid4(),
        )
        for week in range(WEEKS)
    )
    ActivitySide.objects.bulk_create(
        ActivitySide(
            activity=row, side=side, people=3 + place % 5, hours=6, **({"money": "120"} if place % 3 else {})
        )
        for place, row in enumerate(rows)
        for side in sides
    )
    ActivityPerson.objects.bulk_create(
        ActivityPerson(activity=row, side=side, person=people[number][(place + turn) % 6])
        for place, row in enumerate(rows)
        for number, side in enumerate(sides)
        for turn in range(2)
    )


def _store_talk(partnership: Any, sides: list[Any], people: list[Any], *, began: dt.datetime) -> None:
    from twincitylab.partnerships.models import Decision, Message, Note, SharedFile, Thread

    threads = Thread.objects.bulk_create(
        Thread(partnership=partnership, title=f"Subject {number}", made_at=began, last_at=began)
        for number in range(THREADS)
    )
    Message.objects.bulk_create(
        (
            Message(
                thread=thread,
                side=sides[number % 2],
                person=people[number % 2][number % 6],
                text="What do you think of the plan? " * 5,
                written_at=began + dt.timedelta(hours=number),
                form_key=uuid.uuid4(),
            )
            for thread in threads
            for number in range(MESSAGES)
        ),
        batch_size=BATCH,
    )
    shared = {"partnership": partnership, "made_at": began}
    Note.objects.bulk_create(
        Note(title=f"Note {number}", text="Words. " * 500, side=sides[number % 2], changed_at=began,
             form_key=uuid.uuid4(), **shared)
        for number in range(NOTES)
    )  # fmt: skip
    SharedFile.objects.bulk_create(
        SharedFile(name=f"paper-{number}.pdf", media_type="application/pdf", size=100_000, digest="0" * 64,
                   side=sides[number % 2], form_key=uuid.uuid4(), **shared)
        for number in range(NOTES)
    )  # fmt: skip
    Decision.objects.bulk_create(
        Decision(day=(began + dt.timedelta(weeks=4 * number)).date(), text="We go on.",
                 side=sides[number % 2],
                 form_key=uuid.uuid4(), **shared)
        for number in range(120)
    )  # fmt: skip


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--cpu", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
