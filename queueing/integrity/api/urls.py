"""/api/v1/: what everybody may know, claims on a NIK, and what was done to the caller."""

from django.urls import path

from queueing.integrity.api import appeals, claims, views

urlpatterns = [
    path(
        "offices/<str:code>/figures", views.OfficeFiguresView.as_view(), name="api-office-figures"
    ),
    path("appeals", appeals.AppealListView.as_view(), name="api-appeals"),
    path("ledger/heads", views.LedgerHeadsView.as_view(), name="api-ledger-heads"),
    path("identity-claims", claims.IdentityClaimListView.as_view(), name="api-identity-claims"),
    path(
        "identity-claims/<str:code>",
        claims.IdentityClaimDetailView.as_view(),
        name="api-identity-claim",
    ),
]
