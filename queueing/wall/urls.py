from django.urls import path

from queueing.wall import page

urlpatterns = [
    path("", page.page, name="wall"),
    path("bagian/", page.part, name="wall-part"),
]
