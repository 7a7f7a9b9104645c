"""What everybody may know of every office, and the log's heads to keep."""

from django.urls import path

from queueing.integrity.pages import figures

app_name = "integrity"
urlpatterns = [
    path("angka/", figures.nation, name="figures"),
    path("kantor/<slug:code>/angka/", figures.office, name="office-figures"),
]
