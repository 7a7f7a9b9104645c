"""Every address of the portal."""

from importlib import import_module

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import TemplateView

from paspor.api_docs import Schema, api_docs
from paspor.styleguide import StyleGuide

handler400 = "paspor.kernel.refusals.bad_request"
handler403 = "paspor.kernel.refusals.permission_denied"
handler404 = "paspor.kernel.refusals.page_not_found"
handler429 = "paspor.kernel.refusals.too_many"
handler500 = "paspor.kernel.refusals.server_error"


def room(prefix: str, module: str) -> list[URLPattern | URLResolver]:
    """A room's addresses, once the room can be loaded."""
    try:
        return [path(prefix, include(module))]
    except Exception:
        return []


def front() -> list[URLPattern]:
    try:
        views = import_module("queueing.booking.pages.start")
        pages = [views.home, views.help_page, views.privacy]
    except (ImportError, AttributeError):
        pages = [TemplateView.as_view(template_name="base.html")] * 3
    return [
        path("", pages[0], name="home"),
        path("bantuan/", pages[1], name="help"),
        path("privasi/", pages[2], name="privacy"),
    ]


urlpatterns = [
    *front(),
    *room("akun/", "accounts.urls"),
    path("akun/", include("allauth.urls")),
    *room("_allauth/", "accounts.app_urls"),
    *room("_allauth/", "accounts.app_urls"),
    path("_allauth/", include("allauth.headless.urls")),
    path("admin/", admin.site.urls),
    *room("api/v1/", "accounts.api.urls"),
    *room("api/v1/", "offices.api.urls"),
    *room("api/v1/", "queueing.quota.api.urls"),
    *room("api/v1/", "queueing.booking.api.urls"),
    path("api/schema/", Schema.as_view(), name="api-schema"),
    path("api/docs/", api_docs, name="api-docs"),
    path("i18n/", include("django.conf.urls.i18n")),
    *room("", "queueing.urls"),
]

if settings.DEMO:
    urlpatterns += room("demo/", "accounts.demo_urls")
    urlpatterns += [path("demo/gaya/", StyleGuide.as_view(), name="styleguide")]
