"""What would stop `make run` later is said at once, in a line."""

import socket

import pytest

from ops import checks


def test_a_taken_port_is_named_with_a_way_out(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        monkeypatch.delenv("HOST", raising=False)
        with pytest.raises(SystemExit, match=f"Port {port} on 127.0.0.1 is taken; .*PORT={port + 1}"):
            checks.check_port()


def test_a_port_that_is_none_is_refused(monkeypatch):
    monkeypatch.setenv("PORT", "http")
    with pytest.raises(SystemExit, match="PORT=http is not a port number"):
        checks.address()


def test_a_nearly_full_disk_is_refused(tmp_path):
    with pytest.raises(SystemExit, match="MB are free on the disk"):
        checks.check_disk(tmp_path, needed=10**18)


def test_a_second_run_in_the_same_checkout_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("APP_VAR", str(tmp_path))
    with checks.run_lock(), pytest.raises(SystemExit, match="already running in this checkout"):
        checks.check_not_running()
    checks.check_not_running()
