"""The officers' admin of integrity, and the ways to clusters and to the second officer's queue."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from queueing.integrity.admin import claims as claims
from queueing.integrity.admin import clusters as clusters
from queueing.integrity.admin import officers as officers

admin.site.add_shortcut(
    _("Ringkasan"), "integrity:overview", "queueing.view_slot", icon="chart-bar", place=22
)
admin.site.add_shortcut(
    _("Gugus akun"),
    "admin:queueing_cluster_changelist",
    "queueing.view_cluster",
    icon="users",
    place=43,
)
admin.site.add_shortcut(
    _("Persetujuan"), "insiders:approvals", "offices.view_approval", icon="shield-check", place=40
)
admin.site.add_shortcut(_("Perkara"), "cases:list", "queueing.change_case", icon="search", place=41)
admin.site.add_shortcut(
    _("Keberatan"), "cases:appeals", "queueing.change_appeal", icon="help", place=42
)
