"""`make bench`: every benchmark, or those named: `python bench/run.py due_times`.

Before a comparison is timed its sides are held against each other: they must give the same answer. Ends with 1 when
a target is missed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import due_times, ledger_xlsx, lists_and_search, outbox, overdue_scan
from bench.harness import Trial, run_all

BENCHMARKS: dict[str, Callable[[], Iterator[Trial]]] = {
    "due_times": due_times.trials,
    "overdue_scan": overdue_scan.trials,
    "outbox": outbox.trials,
    "lists_and_search": lists_and_search.trials,
    "ledger_xlsx": ledger_xlsx.trials,
}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench/run.py", description="与同类做法并排的性能测量")
    parser.add_argument("names", nargs="*", metavar="名称", help=f"只测这几项：{'、'.join(BENCHMARKS)}")
    names = parser.parse_args(arguments).names or list(BENCHMARKS)
    if unknown := [name for name in names if name not in BENCHMARKS]:
        parser.error(f"没有这几项：{'、'.join(unknown)}")
    results = [run_all(BENCHMARKS[name]()) for name in names]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
