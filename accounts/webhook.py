"""The door at which a mail provider reports (django-anymail checks its signature).

Only providers that sign and that keep our Message-ID; without a signature anyone could stop
somebody's mail. Off until MAIL_WEBHOOK names one.
"""

import hashlib
import logging
from collections.abc import Iterator

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.signals import AnymailTrackingEvent, EventType
from anymail.webhooks.base import AnymailBaseWebhookView
from anymail.webhooks.mailgun import MailgunTrackingWebhookView
from anymail.webhooks.postal import PostalTrackingWebhookView
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.services import provider_reports
from accounts.services.provider_reports import Event, TooEarly, What

log = logging.getLogger(__name__)

# Each with the name that anymail has for the key.
PROVIDERS: dict[str, tuple[type[AnymailBaseWebhookView], str]] = {
    "mailgun": (MailgunTrackingWebhookView, "webhook_signing_key"),
    "postal": (PostalTrackingWebhookView, "webhook_key"),
}
WHAT = {
    EventType.DELIVERED: What.DELIVERED,
    EventType.BOUNCED: What.BOUNCED,
    EventType.REJECTED: What.DROPPED,
    EventType.FAILED: What.DROPPED,
    EventType.COMPLAINED: What.COMPLAINED,
}
# What anymail meets in a body that no provider wrote.
UNREADABLE = (AnymailWebhookValidationFailure, ValueError, TypeError, LookupError, AttributeError)


@csrf_exempt
@require_POST
def report(request: HttpRequest) -> HttpResponse:
    """400 what is not signed by our provider; 503 what comes too early, so that it comes again."""
    if settings.MAIL_WEBHOOK not in PROVIDERS or not settings.MAIL_WEBHOOK_KEY:
        raise Http404
    try:
        events = list(_events(request))
    except UNREADABLE:
        log.warning("webhook refused")
        return HttpResponse(status=400)
    now, status = timezone.now(), 200
    for event in events:
        try:
            provider_reports.hear(event=event, now=now)
        except TooEarly:
            status = 503
    return HttpResponse(status=status)


def _events(request: HttpRequest) -> Iterator[Event]:
    kind, key_name = PROVIDERS[settings.MAIL_WEBHOOK]
    door = kind(**{key_name: settings.MAIL_WEBHOOK_KEY})
    door.run_validators(request)
    for event in door.parse_events(request):
        message_id = _message_id(event)
        if event.event_type in WHAT and message_id and event.recipient:
            yield _event(event, message_id)


def _message_id(told: AnymailTrackingEvent) -> str:
    """Ours, which Postal tells beside its own number."""
    if settings.MAIL_WEBHOOK != "postal":
        return str(told.message_id or "")
    payload = told.esp_event["payload"]
    about = payload.get("message") or payload.get("original_message") or {}
    said = str(about.get("message_id") or "").strip("<>")
    return f"<{said}>" if said else ""


def _event(told: AnymailTrackingEvent, message_id: str) -> Event:
    what = WHAT[told.event_type]
    named = f"{what} {message_id} {told.recipient} {told.timestamp}"
    return Event(
        id=f"{settings.MAIL_WEBHOOK}:{told.event_id or hashlib.sha256(named.encode()).hexdigest()}",
        what=what,
        message_id=message_id,
        recipient=told.recipient,
        said=" ".join(f"{told.mta_response or told.description or ''}".split()),
        at=told.timestamp,
    )
