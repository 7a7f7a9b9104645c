"""The portal's addresses, and those of the views that it is compared with."""

from django.urls import path

from paspor.urls import handler400 as handler400
from paspor.urls import handler403 as handler403
from paspor.urls import handler404 as handler404
from paspor.urls import handler500 as handler500
from paspor.urls import urlpatterns as of_the_portal
from tests.bench import views

urlpatterns = [
    path("api/v1/bench/hello", views.hello),
    path("api/v1/bench/echo", views.Echo.as_view()),
    path("api/v1/bench/claim", views.Claim.as_view()),
    *of_the_portal,
]
