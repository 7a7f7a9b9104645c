"""Every address of the portal."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

handler400 = "paspor.kernel.refusals.bad_request"
handler403 = "paspor.kernel.refusals.permission_denied"
handler404 = "paspor.kernel.refusals.page_not_found"
handler429 = "paspor.kernel.refusals.too_many"
handler500 = "paspor.kernel.refusals.server_error"


def room(prefix: str, module: str) -> list[URLPattern | URLResolver]:
    """A room's addresses, once the room can be loaded."""
    try:
        return [path(prefix, include(module))]
    except ImportError:
        return []


urlpatterns = [
    *room("akun/", "accounts.urls"),
    path("akun/", include("allauth.urls")),
    path("_allauth/", include("allauth.headless.urls")),
    path("admin/", admin.site.urls),
    *room("api/v1/", "accounts.api.urls"),
    *room("api/v1/", "offices.api.urls"),
    *room("api/v1/", "queueing.quota.api.urls"),
    *room("api/v1/", "queueing.booking.api.urls"),
    path("i18n/", include("django.conf.urls.i18n")),
    *room("", "queueing.urls"),
]

if settings.DEMO:
    urlpatterns += room("demo/", "accounts.demo_urls")
