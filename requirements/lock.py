"""Pin every dependency with its hashes, for all platforms: ``make lock``.

``run.txt`` is what the product needs, ``dev.txt`` adds tests, checks and benchmarks, ``node.txt`` is Node
itself for machines that have none. No registry address is written, so that any mirror serves.
"""

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
LOCKS = {
    "run.txt": ["pyproject.toml", "--group", "build"],
    "dev.txt": [
        "pyproject.toml",
        *("--group", "build", "--group", "test", "--group", "check", "--group", "bench", "--group", "lock"),
        *("--constraint", str(HERE / "run.txt")),
    ],
    "node.txt": ["--group", "node"],
}


def main() -> int:
    uv = shutil.which("uv", path=str(Path(sys.executable).parent))
    if uv is None:
        print("uv is missing from the environment: make .venv/.dev", file=sys.stderr)
        return 1
    for name, inputs in LOCKS.items():
        command = [uv, "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-emit-index-url"]
        command += [
            "--no-header",
            "--python-version",
            "3.11",
            *sys.argv[1:],
            *inputs,
            "--output-file",
            str(HERE / name),
        ]
        subprocess.run(command, check=True, cwd=HERE.parent)  # noqa: S603 - fixed program, arguments of the maintainer
        print(f"{name}: {sum('==' in line for line in (HERE / name).read_text().splitlines())} pinned")
    return 0


if __name__ == "__main__":
    sys.exit(main())
