"""Clients that lie about lengths, send too much, reuse keys, and do several things at once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hubs import WORK_HEADER, fresh_hub
from live_server import serving
from sqlalchemy import func, select
from starlette.testclient import TestClient

from hub.access.keys import create
from hub.api import sizes
from hub.api.app import create_app
from hub.context import Hub
from hub.db.engine import reading
from hub.db.tables import JOB, SUBMISSION
from hub.intake import partial_uploads as partial
from hub.intake import submissions

LIMIT = 1 << 20


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(database_url, tmp_path, max_upload=LIMIT, jobs_in_server=False) as opened:
        yield opened


@pytest.fixture
def headers(hub: Hub) -> dict[str, str]:
    return {"Authorization": f"Bearer {create(hub, '177')['key']}"}


def feed(number: int) -> bytes:
    return f"{WORK_HEADER}N{number},NEW {number},,W,,CA,177,100,100,\n".encode()


def counted(hub: Hub, table: Any) -> int:
    with reading(hub.engine) as connection:
        return int(connection.scalar(select(func.count()).select_from(table)) or 0)


def test_a_body_is_cut_off_where_it_is_too_long(
    hub: Hub, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sizes, "SMALL", 10_000)
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(10_000):
            sent += 1 << 16
            yield b" " * (1 << 16)

    form = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    client = TestClient(create_app(hub), raise_server_exceptions=False)
    for path, more, most in (
        ("/v1/reviews/undo", {"Content-Type": "application/json"}, 10_000),
        ("/v1/submissions", {}, LIMIT),
        ("/v1/usage-reports", {}, LIMIT),
        ("/v1/submissions", kind, LIMIT + sizes.AROUND),
    ):
        refused = client.post(path, content=(form + part for part in endless()), headers={**headers, **more})
        assert (refused.status_code, refused.json()["code"]) == (413, "too_large"), path
        # What says how long it is gets its answer before anything is read.
        told = client.post(path, content=b" " * (most + (1 << 21)), headers={**headers, **more})
        assert (told.status_code, told.json()["code"]) == (413, "too_large")
    assert client.post("/login", content=b"a=" + b"b" * 20_000).status_code == 413
    assert counted(hub, SUBMISSION) == 0
    assert list((hub.settings.data_dir / "uploads").glob("*")) == []


def test_of_two_contents_with_one_key_one_is_refused_and_does_nothing(
    hub: Hub, headers: dict[str, str]
) -> None:
    with serving(hub) as url, ThreadPoolExecutor(8) as pool:

        def sent(number: int) -> httpx2.Response:
            own = {**headers, "Idempotency-Key": "one"}
            return httpx2.post(f"{url}/v1/submissions", content=feed(number % 4), headers=own, timeout=60)

        answers = list(pool.map(sent, range(16)))
        statuses = {answer.status_code for answer in answers}
        assert statuses == {202, 422}
        assert len({answer.json()["submission"] for answer in answers if answer.status_code == 202}) == 1
        assert {answer.json()["code"] for answer in answers if answer.status_code == 422} == {"repeated_key"}
        same = [
            answer.json()["job"]
            for answer in pool.map(
                lambda _: httpx2.post(
                    f"{url}/v1/usage-reports", content=b"line_ref,subject\n", timeout=60,
                    headers={**headers, "Idempotency-Key": "two"},
                ),
                range(8),
            )
        ]  # fmt: skip
    assert len(set(same)) == 1
    assert counted(hub, SUBMISSION) == 1


def test_the_same_file_sent_at_once_without_a_key_is_one_submission(
    hub: Hub, headers: dict[str, str]
) -> None:
    with serving(hub) as url, ThreadPoolExecutor(8) as pool:

        def sent(_: int) -> httpx2.Response:
            return httpx2.post(f"{url}/v1/submissions", content=feed(1), headers=headers, timeout=60)

        answers = list(pool.map(sent, range(16)))
    assert {answer.status_code for answer in answers} <= {200, 202}
    assert len({answer.json()["submission"] for answer in answers}) == 1
    assert counted(hub, SUBMISSION) == 1


def test_a_refused_call_gives_its_key_back_and_one_cut_off_is_done_again(
    hub: Hub, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = TestClient(create_app(hub), raise_server_exceptions=False)
    own = {**headers, "Idempotency-Key": "k"}
    query = "/v1/usage-reports?format=claims&claimant=nobody-at-all&rights=XX"
    assert client.post(query, content=b"x", headers=own).status_code == 400
    assert client.post("/v1/submissions", content=feed(1), headers=own).status_code == 202

    def cut(*_words: object, **_more: object) -> None:
        raise OSError("the server was killed here")

    again = {**headers, "Idempotency-Key": "cut"}
    monkeypatch.setattr("hub.api.routes.submissions.receive", cut)
    assert client.post("/v1/submissions", content=feed(2), headers=again).status_code == 500
    monkeypatch.setattr("hub.api.routes.submissions.receive", submissions.receive)
    assert client.post("/v1/submissions", content=feed(3), headers=again).status_code == 422
    assert client.post("/v1/submissions", content=feed(2), headers=again).status_code == 202
    assert counted(hub, JOB) == 2


def test_parts_at_once_and_over_each_other_make_the_file_or_are_refused(
    hub: Hub, headers: dict[str, str]
) -> None:
    content = b"".join(feed(number) for number in range(50))
    with serving(hub) as url, ThreadPoolExecutor(8) as pool:
        where = httpx2.post(f"{url}/v1/uploads", json={"size": len(content)}, headers=headers).headers[
            "Location"
        ]

        def part(start: int) -> int:
            own = {**headers, "Upload-Offset": str(start)}
            return httpx2.patch(
                url + where, content=content[start : start + 700], headers=own, timeout=60
            ).status_code

        for _ in range(40):
            offset = int(httpx2.get(url + where, headers=headers).headers["Upload-Offset"])
            if offset == len(content):
                break
            statuses = list(pool.map(part, [offset, offset, max(0, offset - 350), offset + 350, offset]))
            # 400: nothing is left where a part begins beyond the end.
            assert set(statuses) <= {200, 400, 409, 413}
            assert statuses.count(200) == 1
        done = httpx2.post(f"{url}{where}/submission", headers=headers)
        assert done.status_code == 202
        whole = httpx2.post(f"{url}/v1/submissions", content=content, headers=headers)
        assert whole.json()["sha256"] == done.json()["sha256"]


def test_a_slow_upload_is_kept_as_long_as_parts_come(hub: Hub) -> None:
    upload = partial.begin(hub, "177", 4)
    os.utime(partial._note(hub, upload.id), (1, 1))
    partial.begin(hub, "177", 4)
    assert partial.find(hub, upload.id, "177") == upload
    os.utime(partial._bytes(hub, upload.id), (1, 1))
    partial.begin(hub, "177", 4)
    with pytest.raises(partial.NotFound):
        partial.find(hub, upload.id, "177")


def test_a_society_begins_only_so_many_uploads(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partial, "MOST", 2)
    first, _ = partial.begin(hub, "177", 4), partial.begin(hub, "177", 4)
    with pytest.raises(partial.IllegalTransition, match="at most 2"):
        partial.begin(hub, "177", 4)
    partial.begin(hub, "901", 4)
    partial.discard(hub, first)
    partial.begin(hub, "177", 4)
