"""The waiting room's screen: no sign-in, but a link that was made for it."""

from django.urls import path

from queueing.desk.pages import waiting_room

app_name = "screen"
urlpatterns = [
    path("<slug:office>/", waiting_room.page, name="page"),
    path("<slug:office>/panggilan.json", waiting_room.calls, name="calls"),
    path("<slug:office>/buka/<str:token>/", waiting_room.enter, name="enter"),
]
