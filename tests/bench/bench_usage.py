"""A DSR report through ``hub usage resolve``: time, memory and sums, against its bare lines.

Run it as a script, or as ``hub bench usage``; ``--lines`` and ``--works`` set the sizes.
"""

from __future__ import annotations

import argparse
import sys

from hub.bench.usage import measure


def main() -> None:
    """Print what was measured."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--lines", type=int, default=100_000)
    options.add_argument("--works", type=int, default=20_000)
    wanted = options.parse_args()
    found = measure(wanted.lines, wanted.works, lambda text: print(text, file=sys.stderr))
    for name, value in found.as_json().items():
        print(f"{name:22} {value}")


if __name__ == "__main__":
    main()
