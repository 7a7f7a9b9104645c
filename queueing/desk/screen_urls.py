"""The waiting room's screen: no sign-in, but it was paired, or a link was made for it."""

from django.urls import path

from queueing.desk.pages import unpaired, waiting_room

app_name = "screen"
urlpatterns = [
    path("", unpaired.start, name="start"),
    path("kode.json", unpaired.state, name="state"),
    path("<slug:office>/", waiting_room.page, name="page"),
    path("<slug:office>/panggilan.json", waiting_room.calls, name="calls"),
    path("<slug:office>/buka/<str:token>/", waiting_room.enter, name="enter"),
]
