"""Run every benchmark, each in a process of its own, and say at the end which bars were missed.

``python -m benchmarks`` runs all; ``python -m benchmarks bench_top bench_search`` runs those named.
The atlas is set up first where it is absent.
"""

import subprocess
import sys
from pathlib import Path


def main(names: list[str]) -> int:
    known = sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py"))
    if unknown := sorted(set(names) - set(known)):
        print(f"No such benchmark: {', '.join(unknown)}. There are: {', '.join(known)}.", file=sys.stderr)
        return 2
    if subprocess.run([Path(sys.executable).with_name("twincitylab"), "setup"], check=False).returncode:
        return 1
    missed = []
    for name in names or known:
        print(f"\n== {name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode:
            missed.append(name)
    print(f"\nMissed a bar or failed: {', '.join(missed)}" if missed else "\nAll bars met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
