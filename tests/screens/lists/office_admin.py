"""The admin: its first page, and the list and form of every model that is registered there."""

from collections.abc import Iterator

from django.contrib import admin
from django.db.models import Model

from tests.screens.acts import saved
from tests.screens.page import Group, Page

# Made at the counter's own pages, to which the admin leads or which alone may.
ELSEWHERE = {"booking", "report"}


def _key(model: type[Model]) -> str:
    return f"{model._meta.app_label}/{model._meta.model_name}"


def _of(model: type[Model]) -> Iterator[Page]:
    meta = model._meta
    name, at = f"admin-{meta.model_name}", f"/admin/{_key(model)}/"
    title = str(meta.verbose_name_plural).capitalize()
    yield Page(name, at, title, "The list, as SISTIK sees it.", who="sistik")
    one = at + "{first_" + meta.model_name + "}/change/"
    yield Page(f"{name}-satu", one, f"{title}: satu", "One of them.", who="sistik")
    behind = getattr(admin.site.get_model_admin(model), "act_behind", None)
    if meta.model_name not in ELSEWHERE and behind is not None and behind("add"):
        yield Page(f"{name}-tambah", f"{at}add/", f"{title}: tambah", "A new one.", who="sistik")


REGISTERED = sorted(admin.site._registry, key=_key)
GROUP = Group(
    "The admin",
    "rows behind the screens, scoped to the officer's office",
    1280,
    [
        Page(
            "admin",
            "/admin/",
            "Pekerjaan hari ini",
            "The first page leads to the screens.",
            who="kepala",
        ),
        Page(
            "admin-sistik",
            "/admin/",
            "Pekerjaan hari ini: SISTIK",
            "The same for headquarters.",
            who="sistik",
        ),
        Page(
            "admin-aplikasi",
            "/admin/offices/",
            "Satu aplikasi",
            "The models of one app.",
            who="sistik",
        ),
        *(page for model in REGISTERED for page in _of(model)),
        Page(
            "admin-kosong",
            "/admin/offices/office/?q=tidak-ada",
            "Daftar kosong",
            "A search that finds nothing.",
            who="sistik",
        ),
        Page(
            "admin-salah",
            "/admin/offices/holiday/add/",
            "Formulir: ada yang salah",
            "What is missing, at its field.",
            who="sistik",
            act=saved,
        ),
        Page(
            "admin-riwayat",
            "/admin/offices/office/{first_office}/history/",
            "Riwayat",
            "Who changed a row.",
            who="sistik",
        ),
        Page(
            "admin-bukan-kantor-saya",
            "/admin/offices/office/{first_office}/change/",
            "Bukan kantor saya",
            "A row of another office is not there.",
            who="loket",
            ends="/admin/",
        ),
    ],
)
