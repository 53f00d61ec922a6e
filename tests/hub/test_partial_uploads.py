"""Files in parts: going on after a cut, what does not fit, and whose they are."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hubs import WORK_HEADER, fresh_hub
from starlette.testclient import TestClient

from hub.access.keys import create
from hub.api.app import create_app
from hub.intake import partial_uploads as partial

FEED = (WORK_HEADER + "".join(f"N{n},NEW {n},,W,,CA,177,100,100,\n" for n in range(300))).encode()


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Any]:
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path, max_upload=1 << 20) as hub:
        yield hub


@pytest.fixture
def client(opened: Any) -> Iterator[TestClient]:
    with TestClient(create_app(opened), raise_server_exceptions=False) as found:
        found.headers["Authorization"] = f"Bearer {create(opened, '177')['key']}"
        yield found


def begun(client: TestClient, size: int = len(FEED)) -> str:
    made = client.post("/v1/uploads", json={"size": size, "filename": "works.csv"})
    assert (made.status_code, made.headers["Upload-Offset"]) == (201, "0")
    return made.headers["Location"]


def part(client: TestClient, where: str, offset: int, content: bytes) -> Any:
    return client.patch(where, content=content, headers={"Upload-Offset": str(offset)})


def test_a_file_in_parts_is_the_file(client: TestClient) -> None:
    where = begun(client)
    assert part(client, where, 0, FEED[:1000]).json()["offset"] == 1000
    # The answer to a part was lost: sent again it does not fit, and the hub says where to go on.
    lost = part(client, where, 0, FEED[:1000])
    assert (lost.status_code, "1000 bytes are here" in lost.json()["detail"]) == (409, True)
    early = client.post(f"{where}/submission")
    assert (early.status_code, early.json()["code"]) == (409, "illegal_transition")
    offset = int(client.get(where).headers["Upload-Offset"])
    assert part(client, where, offset, FEED[offset:]).json()["offset"] == len(FEED)
    sent = client.post(f"{where}/submission")
    assert sent.status_code == 202
    whole = client.post("/v1/submissions", content=FEED).json()
    assert (whole["submission"], whole["sha256"]) == (sent.json()["submission"], sent.json()["sha256"])
    assert client.get(where).status_code == 404


def test_what_does_not_fit_is_refused(client: TestClient) -> None:
    where = begun(client, size=10)
    assert part(client, where, 0, b"x" * 11).status_code == 413
    assert part(client, where, 3, b"x").status_code == 409
    assert client.patch(where, content=b"x").status_code == 422
    assert part(client, where, 0, b"").status_code == 400
    assert client.get(where).json()["offset"] == 0
    assert client.post("/v1/uploads", json={"size": (1 << 20) + 1}).status_code == 413
    assert client.get("/v1/uploads/..%2Fhub").status_code == 404
    assert client.delete(where).status_code == 204
    assert client.delete(where).status_code == 404


def test_an_upload_is_its_societys_own_and_is_forgotten(opened: Any, client: TestClient) -> None:
    where = begun(client)
    other = {"Authorization": f"Bearer {create(opened, '901')['key']}"}
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/submission")):
        assert client.request(method, where + path, headers=other).status_code == 404
    for path in (opened.settings.data_dir / "uploads").iterdir():
        os.utime(path, (1, 1))
    begun(client)
    assert client.get(where).status_code == 404


def test_one_part_at_a_time(opened: Any) -> None:
    upload = partial.begin(opened, "177", 4)
    with partial._held(opened, upload), pytest.raises(partial.IllegalTransition, match="being written"):
        partial.append(opened, upload, 0, io.BytesIO(), 0)
