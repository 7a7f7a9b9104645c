"""/api/v1/: what everybody may know, claims on a NIK, and what was done to the caller."""

from django.urls import path

from queueing.integrity.api import appeals, claims, views

urlpatterns = [
    path("offices/<str:code>/figures", views.OfficeFigures.as_view(), name="api-office-figures"),
    path("appeals", appeals.Appeals.as_view(), name="api-appeals"),
    path("ledger/heads", views.LedgerHeads.as_view(), name="api-ledger-heads"),
    path("identity-claims", claims.Claims.as_view(), name="api-identity-claims"),
    path("identity-claims/<str:code>", claims.OneClaim.as_view(), name="api-identity-claim"),
]
