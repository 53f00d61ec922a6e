"""``hub bench matching --growth``: how the cost of the matcher grows with the number of records."""

from __future__ import annotations

from hub.bench import growth
from hub.bench.invention import SEED
from hub.cli.bench_cwr import print_report
from hub.cli.options import Language
from hub.cli.output import print_json, print_table, stderr


def growth_table(largest: int, *, as_json: bool) -> None:
    """Run all sizes and print figures, exponents and the cost per n log n."""
    found = list(growth.runs(largest, SEED, lambda text: stderr().print(text, markup=False)))
    told = growth.report(found)
    if as_json:
        print_json({"runs": found, "growth": told.as_json(), "seed": SEED})
        return
    rows = [
        [
            str(item["records"]), f"{item['clustered']['f1']:.4f}", f"{item['candidate_recall']:.4f}",
            f"{item['cpu_seconds']:.1f}", f"{item['seconds']:.1f}",
            f"{1e6 * item['cpu_seconds'] / item['records']:.0f}",
            "-" if item["peak_mb"] is None else f"{item['peak_mb']:.0f}",
        ]
        for item in found
    ]  # fmt: skip
    columns = ("records", "cluster F1", "candidates", "CPU s", "seconds", "CPU us a record", "peak MB")
    print_table("Growth", columns, rows, right=range(len(columns)))
    print_report(told, Language.english)
