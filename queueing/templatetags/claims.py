"""Open claims on a NIK, where their owner looks for them: at the visits and at the people."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils import timezone

from accounts.models import Applicant, User
from queueing.integrity import claim_words
from queueing.integrity.selectors import claims as selectors

register = template.Library()


@register.inclusion_tag("queueing_integrity/_open_claims.html", takes_context=True)
def open_claims(context: template.Context) -> dict[str, Any]:
    now = timezone.now()
    rows = selectors.open_claims_of(context["request"].user)
    return {"rows": [claim_words.row(claim, now) for claim in rows]}


@register.simple_tag
def claims_by_person(account: User) -> dict[int, dict[str, Any]]:
    """The open claims of an account, for ``on``."""
    now = timezone.now()
    rows = selectors.open_claims_of(account)
    return {claim.applicant_id: claim_words.row(claim, now) for claim in rows}


@register.filter
def on(claims: Mapping[int, dict[str, Any]], person: Applicant) -> dict[str, Any] | None:
    return claims.get(person.pk)
