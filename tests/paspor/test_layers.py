"""Arrows go one way: between apps, between the rooms of queueing, and inside each."""

import ast
from collections.abc import Collection, Iterator
from functools import cache

import pytest

from tests.paspor.source_files import APPS, ROOT, dotted, sources

ROOMS = ("quota", "admission", "booking", "watching", "desk", "planning", "integrity", "wall")
# What others may import from an app or a room: by the word for what a module is ...
PUBLIC = {
    *("models", "reads", "selectors", "services", "rules", "errors", "policies"),
    *("notices", "words"),
    "ports",  # how a lower app asks upwards
}
# ... or a module by its name, as a subject that others read too.
PUBLIC_SUBJECTS = {
    "accounts.mail_states",
    "accounts.sending_domain",
    "offices.outline",
    "offices.reasons",
    "queueing.quota.nearest",
    "queueing.quota.openings",
    "queueing.quota.search",
    "queueing.booking.actors",
    "queueing.booking.alternatives",
    "queueing.booking.documents",
    "queueing.booking.errands",
    "queueing.booking.replacements",
    "queueing.booking.tickets",
    "queueing.booking.timeline",
}
# What only the doors of others may import besides: how a thing looks and its shape.
SHARED_BY_DOORS = {"decorators", "presentation", "forms", "serializers", "permissions", "schema"}
# ... unless they are of a page or of the admin itself.
UNSHARED = {"views", "pages", "page", "admin"}
# The doors: they show and take, and nobody below may know them.
DOORS = {
    *("decorators", "presentation"),
    *("views", "pages", "page", "admin", "api", "urls", "site", "serializers"),
    "permissions",
    *("forms", "templatetags", "adapters", "authentication", "app_urls", "demo_urls"),
    "officer_urls",
}
# A door that is a base or a tool for other doors, by its full name.
SHARED_DOORS = {
    "offices.scoped_admin",
    "offices.admin_forms",
    "offices.stream_admin",
    "offices.site",
    "offices.admin_site",
    "offices.officer_pages",
}
# Inside, a module may import its equals and those before it.
ORDER = (
    "errors rules policies models selectors presentation forms notices services tasks views urls"
)
LAYER = {name: number for number, name in enumerate(ORDER.split())}
LAYER |= dict.fromkeys(("serializers", "permissions"), LAYER["forms"])
LAYER["reasons"] = LAYER["rules"]
LAYER["reads"] = LAYER["models"]
LAYER |= dict.fromkeys(("words", "backends"), LAYER["selectors"])
LAYER |= dict.fromkeys(("admin", "pages", "page", "api", "templatetags"), LAYER["views"])
LAYER["decorators"] = LAYER["views"]
LAYER |= dict.fromkeys(("adapters", "webhook", "middleware", "apps"), LAYER["views"])
LAYER |= {"examples": LAYER["rules"], "personal_data": LAYER["services"]}
LAYER["commands"] = LAYER["urls"]
# Modules, or packages whole, that are called by their subject: the layer each is treated as.
SUBJECTS = {
    "rules": """
        accounts.bounces accounts.complaints accounts.devices accounts.mail_typos
        offices.data offices.known_holidays offices.outline offices.uptime
        queueing.booking.documents queueing.booking.errands queueing.booking.fees
        queueing.booking.guide queueing.desk.record_file queueing.integrity.drawing
    """,
    # They know the settings or the cache, and no row.
    "policies": """
        accounts.dkim_signing accounts.dns_records accounts.registry accounts.return_path
        accounts.sending_domain accounts.smtp accounts.tempers accounts.texting
        queueing.booking.prices queueing.booking.reminder_links queueing.desk.day_list_file
        queueing.desk.screen_tokens
    """,
    "models": "offices.ports queueing.booking.actors queueing.booking.facts queueing.booking.ports",
    "selectors": """
        accounts.mail_states offices.report_sums
        queueing.admission.room queueing.admission.telling queueing.admission.tokens
        queueing.booking.alternatives queueing.booking.beside queueing.booking.engaged
        queueing.booking.replacements queueing.booking.tickets queueing.booking.timeline
        queueing.booking.where queueing.booking.whole
        queueing.desk.screen_pictures queueing.desk.told_offline
        queueing.quota.nearest queueing.quota.openings queueing.quota.search
        queueing.quota.snapshots queueing.watching.links
        queueing.wall.counts queueing.wall.snapshot
    """,
    "forms": "accounts.lasting_mail accounts.mail_trouble",
    "notices": """
        accounts.ports accounts.readings accounts.step_letters
        queueing.booking.drafts queueing.booking.laying_out
    """,
    "services": """
        offices.status
        queueing.desk.drafts queueing.desk.queue_data queueing.integrity.case_data
        queueing.integrity.claim_data queueing.integrity.guard queueing.integrity.officer_data
        queueing.planning.effects
    """,
    "views": """
        accounts.app_ids accounts.app_lost_step accounts.app_tokens accounts.app_waiting
        accounts.entrance_limits accounts.entrance_proofs accounts.language_cookie
        accounts.second_step offices.approval_count offices.incident_banner
    """,
    "pages": "queueing.desk.person_view queueing.wall.tiles",
    "admin": "offices.admin_export offices.admin_site offices.sign_ins offices.site",
}
TREATED_AS = {name: layer for layer, names in SUBJECTS.items() for name in names.split()}
# Modules that the order cannot take, and why.
NO_LAYER = {
    "accounts.wiring": "registers with the ports what the app answers to them",
    "offices.wiring": "the same of offices",
    "queueing.wiring": "the same of all rooms of queueing",
    "accounts.proving": "forms ask it and it calls services: of the request and of its signing up",
}
# Pairs that the order alone would let through.
NEVER = {(low, door) for low in ("notices", "services", "tasks") for door in DOORS}
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


