"""The account's part of /api/v1/."""

from django.urls import path

from accounts.api import views

urlpatterns = [
    path("me", views.Me.as_view(), name="api-me"),
    path("me/consent", views.Consents.as_view(), name="api-me-consent"),
    path("me/address/code", views.AddressCode.as_view(), name="api-me-address-code"),
    path("me/address/confirm", views.AddressProof.as_view(), name="api-me-address-confirm"),
    path("me/second-step/keep", views.SecondStepKeep.as_view(), name="api-me-second-step-keep"),
    path("me/export", views.Export.as_view(), name="api-me-export"),
    path("applicants", views.Applicants.as_view(), name="api-applicants"),
    path("applicants/<str:code>", views.OneApplicant.as_view(), name="api-applicant"),
    path("messages", views.Messages.as_view(), name="api-messages"),
]
