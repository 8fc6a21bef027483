"""``python -m benchmarks [AREA …]``: run every ``bench_*`` module (or the named ones) and print one table."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import benchmarks


def main() -> int:
    wanted = set(sys.argv[1:])
    low = 0
    print(f"{'area':<12} {'what':<52} {'peer':<34} {'ours':>10} {'peer':>10} {'ratio':>9} {'floor':>7}")
    for info in sorted(pkgutil.iter_modules(benchmarks.__path__), key=lambda m: m.name):
        if not info.name.startswith("bench_") or (wanted and info.name.removeprefix("bench_") not in wanted):
            continue
        for row in importlib.import_module(f"benchmarks.{info.name}").run():
            mark = "" if row.ratio >= row.floor else "  below the floor"
            low += bool(mark)
            print(
                f"{row.area:<12} {row.what:<52} {row.peer:<34} {row.ours_s * 1e6:>8.1f}us {row.peer_s * 1e6:>8.1f}us "
                f"{row.ratio:>8.2f}x {row.floor:>6.2f}x{mark}",
                flush=True,
            )
    print(f"{low} below the floor" if low else "all at or above the floor")
    return 0


if __name__ == "__main__":
    sys.exit(main())
