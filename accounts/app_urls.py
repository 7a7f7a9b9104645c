"""Stands before allauth.headless.urls, some of whose doors it replaces."""

from allauth.headless.constants import Client
from django.urls import path

from accounts import app_ids
from accounts.views import entrance, lost_step, text

sessions = app_ids.AppSessionsView.as_api_view(client=Client.APP)
factors = app_ids.AppFactorsView.as_api_view(client=Client.APP)
keys = app_ids.AppKeysView.as_api_view(client=Client.APP)

urlpatterns = [
    path("app/v1/auth/signup", entrance.app_signup, name="app-signup"),
    path("app/v1/auth/email/waiting", entrance.app_waiting, name="app-waiting"),
    path("app/v1/auth/email/verify", entrance.app_verify, name="app-verify"),
    path("app/v1/auth/email/text", text.app_text, name="app-text"),
    path("app/v1/auth/email/text/confirm", text.app_text_confirm, name="app-text-confirm"),
    path("app/v1/auth/2fa/lost", lost_step.app_lost, name="app-lost-step"),
    path("app/v1/auth/2fa/lost/confirm", lost_step.app_lost_confirm, name="app-lost-confirm"),
    path("app/v1/account/email", entrance.app_email, name="app-email"),
    path("app/v1/auth/sessions", sessions, name="app-sessions"),
    path("app/v1/account/authenticators", factors, name="app-factors"),
    path("app/v1/account/authenticators/webauthn", keys, name="app-keys"),
]
