"""Examples of the OpenAPI document: one on every operation, as the schemas say, and as the hub answers."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import orjson
import pytest
from hubs import fresh_hub
from jsonschema_rs import Draft202012Validator
from recorded_calls import record

from hub.api import examples
from hub.api.app import create_app

FILE = Path(examples.__file__).with_name("examples.json")


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("examples")
    with fresh_hub(f"sqlite:///{folder / 'hub.db'}", folder) as hub:
        return create_app(hub).openapi()


def shape(value: Any) -> Any:
    """What kinds of values stand where; texts may have any content, lists any length but none."""
    if isinstance(value, dict):
        return {name: shape(item) for name, item in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


def test_the_hub_answers_as_the_examples_say(tmp_path: Path) -> None:
    calls = record(tmp_path)
    if os.environ.get("HUB_WRITE_EXAMPLES"):
        # What still has its shape stays, so that a change shows what it changed.
        kept = examples.recorded()
        written = {
            name: kept[name] if name in kept and shape(kept[name]) == shape(call) else call
            for name, call in calls.items()
        }
        FILE.write_bytes(orjson.dumps(written, option=orjson.OPT_INDENT_2) + b"\n")
        examples.recorded.cache_clear()
    stored = examples.recorded()
    assert list(stored) == list(calls)
    for name, call in calls.items():
        assert shape(stored[name]) == shape(call), name


def test_every_operation_has_examples(document: dict[str, Any]) -> None:
    without = []
    for name, described in examples.operations(document):
        required = [item for item in described.get("parameters", ()) if item.get("required")]
        without += [f"{name}: {item['name']}" for item in required if "example" not in item]
        if "requestBody" in described:
            bodies = described["requestBody"]["content"].values()
            without += [] if any("example" in body for body in bodies) else [f"{name}: body"]
        for status, response in described["responses"].items():
            content = response.get("content", {}).values()
            if content and not any("example" in kind for kind in content) and status != "503":
                without.append(f"{name}: {status}")
    assert without == []


def test_every_example_is_as_its_schema_says(document: dict[str, Any]) -> None:
    count = 0
    for name, described in examples.operations(document):
        contents = [described.get("requestBody", {}).get("content", {})]
        contents += [response.get("content", {}) for response in described["responses"].values()]
        pairs = [
            (kind["example"], kind.get("schema", {}))
            for content in contents
            for kind in content.values()
            if "example" in kind
        ]
        pairs += [
            (item["example"], item["schema"]) for item in described.get("parameters", ()) if "example" in item
        ]
        for example, schema in pairs:
            whole = {**schema, "components": document["components"]}
            faults = [fault.message for fault in Draft202012Validator(whole).iter_errors(example)]
            assert faults == [], (name, example)
            count += 1
    assert count > 400
