"""The addresses that Twilio calls."""

from django.urls import path

from calls.twilio import views

urlpatterns = [
    path("twiml/incoming/<int:business_id>", views.incoming, name="twiml-incoming"),
    path("twiml/outbound/<int:business_id>", views.outbound, name="twiml-outbound"),
    path("twilio/status", views.status, name="twilio-status"),
    path("twilio/stream-status", views.stream_status, name="twilio-stream-status"),
    path("twilio/stream-ended", views.stream_ended, name="twilio-stream-ended"),
]
