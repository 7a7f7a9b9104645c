"""Shapes of the account's part of the API. Inputs say shape only; rules are the services'."""

from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accounts import mail_states, mail_trouble, selectors
from accounts.api import examples
from accounts.models import Applicant, Message, Suppression, User
from paspor.kernel.strict import DayField, StrictSerializer, TextField, TruthField


@extend_schema_serializer(examples=examples.asks("Another language", {"language": "en"}))
class MeInput(StrictSerializer):
    language = serializers.ChoiceField(choices=User.Language.choices, required=False)
    phone = TextField(
        required=False, allow_blank=True, max_length=30, help_text="0812… or E.164; empty: none."
    )


@extend_schema_serializer(examples=examples.asks("The code", {"code": "K7QX-4M2P"}))
class AddressProofInput(StrictSerializer):
    code = TextField(max_length=20, help_text="As the e-mail says it.")


class MailTroubleOutput(serializers.Serializer):
    why = serializers.ChoiceField(choices=Suppression.Why.choices)
    text = serializers.CharField(help_text="What is wrong, and what to do.")
    said = serializers.CharField(help_text="The recipient's server in its own words; may be empty.")
    since = serializers.DateTimeField()


@extend_schema_serializer(examples=examples.answers("An account", examples.ACCOUNT))
class MeOutput(serializers.Serializer):
    code = serializers.CharField()
    email = serializers.EmailField()
    phone = serializers.CharField(help_text="E.164, or empty.")
    language = serializers.ChoiceField(choices=User.Language.choices)
    joined_at = serializers.DateTimeField()
    notice_version = serializers.SerializerMethodField(
        help_text="The privacy notice agreed to last; empty: none."
    )
    suspended_at = serializers.DateTimeField(
        allow_null=True,
        help_text="Since then the account books and moves nothing: why, and how to object, "
        "is at /appeals.",
    )
    consent_needed = serializers.SerializerMethodField(
        help_text="Another version is in force: writes answer 403 `consent_needed`."
    )

    mail_trouble = serializers.SerializerMethodField(
        help_text="Nothing is sent to the address: have a code sent there and give it back "
        "(`me/address/code`, `me/address/confirm`), or change the address. null: all is well."
    )

    second_step_until = serializers.SerializerMethodField(
        help_text="The second step is taken off from then on, since somebody with the password and "
        "a code from the mailbox said that it is lost; `me/second-step/keep` stops it. null: "
        "nobody did."
    )

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_second_step_until(self, user: User) -> str | None:
        row = selectors.lost_step_of(user)
        return serializers.DateTimeField().to_representation(row.due_at) if row else None

    @extend_schema_field(MailTroubleOutput(allow_null=True))
    def get_mail_trouble(self, user: User) -> dict[str, Any] | None:
        found = mail_trouble.trouble_of_account(user)
        return dict(MailTroubleOutput(found).data) if found else None

    def get_notice_version(self, user: User) -> str:
        consent = selectors.consent_of(user)
        return consent.notice_version if consent else ""

    def get_consent_needed(self, user: User) -> bool:
        return not selectors.has_consented(user)


@extend_schema_serializer(examples=examples.asks("The notice in force", {"version": "2026-11"}))
class ConsentInput(StrictSerializer):
    version = TextField(
        max_length=20, help_text="What was shown: `privacy_notice_version` of /config."
    )


@extend_schema_serializer(examples=examples.asks("A person", examples.NEW_PERSON))
class ApplicantInput(StrictSerializer):
    name = TextField(max_length=200, help_text="Exactly as on the KTP; one word is fine.")
    nik = TextField(max_length=40, help_text="16 digits; spaces and dashes do not matter.")
    birth_date = DayField()
    sex = serializers.ChoiceField(choices=Applicant.Sex.choices)
    kk = TextField(required=False, allow_blank=True, max_length=40, help_text="16 digits.")
    is_holder = TruthField(required=False, help_text="This is the account holder.")
    guardian_declared = TruthField(
        required=False, help_text="Needed for a child: I am the parent or guardian and agree."
    )


@extend_schema_serializer(examples=examples.answers("A person", examples.PERSON))
class ApplicantOutput(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    nik = serializers.SerializerMethodField(help_text="Masked; only the last four digits.")
    birth_date = DayField()
    sex = serializers.ChoiceField(choices=Applicant.Sex.choices)
    has_kk = serializers.SerializerMethodField()
    is_holder = serializers.BooleanField()
    guardian_declared = serializers.SerializerMethodField()
    warnings = serializers.ListField(
        child=serializers.CharField(),
        help_text="What the office will look at with the documents; no refusal.",
    )

    @extend_schema_field(str)
    def get_nik(self, applicant: Applicant) -> str:
        return applicant.masked_nik

    def get_has_kk(self, applicant: Applicant) -> bool:
        return applicant.kk_sealed is not None

    def get_guardian_declared(self, applicant: Applicant) -> bool:
        return applicant.guardian_declared_at is not None


@extend_schema_serializer(
    examples=examples.answers("A family of one", {"limit": 5, "results": [examples.PERSON]})
)
class ApplicantListOutput(serializers.Serializer):
    limit = serializers.IntegerField(help_text="How many an account may keep.")
    results = ApplicantOutput(many=True)


class MessageOutput(serializers.Serializer):
    code = serializers.CharField()
    kind = serializers.CharField()
    subject = serializers.CharField()
    channel = serializers.ChoiceField(
        choices=Message.Channel.choices, help_text="TEXT: to a phone, by SMS or WhatsApp."
    )
    to = serializers.SerializerMethodField(help_text="Masked.")
    state = serializers.ChoiceField(choices=Message.State.choices)
    state_text = serializers.SerializerMethodField(help_text="The state in words.")
    advice = serializers.SerializerMethodField(help_text="What to do next.")
    created_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()

    def get_to(self, message: Message) -> str:
        return message.masked_to

    def get_state_text(self, message: Message) -> str:
        return str(mail_states.state_of(message).label)

    def get_advice(self, message: Message) -> str:
        return str(mail_states.state_of(message).advice)


@extend_schema_serializer(examples=examples.answers("A page", examples.MESSAGES))
class MessagePageOutput(serializers.Serializer):
    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = MessageOutput(many=True)


def applicant_payload(applicant: Applicant) -> dict[str, Any]:
    return dict(ApplicantOutput(applicant).data)
