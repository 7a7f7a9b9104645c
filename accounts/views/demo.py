"""The demo's mailbox, which is the outbox, and the tempers of its simulators. `make run` only."""

import re

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts import mail_states, selectors
from accounts.models import Message
from accounts.registry import simulator
from accounts.registry.simulator import Temper
from accounts.services import messages
from accounts.tempers import Switch
from accounts.texting import simulator as texting

MESSAGES_A_PAGE = 20
TEMPERS = {
    Temper.NORMAL: _("Biasa: menjawab dengan benar"),
    Temper.SLOW: _("Lambat: menjawab setelah beberapa detik"),
    Temper.DOWN: _("Mati: tidak menjawab"),
    Temper.WRONG: _("Ngawur: menjawab asal-asalan"),
    Temper.LIMITING: _("Membatasi: minta ditanya lagi nanti"),
}
TEXT_TEMPERS = {
    texting.Temper.NORMAL: _("Biasa: menerima setiap pesan"),
    texting.Temper.SLOW: _("Lambat: menjawab setelah beberapa detik"),
    texting.Temper.DOWN: _("Mati: tidak menjawab"),
    texting.Temper.BUSY: _("Sibuk: minta dikirim lagi nanti"),
    texting.Temper.REFUSING: _("Menolak setiap nomor"),
}
# On a line of its own in a letter; six digits in a text.
CODES = {
    Message.Channel.EMAIL: re.compile(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", re.MULTILINE),
    Message.Channel.TEXT: re.compile(r"\b[0-9]{6}\b"),
}


def _only_in_the_demo() -> None:
    """Anyone may read anyone's mail here, so nothing but the demo may have it."""
    if not settings.DEMO:
        raise Http404


def _code_in(message: Message) -> str:
    found = CODES[Message.Channel(message.channel)].search(message.text)
    return found.group() if found else ""


def mailbox(request: HttpRequest) -> HttpResponse:
    _only_in_the_demo()
    rows = Message.objects.order_by("-created_at", "-pk")
    address = request.GET.get("to", "").strip().lower()
    if address:
        rows = rows.filter(to=address)
    page = Paginator(rows, MESSAGES_A_PAGE).get_page(request.GET.get("page"))
    letters = [messages.laid_out(row) for row in page]
    entries = [(row, mail_states.state_of(row), _code_in(row)) for row in letters]
    return render(
        request,
        "accounts/demo_mailbox.html",
        {"page": page, "entries": entries, "address": address},
    )


def letter(request: HttpRequest, code: str) -> HttpResponse:
    _only_in_the_demo()
    message = selectors.message_with_code(code)
    if message is None:
        raise Http404
    return render(
        request,
        "accounts/demo_letter.html",
        {
            "message": messages.laid_out(message),
            "state": mail_states.state_of(message),
        },
    )


def _set_temper(switch: Switch, request: HttpRequest) -> None:
    wanted = request.POST.get("temper")
    if wanted in switch.tempers:
        switch.set(switch.tempers(wanted))


@require_http_methods(["GET", "HEAD", "POST"])
def registry(request: HttpRequest) -> HttpResponse:
    """Switch how the simulated civil registry answers, in every process at once."""
    _only_in_the_demo()
    if request.method == "POST":
        _set_temper(simulator.switch, request)
        return redirect("demo:registry")
    shown = {
        "now": simulator.temper(),
        "tempers": TEMPERS.items(),
        "mother": simulator.MOTHER,
        "birth_place": simulator.BIRTH_PLACE,
    }
    return render(request, "accounts/demo_registry.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def texts(request: HttpRequest) -> HttpResponse:
    """Switch how the simulated gateway of texts answers, in every process at once."""
    _only_in_the_demo()
    if request.method == "POST":
        _set_temper(texting.switch, request)
        return redirect("demo:texts")
    shown = {"now": texting.temper(), "tempers": TEXT_TEMPERS.items()}
    return render(request, "accounts/demo_texts.html", shown)
