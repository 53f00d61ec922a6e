"""Generated calls against every documented operation, as one role: what must hold of each answer."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from starlette.testclient import TestClient

from hub.access import keys
from hub.api.access_table import fences
from hub.api.app import create_app
from hub.context import Hub

REGISTER = (
    "code,name,country,kind,accreditations\n177,KAZAK,KZ,cmo,\n901,Altyn Dala (invented),KZ,cmo,\n"
    "052,PRS,GB,cmo,\nSTREAMER,Streamer (invented),KZ,dsp,\nAUTHORITY,Authority (invented),KZ,regulator,\n"
)
MEMBERS = {"society": "177", "dsp": "STREAMER", "auditor": "AUTHORITY", "operator": ""}
ODD_METHODS = ("HEAD", "OPTIONS", "TRACE", "PUT", "PATCH", "DELETE", "GET", "POST", "PROPFIND", "FROBNICATE")


def key_of(hub: Hub, role: str) -> str:
    """A key with everything that the role may have."""
    return str(keys.create(hub, MEMBERS[role], role=role)["key"])


def conformance(
    hub: Hub, role: str, examples: int, *, fixed: bool = False, patience: float | None = None
) -> Iterator[tuple[str, list[str]]]:
    """(operation, faults) for every documented operation, called with so many generated requests.

    Positive and negative data, and every check that Schemathesis has. ``fixed`` makes the same requests in
    every run; otherwise they are new ones each time. ``patience`` is in seconds, until a call counts as
    hanging: ten by default.
    """
    load_all_checks()
    headers = {"Authorization": f"Bearer {key_of(hub, role)}"}
    schema = schemathesis.openapi.from_asgi("/openapi.json", create_app(hub))
    # What an identifier, a right or an instant may be is more than a JSON schema can say: that is a 400.
    # How large a file may be is a setting of the operator's and in no schema either: that is a 413.
    schema.config.checks.positive_data_acceptance.expected_statuses += ["400", "413"]
    if patience is not None:
        schema.config.request_timeout = patience
    for found in schema.get_all_operations():
        operation = found.ok()
        faults: list[str] = []
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            faults += _faults(operation, mode, headers, examples, fixed)
        yield operation.label, faults


def _faults(
    operation: schemathesis.schemas.APIOperation,
    mode: GenerationMode,
    headers: dict[str, str],
    examples: int,
    fixed: bool,
) -> list[str]:
    everything = CHECKS.get_all()
    numbers = itertools.count(1)
    failing: list[str] = []

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=fixed,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode, headers=headers))
    def conforms(case: schemathesis.Case) -> None:
        # The key that calls must outlive the run: ending it would make every later answer a 401.
        if case.method.upper() == "DELETE" and "hub_" in str(case.path_parameters):
            return
        fresh = dict(headers)
        if mode is GenerationMode.POSITIVE and "Idempotency-Key" in case.headers:
            # The same key with other content is refused on purpose.
            fresh["Idempotency-Key"] = f"{operation.label} {next(numbers)}"
        # An object in a query is sent as its keys: of {"5": ...} for a number, a number arrives.
        keys_only = any(isinstance(value, dict) for value in (case.query or {}).values())
        left_out = [
            check for check in everything if keys_only and check.__name__ == "negative_data_rejection"
        ]
        try:
            case.call_and_validate(checks=everything, excluded_checks=left_out, headers=fresh)
        except BaseException:
            failing.append(case.as_curl_command())
            raise

    try:
        conforms()
    except Unsatisfiable:
        return []  # nothing to get wrong: the operation takes no parameters
    except BaseExceptionGroup as group:
        return [*map(str, group.exceptions), *failing[-1:]]
    except Exception as fault:
        return [f"{mode.value}: {type(fault).__name__}: {fault}", *failing[-1:]]
    return []


def odd_methods(hub: Hub, role: str) -> list[str]:
    """Every address with every method, also ones that there are not: faults of the answers."""
    app = create_app(hub)
    headers = {"Authorization": f"Bearer {key_of(hub, role)}"}
    faults = []
    with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as client:
        known: dict[str, set[str]] = {}
        for fence in fences(app):
            known.setdefault(fence.path, set()).add(fence.method)
        for path, methods in known.items():
            address = path.replace("{", "").replace("}", "")
            for method in ODD_METHODS:
                if method in methods:
                    continue
                answer = client.request(method, address, headers=headers)
                kind = answer.headers.get("content-type", "")
                if method == "HEAD" and "GET" in methods:
                    if answer.status_code >= 500 or answer.content:
                        faults.append(
                            f"{method} {path}: {answer.status_code} with {len(answer.content)} bytes"
                        )
                elif answer.status_code in (403, 422) and any(
                    method in others and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", other), address)
                    for other, others in known.items()
                ):
                    continue  # an address of another route's shape, which refuses the caller or its part
                elif answer.status_code != 405 or "Allow" not in answer.headers:
                    faults.append(f"{method} {path}: {answer.status_code} {dict(answer.headers)}")
                elif method != "HEAD" and kind != "application/problem+json":
                    faults.append(f"{method} {path}: {kind}")
    return faults
