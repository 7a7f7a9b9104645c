"""The officers' admin: for holders of a live post, with a second factor in this session."""

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from offices.backends import live_roles


class OfficerAdminSite(AdminSite):
    site_header = _("Petugas Paspor")
    site_title = _("Petugas Paspor")
    index_title = _("Pekerjaan hari ini")

    def has_permission(self, request: HttpRequest) -> bool:
        if not live_roles(request.user):
            return False
        return settings.DEMO or used_second_factor(request)


def used_second_factor(request: HttpRequest) -> bool:
    """Whether this session was opened, or raised later, with a second factor."""
    return any(
        record["method"] == "mfa" for record in get_authentication_records(request, request.user)
    )
