"""The portal on a phone's home screen: its manifest, its worker, and the page without a line.

The worker keeps a person's own tickets and what those need to be shown, and nothing else
(static/js/worker.js). Its name for that store is made from the hashed names of the files, the
script and the page, so a deploy that changes any of them makes a new one.
"""

import hashlib
import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import condition, require_safe

MANIFEST_SECONDS = 3600
# As tokens.css has them; the page's own colour is told by components/head.html.
BACKGROUND, BRAND = "#ffffff", "#196bcd"
SCRIPT = settings.BASE_DIR / "static" / "js" / "worker.js"
# What a kept ticket and the page without a line need.
SHELL = (
    "css/tokens.css",
    "css/base.css",
    "css/components.css",
    "css/pages/full-ticket.css",
    "fonts/inter-latin.woff2",
    "img/icons.svg",
    "img/wordmark.svg",
    "img/favicon.svg",
    "js/full-ticket.js",
)
ICONS = (
    ("img/app-192.png", "192x192", "any"),
    ("img/app-512.png", "512x512", "any"),
    ("img/app-maskable-512.png", "512x512", "maskable"),
)
PAGE = "offline.html"


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """In Indonesian: an installed app keeps its name whatever language its pages are read in."""
    return JsonResponse(
        {
            "id": "/",
            "name": "Paspor: janji temu paspor",
            "short_name": "Paspor",
            "description": "Pesan janji temu paspor dan simpan tiketnya di ponsel.",
            "lang": "id",
            "dir": "ltr",
            "start_url": reverse("home"),
            "scope": "/",
            "display": "standalone",
            "background_color": BACKGROUND,
            "theme_color": BRAND,
            "icons": [
                {"src": static(name), "sizes": sizes, "type": "image/png", "purpose": purpose}
                for name, sizes, purpose in ICONS
            ],
            "shortcuts": [
                {"name": "Janji saya", "url": reverse("queueing:booking-list")},
                {"name": "Cek janji", "url": reverse("queueing:check")},
            ],
        },
        content_type="application/manifest+json",
        headers={"Cache-Control": f"public, max-age={MANIFEST_SECONDS}"},
    )


def _script() -> str:
    """The worker in the language of its reader, with what it keeps and under which name."""
    code = SCRIPT.read_text(encoding="utf-8")
    files = [static(name) for name in SHELL]
    made = hashlib.sha256("\n".join([*files, code, render_to_string(PAGE)]).encode())
    shell = {
        "cache": f"paspor-shell-{made.hexdigest()[:16]}",
        "files": files,
        "page": reverse("offline"),
        "signOut": reverse("account_logout"),
    }
    return f"const SHELL = {json.dumps(shell)};\n{code}"


def _etag(request: HttpRequest) -> str:
    return f'"{hashlib.sha256(_script().encode()).hexdigest()[:32]}"'


@require_safe
@condition(etag_func=_etag)
def worker(request: HttpRequest) -> HttpResponse:
    """Asked for again with every page of who keeps tickets: no session, no query."""
    response = HttpResponse(
        _script(),
        content_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": "private, no-cache", "Service-Worker-Allowed": "/"},
    )
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    return response


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """One page for everybody; the worker writes the names of the kept tickets into its copy."""
    response = render(request, PAGE)
    response.headers["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    return response
