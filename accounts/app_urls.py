"""Stands before allauth.headless.urls, whose sign-up it replaces."""

from django.urls import path

from accounts.views import entrance

urlpatterns = [path("app/v1/auth/signup", entrance.app_signup, name="app-signup")]
