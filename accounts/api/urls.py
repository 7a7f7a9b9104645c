"""The account's part of /api/v1/."""

from django.urls import path

from accounts.api import views

urlpatterns = [
    path("me", views.MeView.as_view(), name="api-me"),
    path("me/consent", views.ConsentView.as_view(), name="api-me-consent"),
    path("me/address/code", views.AddressCodeView.as_view(), name="api-me-address-code"),
    path("me/address/confirm", views.AddressConfirmView.as_view(), name="api-me-address-confirm"),
    path("me/second-step/keep", views.SecondStepKeepView.as_view(), name="api-me-second-step-keep"),
    path("me/export", views.ExportView.as_view(), name="api-me-export"),
    path("applicants", views.ApplicantListView.as_view(), name="api-applicants"),
    path("applicants/<str:code>", views.ApplicantDetailView.as_view(), name="api-applicant"),
    path("messages", views.MessageListView.as_view(), name="api-messages"),
]
