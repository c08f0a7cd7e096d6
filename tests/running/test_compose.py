from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from handoff.draining import FINISH_SECONDS
from handoff.settings import BOT_VARIABLES, Settings, variable

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
DOCKERFILE = (ROOT / "Dockerfile").read_text()
CLIENT_OF = {"bookworm": 15, "trixie": 17}
"""The PostgreSQL that each suite of Debian has (packages.debian.org/postgresql-client)."""
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
READ_BY_SERVICE = {variable(name) for name in Settings.model_fields}
REQUIRED = {variable(name) for name, field in Settings.model_fields.items() if field.is_required()}


def _read_by_bot() -> set[str]:
    pattern = re.compile(r"""(?:environ(?:\.get\(|\[)["']|\$\{)([A-Z][A-Z_]+)""")
    files = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "bot").glob("*.yml")]
    return {name for file in files for name in pattern.findall(file.read_text())}


def test_its_parts_are_those_of_make_run_and_watching_is_asked_for() -> None:
    watching = {part for part in SERVICES if SERVICES[part].get("profiles") == ["watch"]}
    assert set(SERVICES) - watching == {"redis", "postgres", "rasa", "actions", "service"}
    assert watching == {"prometheus", "grafana"}


def test_a_process_has_longer_to_end_than_its_drain_takes() -> None:
    assert SERVICES["service"]["stop_grace_period"] == "60s"
    assert FINISH_SECONDS + 5 < 60


@pytest.mark.parametrize("part", ["prometheus", "grafana"])
def test_what_watches_is_told_files_of_ours_that_are_there(part: str) -> None:
    ours = [volume.split(":")[0] for volume in SERVICES[part]["volumes"] if volume.startswith("./")]
    assert ours
    assert all((ROOT / file).is_file() for file in ours)
    assert set(SERVICES[part]["secrets"]) <= set(COMPOSE["secrets"])


def test_the_service_is_passed_only_what_its_settings_read() -> None:
    assert set(SERVICES["service"]["environment"]) <= READ_BY_SERVICE


def test_the_service_is_passed_everything_it_requires() -> None:
    assert set(SERVICES["service"]["environment"]) >= REQUIRED | {"REDIS_URL", "DATABASE_URL"}


@pytest.mark.parametrize("part", ["rasa", "actions"])
def test_the_bot_is_passed_only_what_its_code_reads(part: str) -> None:
    assert set(SERVICES[part]["environment"]) <= _read_by_bot()


def test_what_only_the_bot_reads_is_what_the_settings_say() -> None:
    own = {name for name in _read_by_bot() if name.startswith("WARMLINE_")} - READ_BY_SERVICE
    assert own == set(BOT_VARIABLES)


def test_values_that_the_settings_check_are_accepted(make_settings: Callable[..., Settings]) -> None:
    given = SERVICES["service"]["environment"]
    literal = {name: value for name, value in given.items() if "${" not in value}
    fields = {variable(name): name for name in Settings.model_fields}
    settings = make_settings(**{fields[name]: value for name, value in literal.items()})
    assert (settings.host, settings.port, settings.log_json) == ("0.0.0.0", 8080, True)


def test_bot_and_service_share_token_keys_and_line() -> None:
    service, actions = SERVICES["service"]["environment"], SERVICES["actions"]["environment"]
    shared = set(service) & set(actions)
    assert shared >= {"REDIS_URL", "WARMLINE_KEYS", "WARMLINE_BOT_TOKEN", "WARMLINE_LINE"}
    assert {name: service[name] for name in shared} == {name: actions[name] for name in shared}


def test_no_secret_has_a_default() -> None:
    used = re.findall(r"(?<!\$)\$\{([A-Z_]+)([^}]*)\}", TEXT)
    open_ones = {name for name, rest in used if not rest.startswith((":?", "?"))}
    assert open_ones <= {"WARMLINE_LINE", "WARMLINE_TRACKER_SECONDS", "SERVICE_PORTS"}
    assert not re.search(r"(?i)(password|secret|token|keys):\s*[\"']?[a-z0-9]", TEXT)


