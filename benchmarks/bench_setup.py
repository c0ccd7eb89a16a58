"""How long ``twincitylab setup`` takes: a first load into a new database, and a second with nothing to do.

    python -m benchmarks.bench_setup [--levels 15000 500]

Runs the real command in processes of its own, each level in a new data folder that is removed afterwards.
The bars: 20 s at level 15000, 3 minutes at level 500. The second run should take about a second.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time

BARS = {15000: 20.0, 500: 180.0}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--levels", type=int, nargs="+", default=[15000, 500])
    levels = arguments.parse_args().levels
    print(f"{'level':>6}{'first run s':>13}{'bar s':>7}{'second run s':>14}")
    for level in levels:
        with tempfile.TemporaryDirectory(prefix="twincitylab-bench-") as home:
            first, second = (timed_setup(level, home=home) for _turn in range(2))
        print(f"{level:>6}{first:>13.1f}{BARS.get(level, 0):>7.0f}{second:>14.1f}")


def timed_setup(level: int, *, home: str) -> float:
    """Seconds of one run of the command, the start of Python included."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [sys.executable, "-m", "twincitylab.cli", "setup", "--level", str(level)]
    start = time.perf_counter()
    here = environment | {"TWINCITYLAB_HOME": home}
    subprocess.run(command, env=here, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
