"""Run every stage of the tests, say how long each took, and fail if any failed.

``python tests/run.py`` runs all; ``python tests/run.py unit browser`` only those;
``--benchmarks`` prints the speed figures instead.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
PYTEST = [PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
NBVAL = ["-n", "2", "--dist", "loadfile", "--nbval-cell-timeout=60"]

STAGES: dict[str, list[str]] = {
    "lint": [PYTHON, "-m", "ruff", "check", "."],
    "format": [PYTHON, "-m", "ruff", "format", "--check", "."],
    "spelling": [PYTHON, "-m", "codespell_lib"],
    "unit": [*PYTEST, "-n", "2", "--dist", "loadfile", "tests", "--ignore=tests/browser"],
    "exercises in sync": [PYTHON, "-m", "exocourse", "build", "--check"],
    "notebooks, strict": [
        *PYTEST,
        *NBVAL,
        "--nbval",
        "--nbval-sanitize-with=tests/notebooks/sanitize.cfg",
        "lessons",
        "solutions",
    ],
    "notebooks, lax": [*PYTEST, *NBVAL, "--nbval-lax", "exercises"],
    "browser": [*PYTEST, "-n", "2", "tests/browser"],
}


def run(name: str, command: list[str], environment: dict[str, str]) -> tuple[bool, float, int]:
    """Run one stage, its output passing through; return success, seconds and tests passed."""
    print(f"\n== {name}: {' '.join(command[1:])}", flush=True)
    begin = time.perf_counter()
    passed = 0
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        for line in process.stdout:
            print(line, end="", flush=True)
            if found := re.search(r"\b(\d+) passed\b", line):
                passed = int(found[1])
    # A pytest stage that ran nothing has tested nothing: exit code 5 is a failure here too.
    return process.returncode == 0, time.perf_counter() - begin, passed


def main(arguments: list[str]) -> int:
    """Run the stages named in `arguments`, or all."""
    environment = os.environ | {
        "PATH": f"{Path(PYTHON).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "PYTHONUNBUFFERED": "1",
    }
    if arguments == ["--benchmarks"]:
        scripts = sorted((ROOT / "tests" / "benchmarks").glob("bench_*.py"))
        stages = {script.stem: [PYTHON, str(script)] for script in scripts}
    else:
        unknown = set(arguments) - set(STAGES)
        if unknown:
            print(f"no stage {', '.join(sorted(unknown))}; there are: {', '.join(STAGES)}")
            return 2
        stages = {name: STAGES[name] for name in arguments or STAGES}
    results = {name: run(name, command, environment) for name, command in stages.items()}

    print("\n== how long it took")
    for name, (ok, seconds, passed) in results.items():
        tests = f"{passed:5d} tests" if passed else " " * 11
        print(f"{'ok    ' if ok else 'FAILED'} {seconds:7.1f} s {tests}  {name}")
    print(f"       {sum(seconds for _, seconds, _ in results.values()):7.1f} s in all")
    failed = sum(not ok for ok, _, _ in results.values())
    print(f"\nstages: {len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
