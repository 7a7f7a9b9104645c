"""The base of what is read by everybody: the same words for all who ask in one language.

An answer is written once while its source stands, and given to whoever asks the same after
that without coming here (paspor.kernel.known_answers).
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import HttpResponseBase
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from paspor.kernel import conditional, known_answers
from paspor.kernel.conditional import Freshness
from paspor.kernel.known_answers import Known
from paspor.kernel.strict_view import StrictView


class SharedView(StrictView):
    # No docstring: the API's description would repeat it for every view.
    # Who asks is not looked at, so nothing of theirs is in an answer that others get too.
    authentication_classes = []

    def perform_authentication(self, request: Request) -> None:
        """Not even where somebody is forced in: the language would be theirs."""


class PublicView(SharedView):
    # No docstring either. Wants ``source``, which takes the query and what the address names,
    # and ``get`` that ends with ``say``.
    query = None  # the serializer knows
    rate_group = "public"
    fresh: Freshness

    @staticmethod
    def source(asked: Mapping[str, str], **named: str) -> object:
        raise NotImplementedError

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method in SAFE_METHODS:
            # Before the answer is made: it may be of a newer one, never of an older.
            self.source_now = partial(self.source, request.query_params.dict(), **kwargs)
            self.made_from = self.source_now()

    def say(self, request: Request, answer: dict[str, Any]) -> HttpResponseBase:
        written = conditional.write(answer)
        known = Known(
            written=written,
            made_from=self.made_from,
            source=self.source_now,
            fresh=self.fresh,
            rate_group=self.rate_group,
            route=request.resolver_match,
        )
        known_answers.keep(request._request, known)
        return conditional.reply(request, written, self.fresh)
