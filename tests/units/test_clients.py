"""Admitting platforms."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from core.refusals import Refused
from units.actions import clients
from units.actors import SYSTEM, Actor, Role
from units.models import IntegrationClient

pytestmark = pytest.mark.django_db


def test_a_token_is_drawn_and_only_its_digest_kept():
    token = clients.add(code="hotline", name="市长热线", by=SYSTEM)
    client = IntegrationClient.objects.get(code="hotline")
    assert len(token) >= 40
    assert client.token_hash == IntegrationClient.hash_token(token)
    assert token not in str(vars(client))


def test_a_code_is_given_once():
    clients.add(code="hotline", name="市长热线", by=SYSTEM)
    with pytest.raises(Refused, match="invalid"):
        clients.add(code="hotline", name="另一个", by=SYSTEM)


def test_a_renewed_token_voids_the_old_one():
    old = clients.add(code="hotline", name="市长热线", by=SYSTEM)
    new = clients.renew(code="hotline", by=SYSTEM)
    assert new != old
    assert IntegrationClient.objects.get().token_hash == IntegrationClient.hash_token(new)


def test_an_unknown_platform_is_not_renewed():
    with pytest.raises(Refused, match="unknown_ref"):
        clients.renew(code="hotline", by=SYSTEM)


def test_only_administrators_admit():
    with pytest.raises(Refused, match="wrong_role"):
        clients.add(code="hotline", name="市长热线", by=Actor(role=Role.DISPATCHER))


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "with space"},
        {"code": "x" * 41},
        {"name": " "},
        {"name": "x" * 61},
        {"token": "short"},
        {"token": "a b" * 9},
    ],
)
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(Refused, match="invalid"):
        clients.add(**({"code": "hotline", "name": "市长热线", "by": SYSTEM} | wrong))


def test_two_platforms_never_share_a_token():
    clients.add(code="hotline", name="市长热线", token="one-and-the-same", by=SYSTEM)
    with pytest.raises(Refused, match="invalid"):
        clients.add(code="bureau", name="公用局", token="one-and-the-same", by=SYSTEM)


def test_the_command_prints_the_token_this_once(capsys):
    call_command("add_client", "hotline", "市长热线")
    token = capsys.readouterr().out.strip()
    assert IntegrationClient.objects.get().token_hash == IntegrationClient.hash_token(token)
    with pytest.raises(CommandError, match="--renew"):
        call_command("add_client", "hotline", "市长热线")
    call_command("add_client", "hotline", "市长热线", "--renew")
    assert capsys.readouterr().out.strip() != token


def test_a_token_from_the_environment_is_not_printed_and_may_be_set_again(capsys, monkeypatch):
    monkeypatch.setenv("DEMO_TOKEN", "a-token-from-outside")
    for _time in range(2):
        call_command("add_client", "hotline", "市长热线", "--token-env", "DEMO_TOKEN")
    assert "a-token-from-outside" not in capsys.readouterr().out
    assert IntegrationClient.objects.get().token_hash == IntegrationClient.hash_token("a-token-from-outside")


def test_an_absent_variable_is_told(monkeypatch):
    monkeypatch.delenv("DEMO_TOKEN", raising=False)
    with pytest.raises(CommandError, match="DEMO_TOKEN"):
        call_command("add_client", "hotline", "市长热线", "--token-env", "DEMO_TOKEN")
