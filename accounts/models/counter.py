"""Sign-ups that wait for their mail, and other ways to verify them than by it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models.mail import Message
from paspor.kernel.codes import new_code


def new_counter_code() -> str:
    return new_code(8)


class WaitingSignUp(models.Model):
    """What was typed in one browser for an account whose address awaits its code.

    Without ``account`` the address had one already: nobody is told so before they have
    proved who they are. ``password`` is a hash; empty where the account's own was typed.
    """

    password = models.CharField(max_length=128, blank=True, default="")
    language = models.CharField(max_length=2, blank=True, default="")
    agreed_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"#{self.pk}"


class CounterCode(WaitingSignUp):
    """A code by which a sign-up that waits for its mail is known at a counter."""

    code = models.CharField(max_length=8, unique=True, default=new_counter_code, editable=False)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="counter_codes"
    )
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


class TextCode(WaitingSignUp):
    """A code that was sent to a phone for a sign-up that waits for its mail.

    ``whom`` is a digest of the mailbox that waits, so that texts are counted alike whether
    it has an account or not; ``number`` one of the phone, whose number the message has.
    A used row stays, as a number of the public figures.
    """

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="text_codes"
    )
    message = models.OneToOneField(Message, models.PROTECT, related_name="text_code")
    digest = models.CharField(max_length=64, blank=True, default="")
    number = models.CharField(max_length=64, blank=True, default="")
    whom = models.CharField(max_length=64, blank=True, default="")
    device = models.CharField(max_length=64, blank=True, default="")
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("kode teks")
        verbose_name_plural = _("kode teks")
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(password="", digest=""),
                name="textcode_used_whole",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="textcode_expires_later"
            ),
        ]
        indexes = [
            models.Index(fields=["made_at"], name="textcode_made"),
            models.Index(
                fields=["number", "-made_at"], condition=~Q(number=""), name="textcode_number"
            ),
            models.Index(
                fields=["used_at"], condition=Q(used_at__isnull=False), name="textcode_used"
            ),
        ]
