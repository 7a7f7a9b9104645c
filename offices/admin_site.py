"""The officers' admin: for holders of a live post, with a second factor in this session."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from allauth.account.internal.flows.reauthentication import suspend_request
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.templatetags import admin_list
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db.models import Model
from django.db.models.base import ModelBase
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.i18n import JavaScriptCatalog

from accounts.models import User
from accounts.selectors import SECOND_FACTORS
from offices import selectors, words
from offices.backends import SEEN_BY, live_roles, live_zone
from offices.policies import SECOND_FACTOR_FRESH_MINUTES, SECOND_FACTOR_HOURS
from offices.services import authority
from offices.sign_ins import OF_AN_APP, SHOWN
from paspor.kernel import kept_forms
from paspor.kernel.policy import Figure

# Packages that register admins of their own.
THIRD_PARTY = ("allauth", "django")
UNITS = {SECOND_FACTOR_HOURS: "hours", SECOND_FACTOR_FRESH_MINUTES: "minutes"}


class Shortcut(NamedTuple):
    """A page made for speed, offered on the first page to who has the permission.

    By ``place``: what is used most stands first, whichever room it is of.
    """

    label: str | Promise
    url_name: str
    permission: str
    icon: str = "arrow-right"
    place: int = 30


class ScriptTexts(JavaScriptCatalog):
    """Django's texts for the admin's scripts, and those it has no Indonesian for.

    A link that shows "Hari ini" and is read out as "Today" is two links to its users.
    """

    def get_catalog(self) -> dict[str, Any]:
        own = {
            "%(month)s %(day)s, %(year)s": gettext("%(day)s %(month)s %(year)s"),
            "%s (current selection)": gettext("%s (terpilih)"),
            "%s (today)": gettext("%s (hari ini)"),
            "%s (today, current selection)": gettext("%s (hari ini, terpilih)"),
            "Next (%(month)s %(year)s)": gettext("Berikutnya (%(month)s %(year)s)"),
            "Previous (%(month)s %(year)s)": gettext("Sebelumnya (%(month)s %(year)s)"),
            "Today (%(date)s)": gettext("Hari ini (%(date)s)"),
            "Tomorrow (%(date)s)": gettext("Besok (%(date)s)"),
            "Yesterday (%(date)s)": gettext("Kemarin (%(date)s)"),
        }
        return super().get_catalog() | own


# Of those that stand on the first page, in their order; the rest is one press away there.
MOST_SCREENS = 5

# Django's sign for yes and no is a colour with an English alternative; a list, a form and its
# history say it in a word. There is no setting for it.
admin_list._boolean_icon = words.yes_or_no


class OfficerAdminSite(AdminSite):
    site_header = _("Petugas")
    site_title = _("Petugas Paspor")
    index_title = _("Pekerjaan hari ini")
    enable_nav_sidebar = False

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.disable_action("delete_selected")
        self.shortcuts: list[Shortcut] = []

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[ModelAdmin] | None = None,
        **options: Any,
    ) -> None:
        """Our own models only: the admins that packages bring along know no office.

        Raises ImproperlyConfigured for a model of ours whose app nobody may look at.
        """
        one = isinstance(model_or_iterable, ModelBase)
        models = [model_or_iterable] if one else model_or_iterable
        ours = [model for model in models if not _is_third_party(model)]
        for model in ours:
            if model._meta.app_label not in SEEN_BY:
                raise ImproperlyConfigured(
                    f"{model._meta.label} cannot be registered: offices.backends.SEEN_BY does "
                    f"not say who may look at the app {model._meta.app_label!r}."
                )
        super().register(ours, admin_class, **options)

    def add_shortcut(
        self,
        label: str | Promise,
        url_name: str,
        permission: str,
        *,
        icon: str = "arrow-right",
        place: int = 30,
    ) -> None:
        self.shortcuts.append(Shortcut(label, url_name, permission, icon, place))
        self.shortcuts.sort(key=lambda shortcut: shortcut.place)

    def has_permission(self, request: HttpRequest) -> bool:
        if not live_roles(request.user) or request.session.get(OF_AN_APP):
            return False
        return second_factor_used(request)

    def _has_ended(self, request: HttpRequest) -> bool:
        """An officer's session, or its second factor; a citizen is refused, and signing out is
        what whoever is signed out wanted.
        """
        if request.path == reverse("admin:logout") or self.has_permission(request):
            return False
        return not request.user.is_authenticated or bool(live_roles(request.user))

    def admin_view(
        self, view: Callable[..., HttpResponse], cacheable: bool = False
    ) -> Callable[..., HttpResponse]:
        """An officer's session ends with the browser, however it was opened.

        Times are read and shown by the clock of the officer's office.
        """
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            officer = live_roles(request.user)
            if request.method == "POST" and self._has_ended(request):
                return _back_to_the_form(request)
            if officer and not request.session.get_expire_at_browser_close():
                request.session.set_expiry(0)
            with timezone.override(live_zone(request.user)):
                response = inner(request, *args, **kwargs)
                # Django would render it later, by another clock.
                return response.render() if isinstance(response, TemplateResponse) else response

        return wrapper

    @method_decorator(never_cache)
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Where someone without permission is sent on to: sign-in, enrolment, second factor."""
        wanted = self._wanted(request)
        if not request.user.is_authenticated:
            return redirect_to_login(wanted, reverse("account_login"))
        if self.has_permission(request):
            return HttpResponseRedirect(wanted)
        if not live_roles(request.user):
            raise authority.ended(request.user, now=timezone.now()) or PermissionDenied
        if not is_mfa_enabled(request.user, SECOND_FACTORS):
            text = gettext("Petugas memerlukan faktor kedua. Aktifkan dahulu di bawah ini.")
            messages.warning(request, text)
            return redirect("mfa_index")
        if request.session.get(OF_AN_APP) and second_factor_used(request):
            raise PermissionDenied
        if recovery_code_used(request):
            text = gettext(
                "Kode cadangan hanya membuka jalan untuk memasang langkah kedua yang baru. "
                "Pasang yang baru di bawah ini, lalu pakailah untuk masuk."
            )
            messages.warning(request, text)
            return redirect("mfa_index")
        return redirect_to_login(wanted, reverse("mfa_reauthenticate"))

    def _wanted(self, request: HttpRequest) -> str:
        """The page of ours that was asked for, else the first one."""
        wanted = request.POST.get("next") or request.GET.get("next") or ""
        safe = url_has_allowed_host_and_scheme(
            wanted, {request.get_host()}, require_https=request.is_secure()
        )
        return wanted if safe else reverse("admin:index")

    def i18n_javascript(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return ScriptTexts.as_view(packages=["django.contrib.admin"])(request)

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """With the screens that the officer may open: the first ones stand on every page."""
        shortcuts = [
            {"label": each.label, "url": reverse(each.url_name), "icon": each.icon}
            for each in self.shortcuts
            if request.user.has_perm(each.permission)
        ]
        return super().each_context(request) | {
            "shortcuts": shortcuts,
            "screens": shortcuts[:MOST_SCREENS],
        }

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        now = timezone.now()
        posts = selectors.posts_of(request.user, now).select_related("office")
        return super().index(
            request,
            {
                "posts": posts.order_by("starts_at"),
                "waiting": selectors.approvals_waiting(request.user, now).count(),
            }
            | (extra_context or {}),
        )


def _is_third_party(model: type[Model]) -> bool:
    return model.__module__.partition(".")[0] in THIRD_PARTY


def _back_to_the_form(request: HttpRequest) -> HttpResponse:
    """A session that has ended did nothing: that is said, and the page with the form comes back.

    What was typed is kept for the pages that ask for it. An address that only acts shows
    nothing, so the page is the one that was pressed on.
    """
    page = urlsplit(request.headers.get("Referer", ""))
    path, query = page.path, page.query
    if page.netloc != request.get_host():
        path, query = reverse("admin:index"), ""
    kept_forms.keep(request, path=path)
    text = gettext("Sesi Anda sudah berakhir: yang baru Anda kirim belum dilakukan.")
    messages.warning(request, text)
    return redirect_to_login(f"{path}?{query}" if query else path, reverse("admin:login"))


def second_factor_used(request: HttpRequest, figure: Figure = SECOND_FACTOR_HOURS) -> bool:
    """Whether this session was raised with a second factor that the account still has.

    ``figure`` says how long ago at most, in its own unit. A recovery code is none: it lets
    one in to set up another factor, no further. The demo of `make run` waives it all; the
    deploy check refuses a demo.
    """
    if settings.DEMO:
        return True
    return bool(_used_of_late(request, figure) & _kept(request.user, SECOND_FACTORS))


def second_factor_ends(request: HttpRequest) -> datetime | None:
    """When this session stops being an officer's; None where nothing ends it."""
    if settings.DEMO:
        return None
    lasts = timedelta(hours=SECOND_FACTOR_HOURS.at(now=timezone.now()))
    kept = _kept(request.user, SECOND_FACTORS)
    shown = [at for pk, at in request.session.get(SHOWN, {}).items() if int(pk) in kept]
    return datetime.fromtimestamp(max(shown), UTC) + lasts if shown else None


def fresh_factor_asked(request: HttpRequest) -> HttpResponse | None:
    """The way to the second factor, where it is too old to agree to another's act; else None.

    What was sent is kept, and allauth sends it anew afterwards.
    """
    if second_factor_used(request, SECOND_FACTOR_FRESH_MINUTES):
        return None
    text = gettext(
        "Menyetujui memerlukan faktor kedua yang baru saja dipakai. "
        "Setelah itu persetujuan diteruskan."
    )
    messages.warning(request, text)
    again = reverse("mfa_reauthenticate")
    suspend_request(request, again)
    return redirect_to_login(request.path, again)


def recovery_code_used(request: HttpRequest) -> bool:
    codes = _kept(request.user, [Authenticator.Type.RECOVERY_CODES])
    return bool(_used_of_late(request, SECOND_FACTOR_HOURS) & codes)


def _kept(user: User, types: Iterable[str]) -> set[int]:
    """Read once for each user object, which lives as long as a request (as live_roles)."""
    if not hasattr(user, "_factors_kept"):
        user._factors_kept = list(Authenticator.objects.filter(user=user).values_list("pk", "type"))
    return {pk for pk, type in user._factors_kept if type in types}


def _used_of_late(request: HttpRequest, figure: Figure) -> set[int]:
    """The authenticators that this session has shown."""
    now = timezone.now()
    since = (now - timedelta(**{UNITS[figure]: figure.at(now=now)})).timestamp()
    shown = request.session.get(SHOWN, {})
    return {int(pk) for pk, at in shown.items() if at > since}
