"""Settings from ``HUB_*`` environment variables; the hub starts with none of them set."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from urllib.parse import urlsplit

from platformdirs import user_data_path
from sqlalchemy import make_url

from hub.answers.agreement import POLICY, policies

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the hub keeps things and how much it takes in.

    ``database_url`` is a SQLAlchemy URL (``sqlite:///FILE`` or ``postgresql+psycopg://...``);
    ``data_dir`` holds submissions byte for byte; ``max_upload`` is in bytes. Of each submission the first
    ``max_findings`` findings are kept, so that a small archive of nothing but faults cannot fill the disk;
    all are counted. Files of at least ``second_process`` bytes are read in a second process, none if it is 0.
    A server process keeps about ``kept_answers`` bytes of answers for questions that come again.
    ``society`` is the code of the society that the hub answers for: it signs
    acknowledgements and exports, and is empty for a hub of several societies. ``jobs_in_server`` is whether
    a server does jobs itself; without it ``hub worker`` processes do them. After
    ``job_lease`` seconds without a sign of life a worker's job is taken over. ``calls_per_minute`` limits
    each caller of a server process (0: no limit), ``cors_origins`` are the web origins whose scripts may
    call it, and ``log_format`` is ``text`` or ``json``. ``share_policy`` is what answers go by where a
    question names none. ``ddex_xsd`` is a folder with DDEX's official
    schemas, against which each message is validated as well; None where the operator has none.
    ``webhook_plain`` lets notices go over plain HTTP, ``webhook_private`` to addresses of the own network.
    ``oidc_issuer`` is an OpenID Connect provider at which people may sign in, empty for none, and
    ``oidc_client_id`` what it calls this hub; ``oidc_client_secret`` is empty for a public client.
    ``oidc_name_claim`` names the claim that holds a user's name here, ``oidc_new_users`` the society to which
    people without a user are added; without them only linked users get in.
    """

    database_url: str
    data_dir: Path
    max_upload: int = 4096 * MEBIBYTE
    batch_size: int = 2_000
    max_findings: int = 100_000
    second_process: int = 0
    kept_answers: int = 48 * MEBIBYTE
    log_level: str = "INFO"
    society: str = ""
    jobs_in_server: bool = True
    job_lease: int = 120
    calls_per_minute: int = 0
    cors_origins: tuple[str, ...] = ()
    ddex_xsd: Path | None = None
    log_format: str = "text"
    share_policy: str = POLICY
    webhook_plain: bool = False
    webhook_private: bool = False
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_name_claim: str = ""
    oidc_new_users: str = ""
    oidc_label: str = ""

    def with_database(self, url: str | None) -> Settings:
        """The same settings with another database, for ``--db URL``."""
        return replace(self, database_url=plain_url(url)) if url else self


VARIABLES = {
    "database_url": "HUB_DATABASE_URL",
    "data_dir": "HUB_DATA_DIR",
    "max_upload": "HUB_MAX_UPLOAD_MIB",
    "batch_size": "HUB_BATCH_SIZE",
    "max_findings": "HUB_MAX_FINDINGS",
    "second_process": "HUB_SECOND_PROCESS_MIB",
    "kept_answers": "HUB_KEPT_ANSWERS_MIB",
    "log_level": "HUB_LOG_LEVEL",
    "log_format": "HUB_LOG_FORMAT",
    "society": "HUB_SOCIETY",
    "share_policy": "HUB_SHARE_POLICY",
    "ddex_xsd": "HUB_DDEX_XSD",
    "jobs_in_server": "HUB_JOBS_IN_SERVER",
    "job_lease": "HUB_JOB_LEASE_SECONDS",
    "calls_per_minute": "HUB_CALLS_PER_MINUTE",
    "cors_origins": "HUB_CORS_ORIGINS",
    "webhook_plain": "HUB_WEBHOOK_PLAIN",
    "webhook_private": "HUB_WEBHOOK_PRIVATE",
    "oidc_issuer": "HUB_OIDC_ISSUER",
    "oidc_client_id": "HUB_OIDC_CLIENT_ID",
    "oidc_client_secret": "HUB_OIDC_CLIENT_SECRET",
    "oidc_name_claim": "HUB_OIDC_NAME_CLAIM",
    "oidc_new_users": "HUB_OIDC_NEW_USERS",
    "oidc_label": "HUB_OIDC_LABEL",
}
"""The environment variable of each setting."""


