"""The offices' part of /api/v1/."""

from django.urls import path

from offices.api import views

urlpatterns = [
    path("incidents", views.Incidents.as_view(), name="api-incidents"),
    path("offices", views.Offices.as_view(), name="api-offices"),
    path("offices/<str:code>", views.OneOffice.as_view(), name="api-office"),
]
