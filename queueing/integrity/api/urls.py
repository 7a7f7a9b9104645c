"""/api/v1/: what everybody may know."""

from django.urls import path

from queueing.integrity.api import views

urlpatterns = [
    path("offices/<str:code>/figures", views.OfficeFigures.as_view(), name="api-office-figures"),
    path("ledger/heads", views.LedgerHeads.as_view(), name="api-ledger-heads"),
]
