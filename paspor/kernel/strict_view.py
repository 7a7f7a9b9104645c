"""The base of every view of the API: refuses, in one place, query parameters that a view
does not know, and known ones given twice.

Apart from strict.py, which DRF imports while it builds the class this one extends.
"""

from collections.abc import Collection
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.views import APIView

from paspor.kernel import speaking
from paspor.kernel.strict import StrictSerializer, checked

PAGING = ("page", "page_size")
REPEATED = _("Isi satu kali saja.")


class StrictView(APIView):
    # No docstring: the API's description would repeat it for every view.
    # ``query`` names what reading takes; None where a serializer of the view's own refuses
    # what is unknown. What writes takes none.
    query: Collection[str] | None = ()

    def body(self, kind: type[StrictSerializer], *, partial: bool = False) -> dict[str, Any]:
        """What was sent, as this serializer understands it; ValidationError becomes 422."""
        return checked(kind, self.request.data, partial=partial)

    def query_of(
        self, kind: type[StrictSerializer], *, but: Collection[str] = ()
    ) -> dict[str, Any]:
        """The parameters of the address, as ``body``; without those that are read elsewhere."""
        given = self.request.query_params.dict()
        return checked(kind, {name: value for name, value in given.items() if name not in but})

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # Until the next request, as LocaleMiddleware does: an answer is rendered after its view.
        translation.activate(speaking.shared(request))
        return super().dispatch(request, *args, **kwargs)

    def perform_authentication(self, request: Request) -> None:
        super().perform_authentication(request)
        if language := speaking.request_language(request):
            translation.activate(language)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        known = self.query if request.method in SAFE_METHODS else ()
        errors = {}
        for name, values in request.query_params.lists():
            if known is not None and name not in known:
                errors[name] = [StrictSerializer.default_error_messages["unknown_field"]]
            elif len(values) > 1:
                errors[name] = [REPEATED]
        if errors:
            raise ValidationError(errors)
