"""The offices' part of /api/v1/."""

from django.urls import path

from offices.api import reports, views

urlpatterns = [
    path("incidents", views.IncidentListView.as_view(), name="api-incidents"),
    path("reports", reports.ReportView.as_view(), name="api-reports"),
    path("reports/follow", reports.ReportFollowView.as_view(), name="api-report-follow"),
    path("reports/reply", reports.ReportReplyView.as_view(), name="api-report-reply"),
    path("offices", views.OfficeListView.as_view(), name="api-offices"),
    path("offices/<str:code>", views.OfficeDetailView.as_view(), name="api-office"),
]
