"""The base of what is read by everybody: the same words for all who ask in one language.

An answer is written once while its source stands, and given to whoever asks the same after
that without looking at anything but the limits.
"""

from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from paspor.kernel import conditional, ratelimit
from paspor.kernel.conditional import Answers, Freshness
from paspor.kernel.errors import DomainError
from paspor.kernel.strict_view import StrictView

_answers = Answers()


class SharedView(StrictView):
    # No docstring: the API's description would repeat it for every view.
    # Speaks the language of Accept-Language, whatever the reader's cookies say.
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with translation.override(conditional.language_of(request)):
            return super().dispatch(request, *args, **kwargs)


class PublicView(SharedView):
    # Wants ``source``, and ``get`` that ends with ``say``.
    query = None  # the serializer knows
    rate_group = "public"
    fresh: Freshness

    def source(self, request: HttpRequest, **kwargs: str) -> object:
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with translation.override(conditional.language_of(request)):
            written = self._known(request, kwargs) if request.method in SAFE_METHODS else None
            if written is not None:
                return conditional.reply(request, written, self.fresh)
        return super().dispatch(request, *args, **kwargs)

    def _known(self, request: HttpRequest, kwargs: dict[str, str]) -> conditional.Written | None:
        """What was written already. A refusal is told where DRF tells refusals."""
        self.refusal: Exception | None = None
        try:
            # DRF's request has nobody signed in here; Django's would open the session.
            ratelimit.check(self.initialize_request(request), self.rate_group)
            self.key = (request.build_absolute_uri(), translation.get_language())
            self.made_from = self.source(request, **kwargs)
        except (DomainError, DatabaseError) as error:
            self.refusal = error
            return None
        return _answers.of(self.key, self.made_from)

    def check_throttles(self, request: Request) -> None:
        if request.method not in SAFE_METHODS:
            super().check_throttles(request)
        elif self.refusal is not None:
            raise self.refusal

    def say(self, request: Request, answer: dict[str, Any]) -> HttpResponseBase:
        written = conditional.write(answer)
        _answers.keep(self.key, self.made_from, written)
        return conditional.reply(request, written, self.fresh)
