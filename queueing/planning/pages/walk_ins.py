"""From which hour of the day on seats of the counter that nobody came for go online.

Every planner reads it; the figure is set by whoever sets figures of policy for the office.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from offices.models import Office
from paspor.kernel import problems
from paspor.kernel.errors import DomainError
from queueing.planning.forms import BackHourForm
from queueing.planning.pages import changes
from queueing.planning.pages.door import planning
from queueing.quota.services import walk_ins


@never_cache
@require_POST
@planning
def back(request: HttpRequest, office: Office) -> HttpResponse:
    """Its form stands on the page of the usual week."""
    form = BackHourForm(request.POST)
    if form.is_valid():
        asked, now = form.cleaned_data, timezone.now()
        try:
            walk_ins.set_hour(
                officer=request.user, office=office, at=asked["at"], why=asked["note"], now=now
            )
        except DomainError as refusal:
            problems.put_on(form, refusal)
        else:
            messages.success(request, changes.told_of_back(asked["at"]))
            return redirect("planning:week", office.code)
    return changes.week_page(request, office, form)
