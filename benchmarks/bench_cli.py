"""How long ``twincitylab match`` takes from cold: a new process each time, with the atlas loaded.

Run ``python -m benchmarks.bench_cli [--rounds 7] [--cpu]`` after ``twincitylab setup``; exits with 1 above
the bar of 1.5 s. ``--cpu`` counts processor time, for a machine that others use as well.
"""

import argparse
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

BAR_SECONDS = 1.5
COMMANDS = (
    ["match", "Karlsruhe"],
    ["match", "Karlsruhe", "--preset", "established"],
    ["pair", "Karlsruhe", "Nancy"],
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--cpu", action="store_true")
    options = parser.parse_args()
    clock = _children if options.cpu else time.perf_counter
    print(f"{'command':44} {'best s':>8} {'median s':>9} {'bar':>5}")
    medians = [_measure(command, rounds=options.rounds, clock=clock) for command in COMMANDS]
    sys.exit(0 if medians[0] < BAR_SECONDS else 1)


def _measure(command: list[str], *, rounds: int, clock: Callable[[], float]) -> float:
    times = []
    for _turn in range(rounds + 1):
        began = clock()
        subprocess.run([sys.executable, "-m", "twincitylab.cli", *command], check=True, capture_output=True)
        times.append(clock() - began)
    warm = times[1:]  # the first one fills the cache of the matcher and of the disk
    print(f"{' '.join(command):44} {min(warm):8.2f} {statistics.median(warm):9.2f} {BAR_SECONDS:5.1f}")
    return statistics.median(warm)


def _children() -> float:
    """Processor seconds of all processes that were started and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
