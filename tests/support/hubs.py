"""A fresh hub of a test's own, and small feeds to put into it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from hub.answers.batch import who_to_pay
from hub.answers.question import ask
from hub.context import Hub, open_hub
from hub.db.engine import reading
from hub.db.tables import metadata
from hub.intake import report
from hub.intake.report import Report
from hub.intake.submissions import ingest
from hub.registers import import_societies
from hub.settings import Settings
from schemas.findings import Finding

SOCIETIES = """code,name,country,kind,accreditations
177,KAZAK,KZ,cmo,
901,Altyn Dala (invented),KZ,cmo,
052,PRS,GB,cmo,
911,Producers KZ (invented),KZ,cmo,
"""
WORK_HEADER = "work_ref,title,iswc,party_name,party_ipi,role,society,pr_share,mr_share,territories\n"
WORKS = (
    WORK_HEADER
    + """K1,ЖАЗҒЫ КЕШ,T9123456780,ӘЛІМОВ ЕРЛАН,90000000109,CA,177,50,50,
K1,ЖАЗҒЫ КЕШ,T9123456780,HARTLEY JANE,90000003887,CA,052,25,0,
K1,ЖАЗҒЫ КЕШ,T9123456780,NORTHFIELD MUSIC PUBLISHING LTD,90000007581,E,052,25,50,
"""
)
MANDATE_HEADER = (
    "mandate_ref,grantor_type,grantor_id,grantor_name,holder,rights,uses,territories,"
    "valid_from,valid_to,exclusive,basis,works,evidence\n"
)
MANDATES = (
    MANDATE_HEADER
    + """M1,party,90000000109,ӘЛІМОВ ЕРЛАН,177,PR|MR,*,2136,2010-01-01,,Y,declaration,,letter.pdf
M2,party,90000003887,HARTLEY JANE,052,PR,*,2136,2005-01-01,,Y,declaration,,letter.pdf
M3,party,90000007581,NORTHFIELD MUSIC PUBLISHING LTD,052,PR,*,2136,2010-01-01,,Y,declaration,,letter.pdf
R1,society,052,PRS,177,PR,*,KZ,2012-01-01,,Y,agreement,,
"""
)


@contextmanager
def fresh_hub(url: str, folder: Path, *, societies: str = SOCIETIES, **limits: int) -> Iterator[Hub]:
    """An empty hub with the register of societies loaded."""
    hub = open_hub(Settings(url, folder / "data", **limits))
    try:
        import_societies(hub, io.BytesIO(societies.encode()))
        yield hub
    finally:
        hub.engine.dispose()


def send(hub: Hub, text: str | bytes, society: str = "177", **options: Any) -> Report:
    """Take a file in."""
    return ingest(hub, io.BytesIO(text.encode() if isinstance(text, str) else text), society, **options)


def findings(hub: Hub, done: Report) -> list[Finding]:
    """What was found in a file that was taken in."""
    with reading(hub.engine) as connection:
        row = report.by_public_id(connection, done.submission)
        assert row is not None
        return [item for _, item in report.findings(connection, row.id)]


def answer(hub: Hub, subject: str = "iswc:T9123456780", **terms: Any) -> dict[str, Any]:
    """Ask about a subject: performing right, radio, Kazakhstan, unless said otherwise."""
    asked = {"right": "PR", "use": "radio", "territory": "KZ", "on": "2026-03-15", **terms}
    return who_to_pay(hub, ask(subject, **asked)).as_json()


def row_counts(hub: Hub) -> dict[str, int]:
    """How many rows each table has."""
    with reading(hub.engine) as connection:
        return {
            name: connection.scalar(select(func.count()).select_from(table)) or 0
            for name, table in metadata.tables.items()
        }
