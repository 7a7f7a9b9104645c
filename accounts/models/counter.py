"""Codes by which a sign-up that waits for its mail is known at a counter."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from paspor.kernel.codes import new_code


def new_counter_code() -> str:
    return new_code(8)


class CounterCode(models.Model):
    """One waiting sign-up: which account, and what was typed for it in that browser.

    Without ``account`` the address had one already: nobody is told so before they stand at
    a counter. ``password`` is a hash; empty where the account's own was typed.
    """

    code = models.CharField(max_length=8, unique=True, default=new_counter_code, editable=False)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="counter_codes"
    )
    password = models.CharField(max_length=128, blank=True, default="")
    language = models.CharField(max_length=2, blank=True, default="")
    agreed_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    # The office's code, as in the log; and whose KTP was seen there.
    used_where = models.CharField(max_length=40, blank=True, default="")
    person = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("kode loket")
        verbose_name_plural = _("kode loket")
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at=None, used_where="", person=None)
                | Q(used_at__isnull=False, password="") & ~Q(used_where=""),
                name="countercode_used_whole",
            )
        ]
        indexes = [
            models.Index(
                fields=["used_at", "used_where"],
                condition=Q(used_at__isnull=False),
                name="countercode_used",
            ),
            models.Index(
                fields=["person", "used_at"],
                condition=Q(person__isnull=False),
                name="countercode_person",
            ),
            models.Index(
                fields=["expires_at"], condition=Q(used_at=None), name="countercode_unused"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
