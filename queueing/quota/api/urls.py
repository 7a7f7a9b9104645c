"""/api/v1/: what is free."""

from django.urls import path

from queueing.quota.api import views

urlpatterns = [
    path(
        "offices/<str:code>/availability",
        views.OfficeAvailability.as_view(),
        name="api-office-availability",
    ),
    path(
        "availability/nearest", views.NearestAvailability.as_view(), name="api-availability-nearest"
    ),
]
