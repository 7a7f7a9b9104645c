"""The offices' part of /api/v1/."""

from django.urls import path

from offices.api import reports, views

urlpatterns = [
    path("incidents", views.Incidents.as_view(), name="api-incidents"),
    path("reports", reports.Reports.as_view(), name="api-reports"),
    path("reports/follow", reports.ReportState.as_view(), name="api-report-follow"),
    path("reports/reply", reports.ReportReply.as_view(), name="api-report-reply"),
    path("offices", views.Offices.as_view(), name="api-offices"),
    path("offices/<str:code>", views.OneOffice.as_view(), name="api-office"),
]
