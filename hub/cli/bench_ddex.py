"""``hub bench ddex``: how fast DDEX ERN is read, beside ``lxml.etree.parse`` alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hub.bench.ddex_reading import MEGABYTES, measure
from hub.cli.bench_cwr import print_report
from hub.cli.options import AsJson, Language, Spoken
from hub.cli.output import print_json, stderr


def ddex_command(
    megabytes: Annotated[int, typer.Option(min=1, help="Size of the invented message.")] = MEGABYTES,
    schemas: Annotated[
        Path | None, typer.Option("--schemas", help="Folder with DDEX's official schemas.", exists=True)
    ] = None,
    language: Spoken = Language.english,
    json: AsJson = False,
) -> None:
    """Read an invented ERN message with every rule: speed and memory beside lxml.etree.parse."""
    report = measure(megabytes, schemas, lambda text: stderr().print(text, markup=False))
    if json:
        print_json(report.as_json())
        return
    print_report(report, language)
