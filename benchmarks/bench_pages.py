"""How long pages and API answers take (p95) and how many questions they ask the database.

Run ``python -m benchmarks.bench_pages [--rounds 60] [--cpu]`` after ``twincitylab setup``; exits with 1 above
the bars. ``--cpu`` counts processor time, for a machine that others use as well (SQLite only).
"""

import argparse
import os
import random
import sys
import time
from collections.abc import Callable, Sequence

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "twincitylab.config.settings")
os.environ["TWINCITYLAB_API_RATE"] = "0"

MOST_QUERIES = 12
# What is asked, and the p95 in milliseconds it must stay under.
BARS = {
    "/cities/{a}/matches/": 60.0,
    "/cities/{a}/": 60.0,
    "/pairs/{a}/{b}/": 60.0,
    "/api/v1/matches/{a}": 60.0,
    "/api/v1/pairs/{a}/{b}": 60.0,
    "/api/v1/search?q={text}": 10.0,
}
TEXTS = ("Mun", "Karlsr", "San ", "Москва", "東", "Springf", "Zürich", "london", "al", "Nott")


def main() -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client

    settings.ALLOWED_HOSTS = ["testserver"]
    options = _arguments()
    slugs = _slugs(options.rounds)
    clock = time.process_time if options.cpu else time.perf_counter
    client = Client()
    print(f"{'address':34} {'p50 ms':>8} {'p95 ms':>8} {'bar':>6} {'queries':>8}")
    passed = [_measure(client, address, slugs=slugs, bar=bar, clock=clock) for address, bar in BARS.items()]
    sys.exit(0 if all(passed) else 1)


def _measure(
    client: object, address: str, *, slugs: Sequence[str], bar: float, clock: Callable[[], float]
) -> bool:
    from django.db import connection, reset_queries
    from django.test import Client

    assert isinstance(client, Client)
    questions = [
        address.format(a=a, b=b, text=TEXTS[turn % len(TEXTS)])
        for turn, (a, b) in enumerate(zip(slugs, reversed(slugs), strict=True))
        if a != b
    ]
    for question in questions[:5]:
        client.get(question)
    times, queries = [], []
    for question in questions:
        began = clock()
        response = client.get(question)
        times.append(1000 * (clock() - began))
        assert response.status_code == 200, (question, response.status_code)
    connection.force_debug_cursor = True
    for question in questions[:5]:
        reset_queries()
        client.get(question)
        queries.append(len(connection.queries))
    connection.force_debug_cursor = False
    p50, p95 = _quantile(times, 0.5), _quantile(times, 0.95)
    print(f"{address:34} {p50:8.1f} {p95:8.1f} {bar:6.0f} {max(queries):8}")
    return p95 < bar and max(queries) <= MOST_QUERIES


def _quantile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(int(share * len(values)), len(values) - 1)]


def _slugs(count: int) -> list[str]:
    """Half large cities, half any, always the same."""
    from twincitylab.atlas.models import City

    slugs = list(City.objects.order_by("-population", "geonameid").values_list("slug", flat=True))
    chance = random.Random(2)
    return [*slugs[: count // 2], *chance.sample(slugs, count - count // 2)]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--cpu", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
