"""Mounted under /demo/ by `make run` only."""

from django.urls import path

from accounts.views import demo

app_name = "demo"
urlpatterns = [
    path("mailbox/", demo.mailbox, name="mailbox"),
    path("mailbox/<str:code>/", demo.letter, name="letter"),
    path("teks/", demo.texts, name="texts"),
    path("dukcapil/", demo.registry, name="registry"),
]
