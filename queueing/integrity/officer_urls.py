"""Where officers agree to each other's acts. Each asks for a post, as the admin does."""

from django.urls import path

from queueing.integrity.pages import approvals

app_name = "insiders"
urlpatterns = [
    path("persetujuan/", approvals.queue, name="approvals"),
    path("persetujuan/angka/", approvals.statistics, name="approval-figures"),
    path("persetujuan/<slug:code>/setujui/", approvals.grant, name="approval-grant"),
    path("persetujuan/<slug:code>/tolak/", approvals.decline, name="approval-decline"),
]
