"""What `import exocourse` costs over a bare interpreter: whole processes, in turn, in one run.

Run: ``make benchmarks``, or ``python tests/benchmarks/bench_import.py [runs]``.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

LIMIT_S = 0.15


def seconds(code: str) -> float:
    """Return how long a fresh interpreter takes to run `code`."""
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - begin


def main(runs: int = 15) -> int:
    """Measure and print; 1 if the limit is exceeded."""
    pairs = [(seconds("pass"), seconds("import exocourse")) for _ in range(runs)]
    bare, course = (statistics.median(values) for values in zip(*pairs, strict=True))
    over = statistics.median(course - bare for bare, course in pairs)
    print(f"bare interpreter {bare:.3f} s, import exocourse {course:.3f} s (medians of {runs})")
    print(f"over a bare interpreter: {over:.3f} s (at most {LIMIT_S} s), ratio {course / bare:.2f}")
    return int(over > LIMIT_S)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
