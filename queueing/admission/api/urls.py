"""/api/v1/: one's turn."""

from django.urls import path

from queueing.admission.api import views

urlpatterns = [path("turn", views.TurnView.as_view(), name="api-turn")]
