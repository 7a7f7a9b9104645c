"""One line a request, with a request id and nothing about a person."""

import ast
import json
import logging
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import IntegrityError

from paspor.kernel.request_log import EXTRA, OURS, JsonFormatter
from tests.factories import UserFactory


@pytest.fixture
def lines():
    """What the portal would print, parsed."""
    printed = []

    class Keep(logging.Handler):
        def emit(self, record):
            printed.append(json.loads(self.format(record)))

    handler = Keep(logging.DEBUG)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    yield printed
    root.removeHandler(handler)


def record(name="accounts.tasks", level=logging.INFO, message="x", args=(), **extra):
    made = logging.getLogger(name).makeRecord(name, level, "f", 1, message, args, None, extra=extra)
    return json.loads(JsonFormatter().format(made))


def requests_in(lines):
    return [line for line in lines if line["message"] == "request"]


@pytest.mark.django_db
def test_a_request_is_one_line_that_names_its_route(client, lines):
    response = client.get("/api/v1/nothing/3171991708450001?email=siti@contoh.test")

    (line,) = requests_in(lines)
    assert (line["method"], line["status"]) == ("GET", 404)
    assert line["request_id"] == response.headers["X-Request-ID"]
    assert isinstance(line["ms"], int)
    text = json.dumps(line)
    assert not any(word in text for word in ("3171991708450001", "siti", "127.0.0.1"))


@pytest.mark.django_db
def test_the_line_knows_the_account_only_by_its_code(client, lines, settings):
    user = UserFactory(email="siti@contoh.test")
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])

    client.get("/admin/")

    line = requests_in(lines)[-1]
    assert line["user"] == user.code
    assert line["route"] == "admin/"
    assert "siti" not in json.dumps(line)


@pytest.mark.parametrize("good", ["0" * 31 + "a", "3f2504e0-4f89-41d3-9a0c-0305e82c3301"])
def test_a_well_formed_id_is_taken_over(client, good):
    response = client.get("/healthz", headers={"X-Request-ID": good})
    assert response.headers["X-Request-ID"] == good


@pytest.mark.parametrize("bad", ["", "3171991708450001", "siti aminah", "a" * 33, "x\r\ny"])
def test_any_other_id_is_replaced(client, bad):
    response = client.get("/healthz", headers={"X-Request-ID": bad})
    assert len(response.headers["X-Request-ID"]) == 32
    assert response.headers["X-Request-ID"] != bad


def test_only_listed_extras_are_written():
    line = record(booking="K7QX4M2P", name_on_ktp="Siti Aminah", email="siti@contoh.test")
    assert line["booking"] == "K7QX4M2P"
    assert "Siti" not in json.dumps(line)
    assert "siti" not in json.dumps(line)


def test_an_error_keeps_its_type_and_place_but_not_its_text():
    try:
        raise IntegrityError("Key (email)=(siti@contoh.test) already exists.")
    except IntegrityError:
        made = logging.getLogger("x").makeRecord(
            "x", logging.ERROR, "f", 1, "failed", (), sys.exc_info()
        )
    line = json.loads(JsonFormatter().format(made))

    assert line["error"] == "IntegrityError"
    assert "test_request_log.py" in line["trace"][0]
    assert "siti" not in json.dumps(line)


def test_what_others_write_is_covered():
    line = record("django.request", logging.WARNING, "Not Found: %s", ("/janji/K7QX4M2P",))
    assert line["message"] == "request refused"
    line = record("x", logging.WARNING, "Not Found: %s", ("/x/3171991708450001",))
    assert line["message"] == "Not Found: /x/•••"
    line = record("kombu", message="mail to siti@contoh.test from 203.0.113.5")
    assert line["message"] == "mail to ••• from •••"
    line = record("celery.app.trace", logging.ERROR, "raised: %s", ("Siti Aminah",))
    assert line["message"] == "raised: %s"


def test_nothing_is_left_out_for_being_zero():
    assert record(ms=0, count=0, booking="")["ms"] == 0
    assert "booking" not in record(booking="")


def test_health_checks_do_not_fill_the_log(client, lines):
    logging.getLogger("paspor").setLevel(logging.INFO)
    client.get("/healthz")
    assert requests_in(lines) == []


ROOT = Path(__file__).resolve().parents[2]
LOG_CALL = re.compile(r"(log|logger)\.(debug|info|warning|error|exception|critical)")


def log_calls() -> Iterator[tuple[str, ast.Call]]:
    for path in sorted(path for app in OURS for path in (ROOT / app).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and LOG_CALL.fullmatch(ast.unparse(node.func)):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def names_of_extra(call: ast.Call) -> set[str]:
    given = [word.value for word in call.keywords if word.arg == "extra"]
    return {key.value for value in given for key in getattr(value, "keys", [])}


def test_every_line_of_ours_is_a_constant_text_with_known_extras():
    calls = list(log_calls())
    assert calls
    wrong = [
        where
        for where, call in calls
        if len(call.args) != 1
        or not isinstance(call.args[0], ast.Constant)
        or names_of_extra(call) - EXTRA
    ]
    assert wrong == []