def imports(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@cache
def is_file(name: str) -> bool:
    return ROOT.joinpath(*name.split(".")).with_suffix(".py").is_file()


def is_module(name: str) -> bool:
    return is_file(name) or is_file(f"{name}.__init__")


def kind(name: str, known: Collection[str] = LAYER) -> str | None:
    """The layer of a module; the innermost part that tells one wins.

    A part tells it by its word, or by its last word: ``order_rules`` are rules.
    """
    parts = name.split(".")
    for end in range(len(parts), 1, -1):
        part, module = parts[end - 1], ".".join(parts[:end])
        if is_file(module.rpartition(".")[0]):
            continue  # a function or a class, whatever it is called
        words = (TREATED_AS.get(module), part, part.rpartition("_")[2])
        if found := next((word for word in words if word in known), None):
            return found
    return None


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
    parts = {word for part in target.split(".")[1:] for word in (part, part.rpartition("_")[2])}
    if not room_of(here)[1] and room_of(here)[0] == room_of(target)[0]:
        return True
    if reached(target) in PUBLIC_SUBJECTS:
        return True
    if kind(here, DOORS) and parts & SHARED_BY_DOORS and not parts & UNSHARED:
        return True
    return bool(parts & PUBLIC) and not kind(target, DOORS)


def reached(target: str) -> str:
    """The module that an import of a module, or of a name in it, reaches."""
    return target if is_module(target) else target.rpartition(".")[0]


def forbidden(texts: dict[str, str]) -> list[str]:
    return [
        f"{name} -> {target}"
        for name, text in texts.items()
        for target in imports(text)
        if not verdict(name, target)
    ]


def test_imports_go_one_way():
    assert forbidden({dotted(p): p.read_text() for app in APPS for p in sources(app)}) == []


def test_every_module_has_a_layer():
    """By its name, or by an entry of its own: without one it could import what it likes."""
    names = {dotted(path) for app in APPS for path in sources(app) if path.read_text().strip()}
    assert [name for name in sorted(names) if not kind(name) and name not in NO_LAYER] == []


def test_no_entry_outlives_its_module():
    entries = [*TREATED_AS, *NO_LAYER, *SHARED_DOORS, *PUBLIC_SUBJECTS]
    assert [name for name in entries if not is_module(name)] == []
    assert [name for name in NO_LAYER if kind(name)] == []


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
        if kind(dotted(path), {"views", "pages", "page", "api", "admin", "webhook"})
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
        # Doors, past the border of a room or an app.
        ("queueing.desk.pages.today", "from queueing.booking.pages import choose"),
        ("queueing.desk.pages.today", "from queueing.booking.pages.who import people"),
        ("queueing.planning.forms", "from queueing.integrity.pages.forms import AppealForm"),
        ("queueing.desk.admin.bookings", "from queueing.booking import where"),
        ("queueing.watching.api.views", "from queueing.booking.api.answers import answer"),
        ("queueing.booking.pages.who", "from accounts.views import applicants"),
        # What doors share is for doors.
        ("queueing.desk.services.calling", "from queueing.booking.presentation import ticket"),
        ("queueing.booking.notices", "from queueing.booking.presentation import ticket"),
        ("queueing.booking.services.holding", "from offices.decorators import at_office"),
        # Modules whose last word tells the layer, or whose entry does.
        ("queueing.planning.order_rules", "from django.utils import timezone"),
        ("queueing.desk.queue_selectors", "from queueing.desk import services"),
        ("queueing.desk.services.calling", "from offices.admin_forms import WhyForm"),
        ("offices.admin_forms", "from offices.services import figures"),
        ("queueing.planning.pages.order_forms", "from queueing.planning.services import orders"),
        ("queueing.booking.errands", "from django.conf import settings"),
        ("queueing.booking.where", "from queueing.booking.services import holding"),
        ("accounts.texting.interface", "from accounts.models import Message"),
        ("accounts.services.carrying", "from accounts.waiting_page import WAIT"),
        ("accounts.rules", "from paspor.settings import DEBUG"),
        ("accounts.models", "def f():\n    from accounts.services import applicants"),
    ],
)
def test_a_planted_violation_is_found(here, line):
    assert forbidden({here: line}) != []
