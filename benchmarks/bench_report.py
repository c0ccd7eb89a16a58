"""How long the yearly report of a partnership takes with 500 activities, as a page and as a PDF.

Run ``python -m benchmarks.bench_report``: it makes a partnership in a home of its own, which it deletes;
exits with 1 above the bars.
"""

import datetime as dt
import os
import shutil
import sys
import tempfile
import time
import uuid
from decimal import Decimal
from typing import Any

ACTIVITIES, YEAR = 500, 2025
BAR, HEALTH_BAR = 5.0, 0.5


def main() -> None:
    home = tempfile.mkdtemp(prefix="twincitylab-bench-")
    os.environ["TWINCITYLAB_HOME"] = home
    os.environ.pop("DATABASE_URL", None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "twincitylab.config.settings"
    try:
        passed = _measure()
    finally:
        shutil.rmtree(home, ignore_errors=True)
    sys.exit(0 if passed else 1)


def _measure() -> bool:
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
    partnership, person = store(now=timezone.now())
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    root = f"/partnerships/{partnership.slug}/"
    asked = ((f"report/{YEAR}/", BAR), (f"report/{YEAR}.pdf", BAR), ("health/", HEALTH_BAR))
    passed = [_page(client, root + page, bar=bar) for page, bar in asked]
    return all(passed)


def _page(client: Any, address: str, *, bar: float) -> bool:
    times, size = [], 0
    for _turn in range(3):
        began = time.perf_counter()
        answer = client.get(address)
        times.append(time.perf_counter() - began)
        assert answer.status_code == 200, (address, answer.status_code)
        size = len(answer.content)
    print(
        f"{address}: first {times[0]:.2f} s, then {min(times[1:]):.2f} s (bar {bar} s), {size / 1e6:.1f} MB",
        flush=True,
    )
    return max(times) < bar


def store(*, now: dt.datetime) -> tuple[Any, Any]:
    """A partnership of a German and an Arab community with a year of 500 activities, and its steward."""
    from twincitylab.atlas.models import City
    from twincitylab.community.models import Community, CommunityLanguage, Membership, Person
    from twincitylab.partnerships.models import Activity, ActivityPerson, ActivitySide, Partnership, Side

    began = dt.datetime(YEAR, 1, 1, 9, tzinfo=dt.UTC)
    partnership = Partnership.objects.create(
        slug="benchmark", name="", stage="active", stage_since=began, created_at=began, changed_at=now
    )
    person = Person.objects.create_user("bench@example.org", "Bench")
    sides = []
    towns = (("Stadt Karlsruhe", "karlsruhe-de", "de"), ("جمعية المدينة الخضراء", "beirut-lb", "ar"))
    for number, (name, slug, language) in enumerate(towns):
        community = Community.objects.create(
            slug=f"side-{number}", name=name, city=City.objects.get(slug=slug), kind="town-hall",
            purpose="Partnerships of our city.", about_language=language, created_at=began,
            changed_at=began, matched_at=began,
        )  # fmt: skip
        CommunityLanguage.objects.create(community=community, language=language)
        Membership.objects.create(community=community, person=person, role="steward", since=began)
        sides.append(
            Side.objects.create(
                partnership=partnership,
                community=community,
                number=number,
                joined_at=began,
                hours_a_month=Decimal(200 + 100 * number),
            )
        )
    kinds = ("meeting", "workshop", "visit", "project", "ceremony")
    rows = Activity.objects.bulk_create(
        Activity(
            partnership=partnership, kind=kinds[number % 5], title=f"Tag {number}: was wir zusammen taten",
            language="de", outcome="Beim nächsten Mal bringen wir Pläne mit." if number % 3 else "",
            story="Wir sprachen über Bäume, Schulen und Straßenbahnen. " * 4 if number % 4 == 0 else "",
            starts_at=began + dt.timedelta(hours=17 * number), goals=[11, 13 + number % 3], topic="trees",
            host=sides[number % 3 % 2], is_put_to_use=(None, True, False)[number % 3],
            made_by_side=sides[number % 2], made_at=began, changed_at=began, form_key=uuid.uuid4(),
        )
        for number in range(ACTIVITIES)
    )  # fmt: skip
    ActivitySide.objects.bulk_create(
        ActivitySide(activity=row, side=side, people=3 + place % 5, hours=4 + place % 3, money=Decimal(120))
        for place, row in enumerate(rows)
        for side in sides[: 1 + bool(place % 7)]
    )
    ActivityPerson.objects.bulk_create(
        ActivityPerson(activity=row, side=sides[0], person=person) for row in rows
    )
    return partnership, person


if __name__ == "__main__":
    main()
