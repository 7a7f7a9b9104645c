"""The admin site as an officer's browser reads it, and what it has registered."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests import factories

REGISTERED = sorted(admin.site._registry, key=lambda model: model._meta.label)
FACTORIES = {
    found._meta.model: found
    for found in vars(factories).values()
    if hasattr(found, "_meta") and hasattr(found._meta, "model") and found._meta.model
}
INDEX = "/admin/"


def act(client: Client, model: str, action: str, *rows: object, **typed: str) -> HttpResponse:
    selected = [row.pk for row in rows]
    return client.post(
        reverse(f"admin:{model}_changelist"),
        {"action": action, "_selected_action": selected, "why": ""} | typed,
        follow=True,
    )


def address(model: type[Model], page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def make(model: type[Model]) -> Model:
    assert model in FACTORIES, f"{model._meta.label} is registered but has no factory: add one."
    return FACTORIES[model]()


def landing(client: Client, path: str = INDEX) -> tuple[int, str]:
    """The status at the end of all redirects, and the path there."""
    response = client.get(path, follow=True)
    return response.status_code, response.request["PATH_INFO"]
