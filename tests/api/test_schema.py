"""What the API says of itself."""

from __future__ import annotations

import pytest
import yaml
from django.urls import reverse
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from tests.api.conftest import code_of
from tests.api.contract import published


def test_the_schema_is_made_without_a_warning_and_is_valid():
    GENERATOR_STATS.reset()
    schema = SchemaGenerator().get_schema(request=None, public=True)
    assert not GENERATOR_STATS
    validate_schema(schema)


def test_every_operation_names_its_problems():
    for path, operations in published()["paths"].items():
        for method, operation in operations.items():
            answers = operation["responses"]
            wanted = {"401", "500", "503"}
            wanted |= {"400", "403", "409", "413", "415", "422"} if method == "post" else set()
            wanted |= {"404"} if "{number}" in path else set()
            assert wanted <= set(answers), (path, method)
            for status in answers:
                if int(status) >= 400:
                    assert list(answers[status]["content"]) == ["application/problem+json"]


def test_every_write_asks_for_its_key():
    for operations in published()["paths"].values():
        if "post" in operations:
            names = {parameter["name"] for parameter in operations["post"]["parameters"] if parameter["required"]}
            assert "Idempotency-Key" in names


@pytest.mark.django_db
def test_the_schema_is_read_without_signing_in(client):
    answer = client.get(reverse("api-schema"))
    assert answer.status_code == 200
    assert "/api/v1/tickets/" in yaml.safe_load(answer.content)["paths"]


@pytest.mark.django_db
def test_the_page_holds_nothing_inline(client):
    page = client.get(reverse("api-docs"))
    assert page.status_code == 200
    assert b"<style" not in page.content
    assert page.content.count(b"<script ") == page.content.count(b"<script")
    script = client.get(f"{reverse('api-docs')}?script=")
    assert script.headers["Content-Type"].startswith("application/javascript")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["nowhere/", "tickets/a/b/c/", "", "schema/x"])
def test_any_other_address_is_a_problem_too(client, path):
    for call in (client.get, client.post):
        answer = call(f"/api/v1/{path}")
        assert (answer.status_code, code_of(answer)) == (404, "unknown_ref")


@pytest.mark.django_db
def test_another_method_is_a_problem_that_names_the_right_ones(hotline):
    answer = hotline.browser.put("/api/v1/tickets/", headers=hotline.headers())
    assert (answer.status_code, code_of(answer)) == (405, "method_not_allowed")
    assert "POST" in answer.headers["Allow"]
    answer = hotline.browser.post("/api/v1/schema/", headers=hotline.headers())
    assert (answer.status_code, code_of(answer)) == (405, "method_not_allowed")


@pytest.mark.django_db
def test_a_representation_nobody_makes_is_a_problem(hotline):
    answer = hotline.browser.get("/api/v1/tickets/", headers=hotline.headers(Accept="text/csv"))
    assert (answer.status_code, code_of(answer)) == (406, "not_acceptable")
