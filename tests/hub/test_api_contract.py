"""Every documented operation against generated requests: no failure of the server, no undocumented answer."""

from __future__ import annotations

from pathlib import Path

import pytest
import schemathesis
from hubs import MANDATES, WORKS, fresh_hub, send
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import checks

from hub.access.keys import create
from hub.api.app import create_app

CHECKS = (checks.not_a_server_error, checks.content_type_conformance, checks.response_schema_conformance)


def test_the_documentation_is_kept(tmp_path: Path, subtests: pytest.Subtests) -> None:
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as hub:
        send(hub, WORKS)
        send(hub, MANDATES)
        headers = {"Authorization": f"Bearer {create(hub, '177')['key']}"}
        schema = schemathesis.openapi.from_asgi("/openapi.json", create_app(hub))
        operations = [operation.ok() for operation in schema.get_all_operations()]
        assert len(operations) > 10
        for operation in operations:

            @settings(
                max_examples=20,
                deadline=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy())
            def conforms(case: schemathesis.Case) -> None:
                case.call_and_validate(checks=list(CHECKS), headers=headers)

            with subtests.test(operation.label):
                conforms()
