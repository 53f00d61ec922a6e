"""Every real sample through the whole intake: counts reconcile, and the same file again changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hubs import fresh_hub, row_counts

from hub.context import Hub
from hub.intake.submissions import ingest


def samples() -> list[str]:
    folder = Path(__file__).resolve().parents[3] / "shared" / "samples"
    names = [
        *folder.glob("cwr/*.*"),
        *folder.glob("ddex/ern-*/*"),
        *folder.glob("ddex/implementer-nonconformant/*"),
    ]
    return sorted(str(path.relative_to(folder)) for path in names if path.suffix != ".md")


def take(hub: Hub, path: Path) -> dict[str, object]:
    with path.open("rb") as stream:
        found = ingest(hub, stream, "177", filename=path.name)
    assert found.read == found.stored + found.rejected + found.unchanged
    return found.as_json()


@pytest.mark.parametrize("name", samples() or [""])
def test_a_real_file_reconciles_and_repeats(name: str, tmp_path: Path, shared_folder: Path) -> None:
    path = shared_folder / "samples" / name
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as hub:
        first = take(hub, path)
        assert first["status"] in ("accepted", "accepted_with_findings", "rejected")
        before = row_counts(hub)
        again = take(hub, path)
        assert again["status"] == "unchanged"
        assert row_counts(hub) == before


def test_all_real_files_fit_into_one_hub(tmp_path: Path, shared_folder: Path) -> None:
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as hub:
        for name in samples():
            take(hub, shared_folder / "samples" / name)
        before = row_counts(hub)
        assert before["declaration"] > 100
        # A file sent again after another one restated its records restates them: more rows, never fewer.
        for name in reversed(samples()):
            take(hub, shared_folder / "samples" / name)
        after = row_counts(hub)
        assert all(after[table] >= count for table, count in before.items())
        first = samples()[0]
        assert take(hub, shared_folder / "samples" / first)["status"] == "unchanged"
        assert row_counts(hub) == after
