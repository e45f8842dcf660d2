"""`python -m benchmarks` runs every row; ROW=P3 SIZE=0.1 in the environment run one, with N scaled."""

import importlib
import os
import pkgutil
import re
import sys

import benchmarks

_MODULE = re.compile(r"(p\d+)_\w+")


def rows() -> dict[str, str]:
    """The modules by row: P1 → benchmarks.p1_scoring."""
    found = ((_MODULE.fullmatch(module.name), module.name) for module in pkgutil.iter_modules(benchmarks.__path__))
    named = {match[1].upper(): f"benchmarks.{name}" for match, name in found if match}
    numbered = dict(sorted(named.items(), key=lambda item: int(item[0][1:])))
    return numbered | {"WHAT_IF": "benchmarks.what_if", "FINDINGS": "benchmarks.findings"}


def main() -> int:
    """Run the rows asked for; 0 when every goal is met, 1 when one is short, 2 for an unknown row."""
    known, asked, size = rows(), os.environ.get("ROW", "").upper(), os.environ.get("SIZE", "") or "1"
    if asked and asked not in known:
        print(f"There is no row {asked}; known: {', '.join(known)}")
        return 2
    chosen = [known[asked]] if asked else list(known.values())
    met = [bool(importlib.import_module(name).main(float(size))) for name in chosen]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
