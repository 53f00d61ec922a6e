"""Examples on every operation of the OpenAPI document: real calls and their answers, kept in one file.

``examples.json`` has for each operation the call that was made to a hub with invented data, and what it
answered; a test makes the calls again and keeps the file to what the hub answers
(``HUB_WRITE_EXAMPLES=1 pytest tests/hub/test_api_examples.py`` writes it). Refusals have no calls of their
own: their examples are made from the classes of ``hub.errors``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import orjson
from fastapi import FastAPI

from hub import errors
from hub.api.problems import INVALID, MEDIA_TYPE, body, schemas

Json = dict[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")
REFUSED: dict[str, tuple[type[errors.HubError], str]] = {
    "400": (errors.UsageError, "use 'dancing' is none of the uses; `hub uses` lists them"),
    "401": (errors.NotAuthenticated, "the API key is unknown, expired or revoked"),
    "403": (errors.NotAllowed, "this needs the scope 'mandates'; this dsp's key has read, usage"),
    "404": (errors.NotFound, "there is no job 'jk4s6tfm3hzc2w5ya'"),
    "406": (errors.NotAcceptable, "this listing is there as application/json, text/csv"),
    "409": (
        errors.IllegalTransition,
        "job jk4s6tfm3hzc2w5ya is running; its result is there when it is done",
    ),
    "413": (errors.TooLarge, "files may have up to 4096 MiB"),
    "503": (errors.Surroundings, "the database failed; try again"),
}
"""A refusal of each status, as it may be answered by any operation that declares the status."""


@cache
def recorded() -> dict[str, Json]:
    """What was called and answered, by operation (``GET /v1/works/{work_id}``)."""
    found: dict[str, Json] = orjson.loads(files("hub.api").joinpath("examples.json").read_bytes())
    return found


def operations(document: Json) -> Iterator[tuple[str, Json]]:
    """(``GET /v1/works``, its description) of every operation of an OpenAPI document."""
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            if method in METHODS:
                yield f"{method.upper()} {path}", described


def install(app: FastAPI) -> None:
    """Have the application's OpenAPI document carry the examples, and the schemas of refusals."""
    plain = app.openapi

    def with_examples() -> Json:
        if app.openapi_schema is None:
            document = plain()
            document["components"]["schemas"] |= schemas()
            for name, described in operations(document):
                add(name, described)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = with_examples  # type: ignore[method-assign]


def add(name: str, described: Json) -> None:
    """Put the examples of one operation into its description."""
    call = recorded().get(name, {})
    for parameter in described.get("parameters", ()):
        given = call.get(parameter["in"], {})
        if parameter["name"] in given:
            parameter["example"] = given[parameter["name"]]
    content = described.get("requestBody", {}).get("content", {})
    if call.get("media") in content:
        content[call["media"]]["example"] = call["body"]
    for status, response in described["responses"].items():
        content = response.get("content", {})
        if MEDIA_TYPE in content:
            content[MEDIA_TYPE]["example"] = _refusal(status, name.partition(" ")[2])
        elif status == str(call.get("status")) and call["answer_media"] in content:
            content[call["answer_media"]]["example"] = call["answer"]
        elif status == "200" and call.get("answer_media") in content:
            # Where something was made, the same said again is answered alike but for its status.
            content[call["answer_media"]]["example"] = {**call["answer"], "status": "unchanged"}


def _refusal(status: str, path: str) -> Json:
    if status == "422":
        pointed = [{"pointer": "/query/limit", "detail": "Input should be less than or equal to 1000"}]
        detail = "; ".join(f"{item['pointer']}: {item['detail']}" for item in pointed)
        return body(422, *INVALID, detail, path, pointed)
    fault, detail = REFUSED[status]
    return body(int(status), fault.code, fault.title, detail, path)
