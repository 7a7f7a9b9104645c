"""Puts the officers' admin in the place of Django's own."""

from django.contrib.admin.apps import AdminConfig


class OfficerAdminConfig(AdminConfig):
    default_site = "offices.admin_site.OfficerAdminSite"
