"""/api/v1/: what is free."""

from django.urls import path

from queueing.quota.api import views

urlpatterns = [
    path(
        "offices/<str:code>/availability",
        views.OfficeAvailabilityView.as_view(),
        name="api-office-availability",
    ),
    path(
        "availability/nearest",
        views.NearestAvailabilityView.as_view(),
        name="api-availability-nearest",
    ),
]
