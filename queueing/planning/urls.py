"""The planner's addresses. That without an office leads to the officer's own, or asks which."""

from django.urls import path

from queueing.planning.pages import month

app_name = "planning"
urlpatterns = [
    path("", month.start, name="start"),
    path("<slug:office>/", month.month, name="month"),
    path("<slug:office>/<slug:day>/", month.day, name="day"),
]
