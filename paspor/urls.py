"""Every address of the portal."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from accounts import text_webhook, webhook
from accounts.views import language
from offices.views import counter_reports, mail, mail_domain, status
from paspor.api_docs import SchemaView, api_docs
from paspor.landing import landing
from paspor.styleguide import StyleGuide
from paspor.web_app import manifest, offline, worker
from queueing.booking.pages import start

handler400 = "paspor.kernel.refusals.bad_request"
handler403 = "paspor.kernel.refusals.permission_denied"
handler404 = "paspor.kernel.refusals.page_not_found"
handler429 = "paspor.kernel.refusals.too_many"
handler500 = "paspor.kernel.refusals.server_error"

# What is asked most often stands first: an address is looked for in order.
of_the_api = [
    path("", include("queueing.quota.api.urls")),
    path("", include("queueing.booking.api.urls")),
    path("", include("offices.api.urls")),
    path("", include("queueing.admission.api.urls")),
    path("", include("accounts.api.urls")),
    path("", include("queueing.watching.api.urls")),
    path("", include("queueing.integrity.api.urls")),
]
urlpatterns = [
    path("api/v1/", include(of_the_api)),
    path("", start.home, name="home"),
    path("masuk/", landing, name="landing"),
    path("manifest.webmanifest", manifest, name="manifest"),
    # At the root, so that it may answer for every page.
    path("sw.js", worker, name="worker"),
    path("luring/", offline, name="offline"),
    path("bantuan/", start.help_page, name="help"),
    path("laporan/", include("offices.urls")),
    path("surat/laporan/", webhook.report, name="mail-webhook"),
    path("teks/laporan/", text_webhook.report, name="text-webhook"),
    path("status/", status.page),
    path("status", status.page, name="status"),
    path("status.json", status.as_json, name="status-json"),
    path("privasi/", start.privacy, name="privacy"),
    # Before the citizen's pages: /kantor/CODE/angka/ would be taken for a day.
    path("", include("queueing.integrity.urls")),
    path("antrean/", include("queueing.admission.urls")),
    path("", include("queueing.urls")),
    path("kabar/", include("queueing.watching.urls")),
    path("layar/", include("queueing.desk.screen_urls")),
    path("loket/", include("queueing.desk.urls")),
    path("rencana/", include("queueing.planning.urls")),
    path("sistik/perintah/", include("queueing.planning.order_urls")),
    path("sistik/", include("queueing.wall.urls")),
    path("petugas/email/", mail.page, name="mail-watch"),
    path("petugas/email/domain/", mail_domain.page, name="mail-domain"),
    path("petugas/laporan/", counter_reports.page, name="counter-report"),
    path("petugas/", include("queueing.integrity.officer_urls")),
    path("petugas/", include("queueing.integrity.case_urls")),
    # Both of ours stand before allauth's: the sign-up they replace is also there.
    path("akun/", include("accounts.urls")),
    path("akun/", include("allauth.urls")),
    path("_allauth/", include("accounts.app_urls")),
    path("_allauth/", include("allauth.headless.urls")),
    path("api/schema/", SchemaView.as_view(), name="api-schema"),
    path("api/docs/", api_docs, name="api-docs"),
    path("admin/", admin.site.urls),
    path("i18n/setlang/", language.choose_language, name="set_language"),
]

if settings.DEMO:
    urlpatterns += [
        path("demo/", include("accounts.demo_urls")),
        path("demo/gaya/", StyleGuide.as_view(), name="styleguide"),
    ]
