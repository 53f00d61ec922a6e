"""Schemathesis over the whole OpenAPI document: every check, every role, on SQLite and PostgreSQL.

``python tests/bench/bench_contract.py [EXAMPLES]``, 40 by default: so many valid and so many invalid requests
for each operation, role and database. Prints what failed; exits with 1 if anything did.
"""

from __future__ import annotations

import logging
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

import throwaway_postgres
from contract_runs import REGISTER, conformance, odd_methods
from hubs import MANDATES, WORKS, fresh_hub, send

from hub.access.permissions import ROLES
from hub.dossiers.preparing import prepare

EXAMPLES = 40

PATIENCE = 120.0
"""Seconds: a machine that does more beside takes ten of them by itself."""


@contextmanager
def databases(folder: Path) -> Iterator[dict[str, str]]:
    """One of each kind; without a PostgreSQL server SQLite alone, and it is said."""
    with ExitStack() as stack:
        found = {"SQLite": f"sqlite:///{folder / 'hub.db'}"}
        try:
            server = stack.enter_context(throwaway_postgres.server())
            found["PostgreSQL"] = stack.enter_context(throwaway_postgres.fresh_database(server))
        except throwaway_postgres.NoServer as fault:
            print(f"PostgreSQL is left out: {fault}")
        yield found


def main(examples: int) -> int:
    """Run everything; the number of faults, at most 1."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    bad = 0
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, databases(Path(folder)) as urls:
        for name, url in urls.items():
            with fresh_hub(url, Path(folder), societies=REGISTER, jobs_in_server=False) as hub:
                send(hub, WORKS)
                send(hub, MANDATES)
                prepare(hub)
                for role in ROLES:
                    odd = odd_methods(hub, role)
                    results = list(conformance(hub, role, examples, patience=PATIENCE))
                    failed = {operation: faults for operation, faults in results if faults}
                    bad += len(odd) + len(failed)
                    print(
                        f"{name:<10} {role:<9} {len(results)} operations, {len(failed)} with faults, "
                        f"{len(odd)} wrong answers to other methods",
                        flush=True,
                    )
                    for text in odd:
                        print("   ", text)
                    for operation, faults in failed.items():
                        print("   ", operation, *faults, sep="\n      ")
    return int(bad > 0)


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLES))
