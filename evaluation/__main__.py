"""Runs the evaluations: ``python -m evaluation [all|twinnings|fair|learn|door|topics|communities|parity]``"""

import argparse
import importlib
import importlib.util
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "twincitylab.config.settings")
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(variable, "1")


def main() -> None:
    """Prepare Django, then run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m evaluation", description=__doc__)
    parser.add_argument(
        "what",
        nargs="?",
        choices=("all", "twinnings", "fair", "learn", "door", "topics", "communities", "parity"),
        default="all",
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[13, 14])
    asked = parser.parse_args()
    if asked.what == "topics":
        _topics()
        return
    if asked.what == "parity":
        _parity()
        return
    import django

    django.setup()
    if asked.what == "communities":
        from evaluation.communities import main as communities

        communities(asked.seeds)
        return
    from evaluation.protocol import TWINNINGS

    if not TWINNINGS.exists():
        raise SystemExit(f"The known twinnings are not there: {TWINNINGS}. See docs/explanation.")
    if asked.what == "learn":
        _learn(asked.seeds[0])
    if asked.what == "door":
        _door(asked.seeds)
    if asked.what in ("all", "twinnings"):
        _twinnings(asked.seeds)
    if asked.what in ("all", "fair"):
        _fair()


def _twinnings(seeds: list[int]) -> None:
    from evaluation.twinning_recall import run
    from twincitylab.atlas.sources import city_table_from_sources

    run(city_table_from_sources(15000), seeds=seeds)


def _learn(seed: int) -> None:
    from evaluation.shipped import write_weights

    write_weights(seed=seed)


def _door(seeds: list[int]) -> None:
    from evaluation import through_the_door

    for seed in seeds:
        through_the_door.main(seed=seed)


def _topics() -> None:
    from evaluation.topics import run

    run()


def _parity() -> None:
    from evaluation.parity import main as parity

    parity()


def _fair() -> None:
    if importlib.util.find_spec("evaluation.fair_lists") is None:
        print("There is no evaluation of fair lists yet.")
        return
    importlib.import_module("evaluation.fair_lists").main()


if __name__ == "__main__":
    main()
