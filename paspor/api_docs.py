"""The API's description, and a page to read and try it (Swagger UI from our own files)."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

FRESH_SECONDS = 300


class SchemaView(SpectacularAPIView):
    """OpenAPI 3, as YAML, or as JSON with ?format=json."""

    authentication_classes = []
    permission_classes = [AllowAny]
    rate_group = "public"

    def finalize_response(self, *args: Any, **kwargs: Any) -> Response:
        """A refusal is a problem like any other, and no YAML."""
        response = super().finalize_response(*args, **kwargs)
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            response.accepted_renderer = JSONRenderer()
        return response

    @extend_schema(exclude=True)
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        response = super().get(request, *args, **kwargs)
        response.headers["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
        return response


@require_GET
def api_docs(request: HttpRequest) -> HttpResponse:
    return render(request, "api/docs.html")
