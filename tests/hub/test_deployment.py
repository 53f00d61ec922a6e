"""What operators copy: unit files, the compose file and the guide name commands and settings that exist."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
from pathlib import Path

import pytest
import yaml
from hubs import MANDATES, WORKS, answer, fresh_hub, send
from typer.main import get_command

from hub.cli.app import app
from hub.context import open_hub
from hub.db import schema
from hub.db.engine import connect
from hub.settings import VARIABLES, Settings, described, load

TOP = Path(__file__).resolve().parents[2]
DEPLOY = TOP / "deploy"
GUIDE = (TOP / "docs" / "operate.md").read_text(encoding="utf-8")
OTHERS = {"HUB_DB_PASSWORD", "HUB_BACKUP_DAYS", "HUB_LANGUAGE"}


def test_the_guide_has_every_setting() -> None:
    missing = [name for name in VARIABLES.values() if f"`{name}`" not in GUIDE]
    assert not missing


def test_the_example_has_every_setting_with_its_default() -> None:
    text = (DEPLOY / "hub.env.example").read_text(encoding="utf-8")
    named = dict(re.findall(r"^#?([A-Z_]+)=(.*)$", text, re.MULTILINE))
    assert set(VARIABLES.values()) - set(named) == set()
    shown = re.findall(r"^#(HUB_[A-Z_]+)=(.*)$", text, re.MULTILINE)
    for name, value, _ in described(load({}), {}):
        assert dict(shown).get(name, value) == value, name
    # Every line taken as it stands is a setting that the hub takes.
    assert load({**named, "HUB_DATA_DIR": "data"}).jobs_in_server is False


def test_secrets_are_masked_where_settings_are_shown() -> None:
    values = {
        "HUB_OIDC_ISSUER": "https://id.example", "HUB_OIDC_CLIENT_ID": "hub",
        "HUB_OIDC_CLIENT_SECRET": "s3cret",
        "HUB_DATABASE_URL": "postgresql://hub:s3cret@127.0.0.1/hub",
    }  # fmt: skip
    shown = described(load(values), values)
    assert "s3cret" not in str(shown)
    assert ("HUB_OIDC_CLIENT_SECRET", "***", "environment") in shown


def test_only_settings_that_exist_are_named() -> None:
    files = [path for path in DEPLOY.rglob("*") if path.is_file()]
    assert len(files) >= 7
    for path in files:
        named = set(re.findall(r"HUB_[A-Z_]+", path.read_text(encoding="utf-8")))
        assert named <= {*VARIABLES.values(), *OTHERS}, path


def test_only_commands_that_exist_are_named() -> None:
    known = get_command(app).commands  # type: ignore[attr-defined]
    said = re.findall(r"^(?:.*\| )?(?:run|hub) ([a-z][a-z-]+)", GUIDE, re.MULTILINE)
    units = "".join(path.read_text() for path in DEPLOY.rglob("*.service"))
    said += re.findall(r"bin/hub ([a-z-]+)", units)
    assert len(said) >= 8
    assert set(said) <= set(known)


def test_the_services_of_the_compose_file_start_the_hub_in_order() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert set(services) == {"database", "upgrade", "web", "worker"}
    known = get_command(app).commands  # type: ignore[attr-defined]
    for name in ("upgrade", "web", "worker"):
        assert services[name]["command"][0] in known
        assert services[name]["build"]["dockerfile"] == "deploy/Dockerfile"
    for name in ("web", "worker"):
        assert services[name]["depends_on"]["upgrade"]["condition"] == "service_completed_successfully"


def test_the_image_is_built_from_all_that_the_package_is_made_of() -> None:
    built = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    wheel = built["targets"]["wheel"]
    copied = re.findall(r"^COPY (.*) \S+$", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    there = {name for line in copied for name in line.split()}
    assert {*wheel["packages"], *wheel["force-include"]} <= there


def test_the_image_can_copy_the_database_of_the_compose_file() -> None:
    # Each release of Debian has one version of PostgreSQL; an older pg_dump refuses a newer server.
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    version, _, server = services["database"]["image"].partition(":")[2].partition("-")
    image = re.findall(r"^FROM \S+-(\w+)$", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert image == [server]
    assert {"bookworm": "15", "trixie": "17"}[server] == version


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not on this machine")
def test_unit_files_are_sound() -> None:
    units = [str(path) for path in (DEPLOY / "systemd").iterdir()]
    told = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    # The programs are not installed here; nothing else may be wrong.
    wrong = [line for line in told.stderr.splitlines() if "is not executable" not in line and line.strip()]
    assert not [line for line in wrong if "repertoire-hub" in line]


SLOW_START = """import sys, time
if "spawn_main" in " ".join(sys.orig_argv):
    time.sleep(6)
"""


def test_web_processes_may_take_long_to_start(tmp_path: Path) -> None:
    # By default a process that says nothing for 5 seconds is replaced: on a busy machine none ever started.
    (tmp_path / "sitecustomize.py").write_text(SLOW_START)
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    environment = {
        **os.environ, "PYTHONPATH": str(tmp_path), "HUB_DATA_DIR": str(tmp_path),
        "HUB_DATABASE_URL": f"sqlite:///{tmp_path / 'hub.db'}",
    }  # fmt: skip
    log = tmp_path / "log"
    program = [sys.executable, "-c", "from hub.cli.app import main; main()"]
    with log.open("wb") as kept:
        server = subprocess.Popen(
            [*program, "serve", "--workers", "2", "--port", str(port)],
            env=environment,
            stderr=kept,
            stdout=kept,
        )
    try:
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz") as answered:
                    assert answered.status == 200
                break
            except OSError:
                assert server.poll() is None
                assert "died" not in log.read_text()
                time.sleep(0.2)
    finally:
        server.terminate()
        server.wait()


def test_the_script_copies_what_a_restore_needs(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'hub.db'}"
    with fresh_hub(url, tmp_path) as hub:
        send(hub, WORKS)
        send(hub, MANDATES)
        expected = answer(hub)
    copies = tmp_path / "copies"
    hub_program = Path(sys.executable).parent / "hub"
    environment = {
        **os.environ,
        "HUB": str(hub_program),
        "HUB_DATABASE_URL": url,
        "HUB_DATA_DIR": str(tmp_path / "data"),
    }
    for _ in range(2):
        told = subprocess.run(
            [str(DEPLOY / "backup.sh"), str(copies)],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
    made = Path(told.stdout.splitlines()[-1])
    assert sorted(path.suffix for path in copies.iterdir() if path.is_file())[-1] == ".backup"
    kept = [path.name for path in (copies / "submissions").rglob("*") if path.is_file()]
    assert len(kept) == 2
    other = connect(f"sqlite:///{tmp_path / 'other.db'}")
    assert schema.restore(other, made) == schema.head()
    other.dispose()
    restored = open_hub(Settings(f"sqlite:///{tmp_path / 'other.db'}", copies))
    assert answer(restored) == expected
    restored.engine.dispose()
