"""Where who has just signed in comes to: officers to their room, others to their visits."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from offices.backends import live_roles


@never_cache
@require_safe
@login_required
def landing(request: HttpRequest) -> HttpResponse:
    return redirect("admin:index" if live_roles(request.user) else "queueing:booking-list")
