"""Arrows go one way: between apps, between the rooms of queueing, and inside each."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Each may import those before it, never those after it.
APPS = ("accounts", "offices", "queueing")
ROOMS = ("quota", "admission", "booking", "watching", "desk", "planning", "integrity")
# What others may import from an app or a room; `ports` is how a lower app asks upwards.
PUBLIC = {
    *("models", "selectors", "services", "rules", "errors", "policies", "ports"),
    *("notices", "actors", "words", "tickets", "reasons", "nearest", "search", "alternatives"),
}
# The doors: they show and take, and nobody below may know them.
DOORS = {
    *("views", "pages", "admin", "api", "urls", "site", "serializers", "permissions"),
    *("forms", "templatetags", "adapters", "authentication", "app_urls", "demo_urls"),
    "officer_urls",
}
# A door that is a base or a tool for other doors, by its full name.
SHARED_DOORS = {
    "offices.scoped_admin",
    "offices.stream_admin",
    "offices.site",
    "offices.admin_site",
}
# Inside, a module may import its equals and those before it.
ORDER = "errors rules policies models selectors forms notices services tasks views urls"
LAYER = {name: number for number, name in enumerate(ORDER.split())}
LAYER |= dict.fromkeys(("serializers", "permissions"), LAYER["forms"])
LAYER["reasons"] = LAYER["rules"]
LAYER |= dict.fromkeys(("admin", "pages"), LAYER["views"])
# Pairs that the order alone would let through.
NEVER = {(low, door) for low in ("services", "tasks") for door in DOORS}
NEVER |= {("views", "admin"), ("admin", "views"), ("pages", "admin"), ("admin", "pages")}
# Packages a module must not know.
OUTSIDE = {
    "errors": ("django", "rest_framework", "celery"),
    "rules": ("django", "rest_framework", "celery"),
    "reasons": ("django", "rest_framework", "celery"),
    "services": ("django.http", "django.shortcuts", "rest_framework"),
    "models": ("django.http", "rest_framework", "celery"),
}
CLOCKS = {"now", "today", "utcnow", "localdate", "localtime"}
MAX_LINES = 500


def sources(package: str) -> Iterator[Path]:
    for path in (ROOT / package).rglob("*.py"):
        if "migrations" not in path.parts:
            yield path


def dotted(path: Path) -> str:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


def imports(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def kind(name: str, known: object = LAYER) -> str | None:
    """The layer that a module's name tells; the innermost part wins."""
    return next((part for part in reversed(name.split(".")[1:]) if part in known), None)


def room_of(name: str) -> tuple[str, str]:
    """("queueing", "booking") of "queueing.booking.rules"; an app is its own only room."""
    app, _, rest = name.partition(".")
    room = rest.split(".")[0]
    return (app, room) if app == "queueing" and room in ROOMS else (app, "")


def verdict(here: str, target: str) -> bool:
    """Whether the module ``here`` may import ``target``."""
    top = target.partition(".")[0]
    if top == "paspor":
        return target.startswith("paspor.kernel.")
    if top not in APPS:
        banned = OUTSIDE.get(kind(here), ())
        return not f"{target}.".startswith(tuple(f"{package}." for package in banned))
    if room_of(here) == room_of(target):
        return inside(kind(here), kind(target))
    return downward(here, target) and is_public(here, target)


def inside(ours: str | None, theirs: str | None) -> bool:
    if ours is None or theirs is None:
        return True
    return LAYER[theirs] <= LAYER[ours] and (ours, theirs) not in NEVER


def downward(here: str, target: str) -> bool:
    (app, room), (their_app, their_room) = room_of(here), room_of(target)
    if app != their_app:
        return APPS.index(their_app) < APPS.index(app)
    if not room or not their_room:
        return True  # queueing's own modules join the rooms for Django
    return ROOMS.index(their_room) < ROOMS.index(room)


def is_public(here: str, target: str) -> bool:
    if target in SHARED_DOORS or target.rpartition(".")[0] in SHARED_DOORS:
        return bool(kind(here, DOORS))
    parts = set(target.split(".")[1:])
    if not room_of(here)[1] and room_of(here)[0] == room_of(target)[0]:
        return True
    if kind(here, DOORS):
        return True
    return bool(parts & PUBLIC) and not parts & DOORS


def forbidden(texts: dict[str, str]) -> list[str]:
    return [
        f"{name} -> {target}"
        for name, text in texts.items()
        for target in imports(text)
        if not verdict(name, target)
    ]


def test_imports_go_one_way():
    assert forbidden({dotted(p): p.read_text() for app in APPS for p in sources(app)}) == []


def test_the_kernel_knows_no_app():
    wrong = [
        f"{dotted(path)} -> {target}"
        for path in sources("paspor/kernel")
        for target in imports(path.read_text())
        if target.split(".")[0] in APPS
    ]
    assert wrong == []


def test_rules_do_not_look_at_the_clock():
    wrong = [
        f"{dotted(path)}:{node.lineno}"
        for app in APPS
        for path in sources(app)
        if kind(dotted(path)) == "rules"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS
    ]
    assert wrong == []


def test_doors_do_not_write_through_the_orm():
    """Writing is what services are for; a door calls one."""
    writing = {"save", "delete", "create", "bulk_create", "bulk_update", "get_or_create"}
    wrong = [
        f"{dotted(path)}:{node.lineno} {node.func.attr}"
        for app in APPS
        for path in sources(app)
        if set(dotted(path).split(".")) & {"views", "pages", "api", "admin"}
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (node.func.attr in writing or is_update_of_rows(node))
    ]
    assert wrong == []


def is_update_of_rows(node: ast.Call) -> bool:
    """``rows.update(state=...)`` and not a dictionary's ``update``."""
    return node.func.attr == "update" and bool(node.keywords) and "objects" in ast.dump(node)


def test_no_module_is_too_long():
    sizes = {
        dotted(path): len(path.read_text().splitlines())
        for package in (*APPS, "paspor")
        for path in sources(package)
    }
    assert {name: size for name, size in sizes.items() if size > MAX_LINES} == {}


@pytest.mark.parametrize(
    ("here", "line"),
    [
        ("accounts.services.messages", "from offices.models import Office"),
        ("offices.services.calendar", "from queueing.booking import selectors"),
        ("queueing.quota.services.releases", "from queueing.booking.models import Booking"),
        ("queueing.booking.selectors", "from queueing.desk import rules"),
        ("queueing.booking.rules", "from django.utils import timezone"),
        ("queueing.booking.rules", "from queueing.booking.models import Place"),
        ("queueing.booking.errors", "from rest_framework import status"),
        ("queueing.booking.services.holding", "from django.http import HttpRequest"),
        ("queueing.booking.services.holding", "from queueing.booking.forms import Wish"),
        ("queueing.booking.services.holding", "from queueing.booking.tasks import expire"),
        ("queueing.booking.selectors", "from queueing.booking import services"),
        ("queueing.booking.models", "from queueing.booking import selectors"),
        ("queueing.booking.tasks", "from queueing.booking.api import views"),
        ("queueing.booking.views", "from queueing.booking import admin"),
        ("queueing.booking.services.holding", "from accounts.forms import SignupForm"),
        ("queueing.desk.services.arrivals", "from offices.scoped_admin import OfficeScopedAdmin"),
        ("accounts.rules", "from paspor.settings import DEBUG"),
        ("accounts.models", "def f():\n    from accounts.services import applicants"),
    ],
)
def test_a_planted_violation_is_found(here, line):
    assert forbidden({here: line}) != []
