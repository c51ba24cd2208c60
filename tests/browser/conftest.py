"""A real Chromium against a live server, with committed rows."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings

from core import clock
from ops import browser
from units.models import User

# Playwright's own loop runs in this thread; the tests themselves are plain and wait for every answer.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

PASSWORD = "a password for tests"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The system's Chromium; nothing is downloaded."""
    return {"executable_path": browser.chromium(), "args": FLAGS}


@pytest.fixture(scope="session", autouse=True)
def _static_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Static files come from where they lie; the middleware that serves collected ones wants a folder all the same."""
    settings.STATIC_ROOT = tmp_path_factory.mktemp("static")


@pytest.fixture
def now() -> datetime:
    """When the test began."""
    return clock.now()


@pytest.fixture
def complaints(page: Any) -> Iterator[list[str]]:
    """What the browser complains of: errors of scripts and of the content security policy. None may be left."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    yield found
    assert found == []


@pytest.fixture
def sign_in(page: Any, live_server: Any, committed: None) -> Callable[..., None]:
    """Sign in through the form, as people do."""

    def signed_in(role: str, unit: str) -> None:
        username = f"{role}-{unit}"
        User.objects.create_user(username, PASSWORD, name="张强", role=role, unit_id=unit)
        page.goto(f"{live_server.url}/sign-in/")
        page.get_by_label("用户名").fill(username)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(lambda url: "sign-in" not in url)

    return signed_in


def width_to_spare(page: Any) -> bool:
    """Whether nothing is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
