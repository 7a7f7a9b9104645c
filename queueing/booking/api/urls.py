"""/api/v1/: bookings, and what the mobile app asks first."""

from django.urls import path

from queueing.booking.api import config, guide, views

urlpatterns = [
    path("config", config.Config.as_view(), name="api-config"),
    path("guide", guide.Guide.as_view(), name="api-guide"),
    path("bookings", views.Bookings.as_view(), name="api-booking-list"),
    path("bookings/lookup", views.Lookup.as_view(), name="api-booking-lookup"),
    path("bookings/claim", views.Claim.as_view(), name="api-booking-claim"),
    path("bookings/<str:code>", views.OneBooking.as_view(), name="api-booking"),
    path("bookings/<str:code>/confirm", views.Confirm.as_view(), name="api-booking-confirm"),
    path("bookings/<str:code>/cancel", views.Cancel.as_view(), name="api-booking-cancel"),
    path("bookings/<str:code>/errands", views.Errands.as_view(), name="api-booking-errands"),
    path("bookings/<str:code>/decline", views.Decline.as_view(), name="api-booking-decline"),
    path(
        "bookings/<str:code>/reschedule", views.Reschedule.as_view(), name="api-booking-reschedule"
    ),
    path("bookings/<str:code>/ticket", views.Ticket.as_view(), name="api-booking-ticket"),
    path("bookings/<str:code>/calendar.ics", views.Calendar.as_view(), name="api-booking-calendar"),
]
