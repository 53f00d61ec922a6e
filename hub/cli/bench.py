"""``hub bench``: quality, time and memory, measured on this machine beside peers."""

from __future__ import annotations

from collections import defaultdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from hub.bench import itunes_amazon, names
from hub.bench.corruption import with_fields_missing
from hub.bench.data_sets import carried_out, labelled_pairs, middle, runs
from hub.bench.invention import write_invented
from hub.bench.matching import SYSTEMS, available, measure
from hub.bench.matching_report import report, seeds, versions, works_figures
from hub.bench.national_hub import fill
from hub.bench.recording_tables import Labelled, labelled, read_rows
from hub.bench.works import measure as measure_works
from hub.bench.works_catalogue import LEVELS
from hub.cli.bench_cwr import cwr_command, print_report
from hub.cli.bench_ddex import ddex_command
from hub.cli.bench_growth import growth_table
from hub.cli.bench_hub import answers_command, pages_command, search_command
from hub.cli.bench_usage import usage_command
from hub.cli.options import AsJson, Database, Language, opened
from hub.cli.output import print_json, print_table, stderr
from hub.errors import UsageError

bench = typer.Typer(no_args_is_help=True, help="Measure the hub on this machine, beside peers.")
bench.command("cwr")(cwr_command)
bench.command("usage")(usage_command)
bench.command("ddex")(ddex_command)
bench.command("answers")(answers_command)
bench.command("search")(search_command)
bench.command("pages")(pages_command)


class Form(StrEnum):
    """How the columns of a data set reach the matcher."""

    parsed = "parsed"
    raw = "raw"