def test_redis_writes_every_change_to_disk_and_throws_nothing_away() -> None:
    command = " ".join(SERVICES["redis"]["command"])
    for option in ("--appendonly yes", "--appendfsync always", "--maxmemory-policy noeviction"):
        assert option in command


@pytest.mark.parametrize("part", SERVICES)
def test_every_part_is_confined_and_watched(part: str) -> None:
    settings = SERVICES[part]
    assert settings["read_only"] is True
    assert settings["cap_drop"] == ["ALL"]
    assert settings["security_opt"] == ["no-new-privileges:true"]
    assert settings["healthcheck"]["test"]
    assert settings["restart"] == "unless-stopped"
    assert "container_name" not in settings


@pytest.mark.parametrize("part", ["redis", "postgres", "prometheus", "grafana"])
def test_a_stock_image_is_pinned_and_runs_without_root(part: str) -> None:
    assert SERVICES[part]["user"] not in {"root", "0"}
    assert re.search(r":v?\d", SERVICES[part]["image"])
    assert SERVICES[part]["volumes"]


@pytest.mark.parametrize("file", ["Dockerfile", "bot/Dockerfile"])
def test_our_own_images_run_without_root(file: str) -> None:
    account = re.findall(r"^USER (\S+)", (ROOT / file).read_text(), re.MULTILINE)
    assert account
    assert account[-1] not in {"root", "0"}


def test_only_pages_for_people_are_reachable_and_only_from_this_host() -> None:
    assert [part for part in SERVICES if "ports" in SERVICES[part]] == ["service", "grafana"]
    assert all(SERVICES[part]["ports"][0].startswith("127.0.0.1:") for part in ("service", "grafana"))
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert [part for part in SERVICES if "outside" in SERVICES[part]["networks"]] == ["service", "grafana"]


def test_who_was_erased_and_backups_outlive_the_container() -> None:
    kept = dict(volume.split(":") for volume in SERVICES["service"]["volumes"])
    assert kept == {"var": SERVICES["service"]["environment"]["WARMLINE_VAR"], "backups": "/backups"}
    fleeting = {place.split(":")[0] for place in SERVICES["service"]["tmpfs"]}
    assert fleeting == {"/tmp", f"{kept['var']}/log"}


def test_the_image_can_write_where_its_volumes_lie() -> None:
    """A new volume takes over owner and rights of the folder that the image has there."""
    made = re.findall(r"^RUN install -d -o (\S+) -g \S+ -m 700 (.+)$", DOCKERFILE, re.MULTILINE)
    (owner, folders), *_ = made
    assert owner == re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE)[-1]
    assert {volume.split(":")[1] for volume in SERVICES["service"]["volumes"]} <= set(folders.split())


def test_the_image_has_a_client_that_is_no_older_than_the_database() -> None:
    suites = re.findall(r"^FROM python:3\.11-slim-(\w+)", DOCKERFILE, re.MULTILINE)
    assert len(suites) == len(re.findall("^FROM", DOCKERFILE, re.MULTILINE))
    server = re.fullmatch(r"postgres:(\d+)\S*", SERVICES["postgres"]["image"])
    assert server is not None
    assert all(CLIENT_OF[suite] >= int(server[1]) for suite in suites)
    assert "apt-get install -y --no-install-recommends postgresql-client " in DOCKERFILE.split("\nFROM ")[-1]


def test_backups_are_told_to_lie_where_a_volume_is() -> None:
    told = (ROOT / "docs" / "operations.md").read_text()
    commands = re.findall(r"^ +(docker compose .*warmline (?:backup|restore).*)$", told, re.MULTILINE)
    assert len(commands) == 2
    kept = [volume.split(":")[1] for volume in SERVICES["service"]["volumes"]]
    for command in commands:
        found = re.search(r"(?:exec|run --rm) service warmline \w+ (/\w+)/\d", command)
        assert found is not None
        assert found[1] in kept


def test_every_volume_is_declared() -> None:
    every = [volume for part in SERVICES.values() for volume in part.get("volumes", [])]
    used = {volume.split(":")[0] for volume in every if not volume.startswith("./")}
    assert used == set(COMPOSE["volumes"])
