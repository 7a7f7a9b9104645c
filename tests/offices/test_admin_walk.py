"""Every registered admin, walked by officers of another office: they find nothing there.

A model that is registered later is walked too; without a factory the walk fails.
"""

import re
from collections.abc import Iterator
from functools import partial

import pytest
from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from offices.models import Office
from offices.scoped_admin import OfficeScopedAdmin
from tests import factories
from tests.factories import OfficeFactory
from tests.offices.admin_pages import FACTORIES, REGISTERED, address, make

pytestmark = pytest.mark.django_db

OFFICE_ROLES = ("COUNTER", "PLANNER", "HEAD")
SCOPED = [
    model for model in REGISTERED if isinstance(admin.site._registry[model], OfficeScopedAdmin)
]


def listed(response: HttpResponse) -> set[object]:
    return {row.pk for row in response.context["cl"].result_list}


def names(page: str, row: Model) -> bool:
    """As a word of its own: "#15" is also how a colour begins, and how an apostrophe may."""
    return bool(re.search(rf"(?<![\w&]){re.escape(str(row))}(?!\w)", page))


def fields_leading_to(model: type[Model]) -> Iterator[tuple[str, str, str]]:
    for source in apps.get_models():
        for field in source._meta.get_fields():
            if field.is_relation and not field.auto_created and field.related_model is model:
                yield source._meta.app_label, source._meta.model_name, field.name


@pytest.fixture(params=OFFICE_ROLES)
def stranger(request, officer) -> User:
    """An officer of an office that has nothing to do with the row."""
    return officer(request.param, OfficeFactory(code="KANIM-ASING"))


@pytest.fixture
def client(stranger, sign_in) -> Client:
    return sign_in(stranger)


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_stranger_finds_and_opens_nothing(client: Client, model: type[Model]):
    """In one test: making an officer, a row and a session costs more than a page."""
    row = make(model)

    response = client.get(address(model, "changelist"))
    assert response.status_code == 403 or row.pk not in listed(response)

    searches_in_vain(client, row)
    opens_no_row(client, row)


def searches_in_vain(client: Client, row: Model) -> None:
    for field in admin.site._registry[type(row)].search_fields:
        value = row
        for step in field.lstrip("=^@").split("__"):
            value = getattr(value, step, None)
        response = client.get(address(type(row), "changelist"), {"q": str(value)})
        assert response.status_code == 403 or row.pk not in listed(response)


def opens_no_row(client: Client, row: Model) -> None:
    for response in (
        ask(address(type(row), page, row.pk))
        for page in ("change", "history", "delete")
        for ask in (client.get, partial(client.post, data={"post": "yes"}))
    ):
        # Django answers a row out of sight with a redirect to the first page.
        assert response.status_code in {302, 403, 404, 405}
        assert not names(response.text, row)
    row.refresh_from_db()


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_stranger_completes_exports_and_acts_on_nothing(client: Client, model: type[Model]):
    row = make(model)
    before = model._default_manager.filter(pk=row.pk).values().get()

    completes_nothing(client, row)
    for action in admin.site._registry[model]._get_base_actions():
        response = client.post(
            address(model, "changelist"),
            {"action": action.name, "_selected_action": [row.pk], "why": "uji"},
        )
        assert response.status_code in {200, 302, 403}
        if response.get("Content-Type", "").startswith("text/csv"):
            assert len(response.content.decode().splitlines()) == 1

    assert model._default_manager.filter(pk=row.pk).values().get() == before


def completes_nothing(client: Client, row: Model) -> None:
    for app_label, model_name, field_name in fields_leading_to(type(row)):
        response = client.get(
            reverse("admin:autocomplete"),
            {"app_label": app_label, "model_name": model_name, "field_name": field_name},
        )
        if response.status_code == 200:
            found = {result["id"] for result in response.json()["results"]}
            assert str(row.pk) not in found
        else:
            assert response.status_code in {403, 404}


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_stranger_is_offered_no_row_in_forms_and_filters(
    rf, stranger: User, client: Client, model: type[Model]
):
    related = [
        field
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model in FACTORIES
    ]
    others = {field: make(field.related_model) for field in related}
    request = rf.get("/")
    request.user = stranger
    model_admin = admin.site._registry[model]
    if not model_admin.has_view_permission(request):
        assert client.get(address(model, "add")).status_code == 403
        return

    for field, other in others.items():
        offered = model_admin.formfield_for_dbfield(field, request)
        assert offered is None or other not in offered.queryset
    response = client.get(address(model, "changelist"))
    if response.status_code == 200:
        names = {str(other) for other in others.values() if isinstance(other, Office)}
        for spec in response.context["cl"].filter_specs:
            shown = {str(choice["display"]) for choice in spec.choices(response.context["cl"])}
            assert not names & shown


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_sistik_sees_every_list_and_nobody_deletes(officer, sign_in, model: type[Model]):
    row = make(model)
    client = sign_in(officer("SISTIK"))

    response = client.get(address(model, "changelist"))
    page = client.get(address(model, "change", row.pk))
    deleting = client.post(address(model, "delete", row.pk), {"post": "yes"})

    assert response.status_code == 200
    assert row.pk in listed(response)
    assert page.status_code == 200
    assert deleting.status_code in {403, 404, 405}
    assert model._default_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize("role", OFFICE_ROLES)
@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model._meta.label)
def test_own_officer_opens_what_the_role_may_see(officer, sign_in, role: str, model: type[Model]):
    row = make(model)
    office = admin.site._registry[model].office_of(row)
    client = sign_in(officer(role, office or OfficeFactory()))

    response = client.get(address(model, "changelist"))

    is_theirs = office is not None
    assert response.status_code == 403 or (row.pk in listed(response)) is is_theirs
    if not is_theirs:
        return
    if response.status_code == 200:
        assert client.get(address(model, "change", row.pk)).status_code == 200
        adding = client.get(address(model, "add"), follow=True)
        assert adding.status_code in {200, 403}


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_admin_is_scoped_or_of_sistik_alone(model: type[Model]):
    model_admin = admin.site._registry[model]

    assert isinstance(model_admin, OfficeScopedAdmin) or model._meta.app_label == "accounts"
    assert model_admin.show_full_result_count is False
    if isinstance(model_admin, OfficeScopedAdmin):
        ours = [cls for cls in type(model_admin).__mro__ if issubclass(cls, OfficeScopedAdmin)]
        assert any("list_select_related" in vars(cls) for cls in ours)


def test_every_page_of_the_site_asks_for_a_post(sign_in):
    client = sign_in(factories.UserFactory())

    for pattern in admin.site.get_urls():
        try:
            path = reverse(f"admin:{pattern.name}") if getattr(pattern, "name", None) else None
        except NoReverseMatch:
            path = None
        if path and pattern.name not in {"login", "logout"}:
            response = client.get(path, follow=True)
            assert response.status_code in {403, 404}, path
