"""The pages of the line."""

from django.urls import path

from queueing.admission.pages import place

app_name = "admission"
urlpatterns = [
    path("", place.place, name="place"),
    path("ambil/", place.take, name="take"),
    path("keluar/", place.leave, name="leave"),
]
