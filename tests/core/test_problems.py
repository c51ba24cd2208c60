"""Everything that goes wrong at the API is one shape of document."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404
from rest_framework import exceptions

from core.problems import CONTENT_TYPE, TITLES, Problem, as_problem, flat, problem_response
from core.refusals import STATUS_BY_CODE, Refused


@pytest.mark.parametrize("code", STATUS_BY_CODE)
def test_every_refusal_of_the_contract_has_a_title_and_its_status(code):
    problem = as_problem(Refused(code, "because", fields={"unit": "unknown"}))
    assert (problem.status, problem.code, problem.detail) == (STATUS_BY_CODE[code], code, "because")
    assert problem.errors == [("unit", code, "unknown")]
    assert TITLES[code]


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Http404(), 404, "unknown_ref"),
        (exceptions.NotFound(), 404, "unknown_ref"),
        (exceptions.ParseError("no JSON"), 400, "parse_error"),
        (exceptions.NotAuthenticated(), 401, "not_authenticated"),
        (exceptions.AuthenticationFailed(), 401, "authentication_failed"),
        (exceptions.PermissionDenied(), 403, "permission_denied"),
        (PermissionDenied(), 403, "permission_denied"),
        (exceptions.MethodNotAllowed("PUT"), 405, "method_not_allowed"),
        (exceptions.NotAcceptable(), 406, "not_acceptable"),
        (exceptions.UnsupportedMediaType("text/plain"), 415, "unsupported_media_type"),
        (exceptions.Throttled(3), 429, "throttled"),
        (RequestDataTooBig(), 413, "too_large"),
        (SuspiciousOperation(), 400, "parse_error"),
        (OperationalError("gone"), 503, "unavailable"),
        (InterfaceError("gone"), 503, "unavailable"),
        (DataError("odd"), 500, "error"),
        (ZeroDivisionError(), 500, "error"),
    ],
)
def test_every_exception_has_its_status_and_code(error, status, code):
    problem = as_problem(error)
    assert (problem.status, problem.code) == (status, code)


def test_a_problem_is_a_document_of_its_own_media_type():
    response = Problem(
        409, "illegal_move", "不行", errors=[("unit", "x", "y")], headers={"Retry-After": "2"}
    ).response()
    assert (response.status_code, response.headers["Content-Type"]) == (409, CONTENT_TYPE)
    assert response.headers["Retry-After"] == "2"
    assert b'"status":409,"detail":"\xe4\xb8\x8d\xe8\xa1\x8c","code":"illegal_move"' in response.content
    assert b'"errors":[{"field":"unit","code":"x","detail":"y"}]' in response.content


def test_an_unexpected_error_is_logged_in_full_and_told_without_detail(caplog):
    response = problem_response(RuntimeError("password=1234"), {})
    assert response.status_code == 500
    assert b"1234" not in response.content
    assert "password=1234" in caplog.text


def test_an_absent_database_asks_to_come_again():
    assert problem_response(OperationalError("connection refused"), {}).headers["Retry-After"]


def test_nested_errors_name_their_fields_by_dots():
    detail = exceptions.ValidationError(
        {"reporter": {"phone": ["too long"]}, "attachments": {1: ["no link"]}, "non_field_errors": ["empty"]}
    ).detail
    assert [(field, str(text)) for field, _code, text in flat(detail)] == [
        ("reporter.phone", "too long"),
        ("attachments.1", "no link"),
        ("", "empty"),
    ]