def described(
    settings: Settings, environment: Mapping[str, str] | None = None, overridden: Collection[str] = ()
) -> list[tuple[str, str, str]]:
    """(variable, value, origin) of every setting; passwords and secrets are masked.

    ``overridden`` are settings that an option of the command gave.
    """
    values = os.environ if environment is None else environment
    found = []
    for field in fields(settings):
        name = VARIABLES[field.name]
        value = getattr(settings, field.name)
        shown = _shown(value // MEBIBYTE if name.endswith("_MIB") else value)
        if name.endswith("_SECRET") and value:
            shown = "***"
        origin = "environment" if values.get(name) else "default"
        found.append((name, shown, "option" if field.name in overridden else origin))
    return found


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ",".join(value)
    text = str(value)
    return make_url(text).render_as_string(hide_password=True) if "://" in text else text


def plain_url(url: str) -> str:
    """A SQLAlchemy URL that names the driver we ship for PostgreSQL."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def load(environment: dict[str, str] | None = None) -> Settings:
    """Read the settings from the environment.

    Raises:
        ValueError: a value is not of its kind; the message names the variable.
    """
    values = dict(os.environ if environment is None else environment)
    data_dir = Path(values.get("HUB_DATA_DIR") or user_data_path("repertoire-hub"))
    url = values.get("HUB_DATABASE_URL") or f"sqlite:///{data_dir / 'hub.db'}"
    return Settings(
        database_url=plain_url(url),
        data_dir=data_dir,
        max_upload=_whole(values, "HUB_MAX_UPLOAD_MIB", 4096) * MEBIBYTE,
        batch_size=_whole(values, "HUB_BATCH_SIZE", 2_000),
        max_findings=_whole(values, "HUB_MAX_FINDINGS", 100_000),
        second_process=_whole(values, "HUB_SECOND_PROCESS_MIB", 0) * MEBIBYTE,
        kept_answers=_whole(values, "HUB_KEPT_ANSWERS_MIB", 48) * MEBIBYTE,
        log_level=values.get("HUB_LOG_LEVEL", "INFO"),
        society=values.get("HUB_SOCIETY", ""),
        jobs_in_server=_choice(values, "HUB_JOBS_IN_SERVER", ("yes", "no")) == "yes",
        job_lease=_whole(values, "HUB_JOB_LEASE_SECONDS", 120),
        calls_per_minute=_whole(values, "HUB_CALLS_PER_MINUTE", 0),
        cors_origins=tuple(filter(None, map(str.strip, values.get("HUB_CORS_ORIGINS", "").split(",")))),
        ddex_xsd=_folder(values, "HUB_DDEX_XSD"),
        log_format=_choice(values, "HUB_LOG_FORMAT", ("text", "json")),
        share_policy=_choice(values, "HUB_SHARE_POLICY", (POLICY, *policies())),
        webhook_plain=_choice(values, "HUB_WEBHOOK_PLAIN", ("no", "yes")) == "yes",
        webhook_private=_choice(values, "HUB_WEBHOOK_PRIVATE", ("no", "yes")) == "yes",
        **_provider(values),
    )


def _provider(values: dict[str, str]) -> dict[str, str]:
    """What is said of an OpenID Connect provider; its name and the hub's own there belong together."""
    found = {
        field: values.get(name, "").strip() for field, name in VARIABLES.items() if field.startswith("oidc_")
    }
    issuer = urlsplit(found["oidc_issuer"])
    near = issuer.scheme == "http" and issuer.hostname in ("127.0.0.1", "localhost", "::1")
    if found["oidc_issuer"] and not (issuer.hostname and (issuer.scheme == "https" or near)):
        raise ValueError(f"HUB_OIDC_ISSUER must be an HTTPS address, not {found['oidc_issuer']!r}")
    if bool(found["oidc_issuer"]) is not bool(found["oidc_client_id"]):
        raise ValueError("HUB_OIDC_ISSUER and HUB_OIDC_CLIENT_ID go together: set both or neither")
    if found["oidc_new_users"] and not found["oidc_name_claim"]:
        raise ValueError("HUB_OIDC_NEW_USERS needs HUB_OIDC_NAME_CLAIM: new users must have a name")
    return found


def _choice(values: dict[str, str], name: str, choices: tuple[str, ...]) -> str:
    """One of the words; the first is the default."""
    text = (values.get(name) or choices[0]).casefold()
    if text not in choices:
        raise ValueError(f"{name} must be {' or '.join(dict.fromkeys(choices))}, not {text!r}")
    return text


def _folder(values: dict[str, str], name: str) -> Path | None:
    text = values.get(name, "")
    if text and not Path(text).is_dir():
        raise ValueError(f"{name} must be a folder that exists, not {text!r}")
    return Path(text) if text else None


def _whole(values: dict[str, str], name: str, default: int) -> int:
    text = values.get(name) or str(default)
    least = 1 if default else 0
    if not (text.isascii() and text.isdigit() and int(text) >= least):
        raise ValueError(f"{name} must be a whole number of at least {least}, not {text!r}")
    return int(text)