@bench.command("matching")
def matching_command(
    data: Annotated[Path | None, typer.Option("--data", help="Labelled CSV, plain or gzipped.")] = None,
    truth: Annotated[str, typer.Option("--truth", help="Column of the true cluster.")] = "cluster_id",
    form: Annotated[
        Form, typer.Option("--input", help="Known source formats undone, or columns as they stand.")
    ] = Form.parsed,
    system: Annotated[str, typer.Option("--system", help=f"One of: {', '.join(SYSTEMS)}.")] = "hub",
    missing: Annotated[
        int | None,
        typer.Option(
            "--missing-fields", metavar="SEED", help="Empty 20% of titles, 41% of albums, 55% of years."
        ),
    ] = None,
    shared_sources: Annotated[
        bool, typer.Option("--repeating-sources", help="Sources may hold one recording several times.")
    ] = False,
    best_threshold: Annotated[
        bool, typer.Option("--best-threshold", help="Also say what the best threshold would have given.")
    ] = False,
    largest: Annotated[
        int | None,
        typer.Option(
            "--growth", metavar="N", min=100, help="Show how the cost grows, on made-up records up to N."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Link labelled recordings and compare with the truth, which the matcher never sees.

    Without --data every data set beside the repository is run, with every system that is installed.
    """
    if largest is not None:
        growth_table(largest, as_json=as_json)
        return
    if data is None:
        _all(as_json)
        return
    if system not in SYSTEMS:
        raise UsageError(f"system {system!r} is not one of {', '.join(SYSTEMS)}")
    found = measure(
        _labelled(data, truth, form, missing),
        system,
        distinct_sources=not shared_sources,
        best_threshold=best_threshold,
    )
    if as_json:
        print_json(found)
    else:
        print_table(data.name, COLUMNS[1:], [_cells(system, found)], right=range(1, len(COLUMNS) - 1))


def _labelled(data: Path, truth: str, form: Form, missing: int | None) -> Labelled:
    """The records of a file; its rows are let go before anything is measured."""
    rows = read_rows(data, truth)
    if missing is not None:
        rows = with_fields_missing(rows, missing)
    return labelled(data.name, rows, truth, form.value)


@bench.command("generate")
def generate_command(
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="CSV to write, gzipped if it ends in .gz.")
    ] = None,
    records: Annotated[int, typer.Option("--records", min=1, help="About how many records.")] = 100_000,
    works: Annotated[
        int | None,
        typer.Option("--works", min=10, max=9_000_000, help="Fill an empty hub with so many works instead."),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same data.")] = 1,
    db: Database = None,
) -> None:
    """Make up labelled recordings for `hub bench matching`, or with --works a hub for `hub bench answers`."""
    if works is not None:
        filled = fill(opened(db), works, seed, lambda text: stderr().print(text, markup=False))
        print_table(
            "Rows", ("table", "rows"), [(name, str(count)) for name, count in filled.items()], right=[1]
        )
        return
    if output is None:
        raise UsageError("say what to make: -o FILE for labelled recordings, or --works N for a whole hub")
    try:
        written = write_invented(output, records, seed)
    except OSError as fault:
        raise UsageError(f"{output} cannot be written: {fault}") from fault
    stderr().print(f"{written} records in {output}")


@bench.command("names")
def names_command(
    data: Annotated[
        Path | None, typer.Option("--data", help="Labelled pairs: CSV with name1,name2,is_match.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell spellings of names apart: the shipped list in two parts, or labelled pairs of your own."""
    if data is not None:
        found = {data.name: names.measure(names.read_pairs(data))}
    else:
        found = {part: names.measure(names.shipped(part)) for part in ("dev", "held-out")}
    if as_json:
        print_json(found)
        return
    columns = ("pairs", "matches", "threshold", "precision", "recall", "f1")
    rows = [[part, *(str(told[column]) for column in columns)] for part, told in found.items()]
    print_table("Names", ("data", *columns), rows, right=range(1, len(columns) + 1))


@bench.command("works")
def works_command(
    works: Annotated[int, typer.Option("--works", min=10, help="True works in the catalogue.")] = 2_000,
    level: Annotated[str, typer.Option("--level", help=f"One of: {', '.join(LEVELS)}; all by default.")] = "",
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same catalogue.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Link works across societies and recordings to works, on a catalogue made up from a seed."""
    if level and level not in LEVELS:
        raise UsageError(f"level {level!r} is not one of {', '.join(LEVELS)}")
    found = [measure_works(works, name, seed) for name in ([level] if level else LEVELS)]
    if as_json:
        print_json(found)
        return
    columns = (
        "level",
        "task",
        "precision",
        "recall",
        "f1",
        "candidates",
        "for people",
        "title only",
        "seconds",
    )
    rows = []
    for told in found:
        for task in ("works", "recording_to_work"):
            said = told[task]
            best = said.get("clustered", said["pairwise"])
            rows.append([
                told["level"], task, *(f"{best[name]:.4f}" for name in ("precision", "recall", "f1")),
                f"{said['candidate_recall']:.4f}", str(said["for_people"]),
                f"{said.get('title_only', 0):.4f}", f"{told['seconds'][task]:.1f}",
            ])  # fmt: skip
    print_table("Works", columns, rows, right=range(2, len(columns)))


COLUMNS = (
    "data", "system", "pair P", "pair R", "pair F1", "best F1", "cluster P", "cluster R", "cluster F1",
    "candidates", "seconds", "peak MB",
)  # fmt: skip


def _all(as_json: bool) -> None:
    systems = available()
    absent = sorted(set(SYSTEMS) - set(systems))
    if absent:
        stderr().print(f"Not installed, so not measured: {', '.join(absent)}")
    rounds: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for run in runs(systems):
        name = f"{run.data} {run.input}{', fields missing' if run.missing else ''}"
        stderr().print(f"{name}: {run.system} ...")
        rounds[name][run.system].append(carried_out(run))
    measured = {name: {system: middle(found) for system, found in by.items()} for name, by in rounds.items()}
    pairs = {path.name.removesuffix(".csv.gz"): itunes_amazon.measure(path) for path in labelled_pairs()}
    stderr().print("recordings to works ...")
    works = works_figures()
    told = report(measured, works)
    if as_json:
        print_json({
            **measured, "itunes-amazon": pairs, "works": works, "goals": told.as_json(),
            "versions": versions(), "seeds": seeds(),
        })  # fmt: skip
        return
    rows = [[name, *_cells(system, found)] for name, by in measured.items() for system, found in by.items()]
    print_table("Recordings", COLUMNS, rows, right=range(2, len(COLUMNS)))
    rows = [
        [name, system, *(f"{found['pairwise'][figure]:.4f}" for figure in ("precision", "recall", "f1"))]
        for name, by in pairs.items()
        for system, found in by.items()
    ]
    if rows:
        print_table("iTunes-Amazon", ("data", "system", "P", "R", "F1"), rows, right=range(2, 5))
    print_report(told, Language.english)


def _cells(system: str, found: dict[str, Any]) -> list[str]:
    def quality(of: str) -> list[str]:
        return [f"{found[of][name]:.4f}" for name in ("precision", "recall", "f1")]

    best, peak = found.get("best_pairwise_f1"), found["peak_mb"]
    return [
        system, *quality("pairwise"), "-" if best is None else f"{best:.4f}", *quality("clustered"),
        f"{found['candidate_recall']:.4f}", f"{found['seconds']:.1f}", "-" if peak is None else f"{peak:.0f}",
    ]  # fmt: skip
