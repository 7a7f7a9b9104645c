"""Headquarters' addresses of national orders."""

from django.urls import path

from queueing.planning.pages import orders

app_name = "orders"
urlpatterns = [
    path("", orders.listing, name="list"),
    path("baru/", orders.new, name="new"),
    path("<slug:code>/", orders.order, name="order"),
    path("<slug:code>/jalankan/", orders.start, name="start"),
    path("<slug:code>/cabut/", orders.undo, name="undo"),
    path("<slug:code>/hentikan/", orders.stop, name="stop"),
    path("<slug:code>/ulang/<slug:office>/", orders.retry, name="retry"),
]
