"""docker-compose.yml agrees with the code: services, both database roles, settings that exist, and no secret in it."""

import re
from typing import Any

import pytest
import yaml

from ops.places import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = ("web", "worker", "beat", "migrate")


def read_by_settings() -> set[str]:
    """The variables the settings read."""
    return set(re.findall(r"env(?:\.\w+)?\(\s*\"([A-Z_]+)\"", (ROOT / "config" / "settings.py").read_text("utf-8")))


def test_the_services_are_all_there() -> None:
    assert set(SERVICES) >= {"proxy", "postgres", "valkey", *OURS}


@pytest.mark.parametrize("service", OURS)
def test_every_variable_is_one_the_settings_read(service: str) -> None:
    assert set(SERVICES[service]["environment"]) <= read_by_settings()


@pytest.mark.parametrize("service", ["web", "worker", "beat"])
def test_what_serves_holds_the_apps_role_and_never_the_owners(service: str) -> None:
    environment = SERVICES[service]["environment"]
    assert "//dispatch_app:" in environment["DATABASE_URL"]
    assert not any("owner" in str(value) for value in environment.values())


def test_the_owner_migrates_before_anything_serves() -> None:
    migrate = SERVICES["migrate"]
    assert "//dispatch_owner:" in migrate["environment"]["DATABASE_OWNER_URL"]
    assert {"migrate", "load_reference"} <= set(re.findall(r"manage\.py (\w+)", " ".join(migrate["command"])))
    for service in ("web", "worker", "beat"):
        assert SERVICES[service]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_worker_and_beat_run_the_celery_app_of_the_code() -> None:
    for service in ("worker", "beat"):
        command = SERVICES[service]["command"]
        assert command[:4] == ["celery", "-A", "config", service]


@pytest.mark.parametrize("service", ["web", "worker", "beat", "postgres", "valkey"])
def test_everything_that_stays_up_says_how_it_is(service: str) -> None:
    assert SERVICES[service]["healthcheck"]["test"]


def test_the_health_check_asks_an_address_of_the_site() -> None:
    from django.urls import resolve

    asked = " ".join(SERVICES["web"]["healthcheck"]["test"])
    path = re.search(r"localhost:8000(/\w+)", asked)
    assert path is not None
    assert resolve(path[1]).url_name == "healthz"


def test_photos_are_on_a_volume_of_their_own() -> None:
    assert "media" in COMPOSE["volumes"]
    mounted = [volume.split(":")[1] for volume in SERVICES["web"]["volumes"] if volume.startswith("media:")]
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    assert mounted
    assert f"MEDIA_ROOT={mounted[0]}" in dockerfile.replace(" ", "")


def test_no_secret_is_written_down() -> None:
    for service in SERVICES.values():
        for name, value in (service.get("environment") or {}).items():
            if re.search("PASSWORD|SECRET|TOKEN", name):
                assert str(value).startswith("${"), name
            if "://" in str(value) and "@" in str(value):
                assert re.search(r":\$\{\w+", str(value)), name


def test_both_roles_are_made_as_the_code_expects() -> None:
    roles = (ROOT / "ops" / "container" / "roles.sh").read_text("utf-8")
    assert "CREATE ROLE dispatch_owner" in roles
    assert re.search(r"CREATE ROLE dispatch_app[^;]*NOSUPERUSER", roles)
    assert "CREATE DATABASE dispatch OWNER dispatch_owner" in roles
