"""Wishes to be told when there is room."""

from django.urls import path

from queueing.watching.pages import watches

app_name = "watching"
urlpatterns = [
    path("", watches.overview, name="list"),
    path("baru/", watches.new, name="new"),
    # The letter's link: whoever has the letter, without signing in.
    path("berhenti/<str:token>/", watches.stop_all, name="stop-all"),
    path("<slug:code>/berhenti/", watches.stop, name="stop"),
]
