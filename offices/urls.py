"""The offices' own pages."""

from django.urls import path

from offices.views import reports

app_name = "offices"
urlpatterns = [
    path("", reports.new, name="report"),
    path("status/", reports.follow, name="report-follow"),
]
