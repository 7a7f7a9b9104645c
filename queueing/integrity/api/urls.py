"""/api/v1/: what everybody may know, and claims on a NIK."""

from django.urls import path

from queueing.integrity.api import claims, views

urlpatterns = [
    path("offices/<str:code>/figures", views.OfficeFigures.as_view(), name="api-office-figures"),
    path("ledger/heads", views.LedgerHeads.as_view(), name="api-ledger-heads"),
    path("identity-claims", claims.Claims.as_view(), name="api-identity-claims"),
    path("identity-claims/<str:code>", claims.OneClaim.as_view(), name="api-identity-claim"),
]
