"""The way from the officers' first page to the planner's screen."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

admin.site.add_shortcut(
    _("Rencana"), "planning:start", "offices.change_openinghours", icon="calendar", place=20
)
admin.site.add_shortcut(
    _("Perintah nasional"), "orders:list", "accounts.view_relay", icon="calendar", place=6
)
