"""/api/v1/: wishes to be told when there is room."""

from django.urls import path

from queueing.watching.api import views

urlpatterns = [
    path("watches", views.WatchListView.as_view(), name="api-watches"),
    path("watches/<str:code>", views.WatchDetailView.as_view(), name="api-watch"),
]
