"""What the mobile app asks before anything else."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language_info
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.policies import APPLICANTS_ADDED, APPLICANTS_REMOVED, LIST_DAYS, MAX_APPLICANTS
from paspor.kernel import device
from paspor.kernel.pagination import PageNumber
from paspor.kernel.strict_view import StrictView
from queueing.booking import policies, rules
from queueing.booking.api import schema, serializers
from queueing.quota.policies import HORIZON_DAYS

HOUR = timedelta(hours=1)


class ConfigView(StrictView):
    permission_classes = [AllowAny]
    rate_group = "public"

    @schema.CONFIG
    def get(self, request: Request) -> Response:
        now = timezone.now()
        answer = {
            "server_time": now,
            "minimum_app_version": settings.APP_MINIMUM_VERSION,
            "privacy_notice_version": settings.PRIVACY_NOTICE_VERSION,
            "languages": [
                {"code": code, "name": get_language_info(code)["name_local"]}
                for code, _name in settings.LANGUAGES
            ],
            "limits": limits(now),
            "install_id": install_id(request),
        }
        return Response(serializers.ConfigOutput(answer).data)


def install_id(request: Request) -> str:
    """The one that was sent, when it is one of ours; else a new one."""
    sent = request.headers.get(device.HEADER)
    return sent if sent and device.installation_of(request) else device.issue()


def limits(now: datetime) -> dict[str, Any]:
    return {
        "people_per_booking": rules.MAX_PEOPLE,
        "live_places_per_account": policies.MAX_LIVE_PLACES.at(now=now),
        "applicants_per_account": MAX_APPLICANTS.at(now=now),
        "hold_minutes": policies.HOLD_MINUTES.at(now=now),
        "book_cutoff_minutes": policies.BOOK_CUTOFF_MINUTES.at(now=now),
        "self_moves": policies.SELF_MOVES.at(now=now),
        "horizon_days": HORIZON_DAYS.at(now=now),
        "page_size": PageNumber.max_page_size,
        "body_bytes": settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
        "in_time": in_time(now),
    }


def in_time(now: datetime) -> list[dict[str, Any]]:
    """What is bounded in a sliding window (docs/limits.md)."""
    limits = [
        {"limit": limit.name, "most": limit.most, "hours": limit.within // HOUR}
        for limit in policies.limits(now=now)
    ]
    hours = LIST_DAYS.at(now=now) * 24
    return limits + [
        {"limit": figure.key, "most": figure.at(now=now), "hours": hours}
        for figure in (APPLICANTS_ADDED, APPLICANTS_REMOVED)
    ]
