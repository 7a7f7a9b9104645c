"""A row of every model that the admin shows, for its form."""

from django.contrib import admin
from django.db.models import Model

from tests import factories
from tests.screens.stage import Stage

# Shown by their code.
BY_CODE = {"cluster"}


def fill(stage: Stage) -> None:
    for model in admin.site._registry:
        stage.names[f"first_{model._meta.model_name}"] = _key(_first(model))


def _first(model: type[Model]) -> Model:
    found = model._default_manager.order_by("pk").first()
    return found or getattr(factories, f"{model.__name__}Factory")()


def _key(row: Model) -> str:
    return row.code if row._meta.model_name in BY_CODE else str(row.pk)
