"""The portal's addresses, and some at which something has gone wrong."""

from django.conf import settings
from django.urls import include, path

from paspor.styleguide import StyleGuide
from paspor.urls import handler400 as handler400
from paspor.urls import handler403 as handler403
from paspor.urls import handler404 as handler404
from paspor.urls import handler429 as handler429
from paspor.urls import handler500 as handler500
from paspor.urls import urlpatterns as of_the_portal
from tests.screens import views

urlpatterns = [path("uji/<slug:what>/", views.go_wrong), *of_the_portal]

if not settings.DEMO:  # in the suite
    urlpatterns += [
        path("demo/", include("accounts.demo_urls")),
        path("demo/gaya/", StyleGuide.as_view(), name="styleguide"),
    ]
