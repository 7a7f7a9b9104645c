"""/api/v1/: bookings, and what the mobile app asks first."""

from django.urls import path

from queueing.booking.api import config, guide, views

urlpatterns = [
    path("config", config.ConfigView.as_view(), name="api-config"),
    path("guide", guide.GuideView.as_view(), name="api-guide"),
    path("bookings", views.BookingListView.as_view(), name="api-booking-list"),
    path("bookings/lookup", views.LookupView.as_view(), name="api-booking-lookup"),
    path("bookings/claim", views.TicketClaimView.as_view(), name="api-booking-claim"),
    path("bookings/<str:code>", views.BookingDetailView.as_view(), name="api-booking"),
    path("bookings/<str:code>/confirm", views.ConfirmView.as_view(), name="api-booking-confirm"),
    path("bookings/<str:code>/cancel", views.CancelView.as_view(), name="api-booking-cancel"),
    path("bookings/<str:code>/errands", views.ErrandsView.as_view(), name="api-booking-errands"),
    path("bookings/<str:code>/decline", views.DeclineView.as_view(), name="api-booking-decline"),
    path(
        "bookings/<str:code>/reschedule",
        views.RescheduleView.as_view(),
        name="api-booking-reschedule",
    ),
    path("bookings/<str:code>/ticket", views.TicketView.as_view(), name="api-booking-ticket"),
    path(
        "bookings/<str:code>/calendar.ics",
        views.CalendarView.as_view(),
        name="api-booking-calendar",
    ),
]
