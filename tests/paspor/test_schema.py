"""The API's description: complete, without a warning, and the committed one is current."""

import json
import re
from contextlib import nullcontext as does_not_raise

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from drf_spectacular.validation import validate_schema

from paspor.kernel.problems import CONTENT_TYPE


@pytest.fixture(scope="module")
def described(tmp_path_factory, django_db_setup, django_db_blocker):
    path = tmp_path_factory.mktemp("schema") / "openapi.yaml"
    with django_db_blocker.unblock():
        call_command("spectacular", file=str(path), validate=True, fail_on_warn=True)
    return path


@pytest.fixture(scope="module")
def schema(described):
    return yaml.load(described.read_text(), yaml.CSafeLoader)


def operations(schema):
    for path, item in schema["paths"].items():
        for method, operation in item.items():
            yield f"{method.upper()} {path}", operation


def test_it_is_valid_openapi(schema):
    with does_not_raise():
        validate_schema(schema)


def test_every_operation_of_ours_tells_how_it_refuses(schema):
    for name, operation in operations(schema):
        if "/api/v1/" in name:
            refusal = operation["responses"]["429"]["content"]
            assert refusal[CONTENT_TYPE]["schema"] == {"$ref": "#/components/schemas/Problem"}, name


def test_operation_ids_are_unique(schema):
    ids = [operation["operationId"] for _, operation in operations(schema)]
    assert len(ids) == len(set(ids))


def test_signing_in_is_described_for_the_app_only(schema):
    paths = [path for path in schema["paths"] if path.startswith("/_allauth/")]
    assert "/_allauth/app/v1/auth/login" in paths
    assert not [path for path in paths if "{client}" in path or "/browser/" in path]


def test_every_reference_leads_somewhere(schema):
    for reference in set(re.findall(r'"\$ref": "([^"]+)"', json.dumps(schema))):
        place = schema
        for part in reference.removeprefix("#/").split("/"):
            assert part in place, reference
            place = place[part]


def test_the_committed_description_is_current(described):
    committed = settings.BASE_DIR / "docs" / "openapi.yaml"
    assert committed.read_text() == described.read_text(), "run make openapi"


@pytest.mark.django_db
def test_the_portal_serves_it(client):
    response = client.get("/api/schema/?format=json")
    assert response.status_code == 200
    assert "/api/v1/bookings" in response.json()["paths"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "accept", "status"), [("post", "*/*", 405), ("get", "a/b", 406)]
)
def test_its_refusals_are_problems_as_they_say(client, method, accept, status):
    response = getattr(client, method)("/api/schema/", headers={"Accept": accept})
    assert (response.status_code, response.json()["status"]) == (status, status)
    assert response["Content-Type"] == "application/problem+json"
