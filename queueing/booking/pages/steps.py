"""The steps of a booking, for components/steps.html."""

from typing import Any, Protocol

from django.urls import reverse
from django.utils.translation import gettext as _


class HasHref(Protocol):
    def href(self) -> str: ...


def steps(
    *, office: HasHref | None = None, day_href: str = "", moving: str = ""
) -> list[dict[str, Any]]:
    """Those behind the reader can be gone back to."""
    chosen = {"label": _("Hari dan jam"), "href": day_href or (office.href() if office else "")}
    offices = {"label": _("Kantor"), "href": reverse("queueing:office-list")}
    if moving:
        back = {"label": _("Siapa"), "href": reverse("queueing:move", args=[moving])}
        return [back, chosen, {"label": _("Periksa")}]
    return [offices, chosen, {"label": _("Siapa")}, {"label": _("Periksa")}]
