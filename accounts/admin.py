"""SISTIK's view of accounts, people and messages: read only, masked; and of mail domains.

Who may open these pages is answered by has_perm (offices.backends).
"""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import rules, words
from accounts.errors import MailDomainInvalid
from accounts.models import (
    Applicant,
    Consent,
    IdentityCheck,
    MailDomain,
    Message,
    Relay,
    Suppression,
    User,
)
from accounts.services import mail_domains
from paspor.kernel.masking import mask_email, mask_name, mask_phone
from paspor.kernel.problems import field_texts


class ReadOnlyAdmin(admin.ModelAdmin):
    """Looks, never writes."""

    show_full_result_count = False
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ["code", "masked_email", "masked_phone", "language", "is_active", "joined_at"]
    list_filter = ["is_active", "language"]
    fields = [*list_display, "last_login", "erased_at"]
    # Whoever has the whole address in hand may look for it; nobody may browse them.
    search_fields = ["=code", "=email"]
    ordering = ["-joined_at"]

    @admin.display(description=_("alamat e-mail"))
    def masked_email(self, user: User) -> str:
        return mask_email(user.email)

    @admin.display(description=_("nomor telepon"))
    def masked_phone(self, user: User) -> str:
        return mask_phone(user.phone)


@admin.register(Applicant)
class ApplicantAdmin(ReadOnlyAdmin):
    list_display = ["code", "masked_name", "masked_nik", "account", "created_at", "removed_at"]
    fields = [*list_display, "sex", "is_holder", "warnings", "guardian_declared_at", "erased_at"]
    list_select_related = ["account"]
    search_fields = ["=code", "=account__code"]
    ordering = ["-created_at"]

    @admin.display(description=_("nama sesuai KTP"))
    def masked_name(self, applicant: Applicant) -> str:
        return mask_name(applicant.name)

    @admin.display(description="NIK")
    def masked_nik(self, applicant: Applicant) -> str:
        return applicant.masked_nik


class ByRelay(admin.AllValuesFieldListFilter):
    """A message that has not been carried yet has no relay, and a link needs a name."""

    def choices(self, changelist: ChangeList) -> Iterator[dict[str, Any]]:
        for choice in super().choices(changelist):
            yield choice | {"display": choice["display"] or _("belum ada")}


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """How the mail is doing. What a message says is nobody's here."""

    list_display = [
        "code",
        "kind",
        "channel",
        "masked_to",
        "state",
        "attempts",
        "created_at",
        "changed_at",
    ]
    list_filter = ["state", "channel", "kind", ("relay", ByRelay)]
    fields = [
        *list_display,
        *("relay", "accepted_at", "reported_at", "answered_at", "reason", "about"),
        *("due_at", "not_before", "not_after", "message_id"),
    ]
    search_fields = ["=code", "=to", "=about", "=user__code"]
    ordering = ["-created_at"]
    date_hierarchy = "created_at"

    @admin.display(description=_("kepada"))
    def masked_to(self, message: Message) -> str:
        return message.masked_to

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        return super().get_queryset(request).defer("text", "html", "attachments", "facts")


@admin.register(Suppression)
class SuppressionAdmin(ReadOnlyAdmin):
    """Addresses that nothing is sent to, and why. Only their owners end it."""

    list_display = ["masked_address", "why", "said", "at", "lifted_at"]
    list_filter = ["why"]
    fields = list_display
    # Whoever has the whole address in hand may look for it; nobody may browse them.
    search_fields = ["=address"]
    ordering = ["-at"]

    @admin.display(description=_("alamat"))
    def masked_address(self, row: Suppression) -> str:
        return mask_email(row.address)


@admin.register(Relay)
class RelayAdmin(ReadOnlyAdmin):
    """Which mail servers carry the letters, and what was met there."""

    list_display = [
        *("name", "domain", "failures", "rests_until", "reason"),
        *("last_until", "last_reason", "checked_at"),
    ]
    fields = [*list_display, "changed_at"]
    list_display_links = ["name"]
    ordering = ["name", "domain"]


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    list_display = ["user", "notice_version", "given_at"]
    list_filter = ["notice_version"]
    list_select_related = ["user"]
    search_fields = ["=user__code"]
    ordering = ["-given_at"]


@admin.register(IdentityCheck)
class IdentityCheckAdmin(ReadOnlyAdmin):
    """How the questions to the civil registry are doing. Nothing that was asked stands here."""

    list_display = [
        *("masked_nik", "outcome", "differing", "source", "attempts"),
        *("asked_at", "unfound_at", "checked_at", "valid_until"),
    ]
    list_filter = ["outcome", "source"]
    fields = list_display
    list_select_related = ["applicant"]
    search_fields = ["=applicant__code"]
    ordering = ["-asked_at", "-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[IdentityCheck]:
        return super().get_queryset(request).defer("further_sealed")

    @admin.display(description="NIK")
    def masked_nik(self, check: IdentityCheck) -> str:
        return check.applicant.masked_nik if check.applicant else "–"

    @admin.display(description=_("yang berbeda"))
    def differing(self, check: IdentityCheck) -> str:
        return words.fields(name for name, is_same in check.matches.items() if not is_same) or "–"


class MailDomainForm(forms.ModelForm):
    class Meta:
        model = MailDomain
        fields = ("domain", "verdict", "reason")
        help_texts = {
            "domain": _("Juga berlaku bagi semua domain di bawahnya."),
            "reason": _("Dicatat atas nama Anda."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True

    def clean_domain(self) -> str:
        try:
            return rules.tidy_domain(self.cleaned_data["domain"])
        except MailDomainInvalid as refusal:
            raise forms.ValidationError(field_texts(refusal)["domain"]) from refusal

    def validate_unique(self) -> None:
        """A domain of the list gets an officer's verdict in its own row."""

    def validate_constraints(self) -> None:
        """Left to the service and the database."""


@admin.register(MailDomain)
class MailDomainAdmin(ReadOnlyAdmin):
    """SISTIK's word on a mail domain wins over the list. Nothing is taken back: decided anew."""

    form = MailDomainForm
    list_display = ["domain", "verdict", "source", "reason", "decided_by", "decided_at"]
    list_filter = ["source", "verdict"]
    list_select_related = ["decided_by"]
    search_fields = ["domain"]
    ordering = ["-decided_at", "domain"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.add_maildomain")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("accounts.change_maildomain")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("domain",) if obj else ()

    def save_model(self, request: HttpRequest, obj: MailDomain, form: Any, change: bool) -> None:
        row = mail_domains.decide(
            officer=request.user,
            domain=obj.domain,
            verdict=MailDomain.Verdict(obj.verdict),
            reason=obj.reason,
            now=timezone.now(),
        )
        obj.pk = row.pk
