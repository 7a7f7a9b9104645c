"""The officers' admin of quota and bookings, and the ways to the counter's screens."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from queueing.desk.admin import bookings as bookings
from queueing.desk.admin import quota as quota

admin.site.add_shortcut(_("Loket"), "desk:start", "queueing.change_booking", icon="list", place=10)
admin.site.add_shortcut(
    _("Datang langsung"), "desk:walk-in-start", "queueing.add_booking", icon="plus", place=11
)
admin.site.add_shortcut(
    _("Daftar hari"), "desk:day-list-start", "queueing.change_booking", icon="printer", place=12
)
admin.site.add_shortcut(
    _("Tutup hari"), "desk:close-start", "queueing.change_slot", icon="ban", place=21
)
