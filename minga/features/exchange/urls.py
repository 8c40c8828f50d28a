"""The addresses of the exchange's pages."""

from django.urls import path

from minga.features.exchange.pages import answering, composing, listing, looking_up, reading

urlpatterns = [
    path("alerts/", listing.contributions, name="alerts"),
    path("alerts/<uuid:uuid>/", reading.contribution, name="alert"),
    path("alerts/<uuid:uuid>/sightings", answering.sighting_in_contribution, name="alert-seen"),
    path("alerts/<uuid:uuid>/feedback", answering.feedback_in_contribution, name="alert-answer"),
    path("alerts/<uuid:uuid>/revise", composing.revise, name="alert-revise"),
    path("alerts/<uuid:uuid>/audience", composing.widen, name="alert-widen"),
    path("alerts/<uuid:uuid>/withdraw", answering.withdraw, name="alert-withdraw"),
    path("share", composing.share, name="share"),
    path("share/findings", composing.findings, name="share-findings"),
    path("share/summary", composing.summary, name="share-summary"),
    path("lookup", looking_up.look_up, name="lookup"),
    path("lookup/sightings", answering.sighting_of_observable, name="observable-seen"),
    path("lookup/feedback", answering.feedback_on_observable, name="observable-answer"),
    # A URL is a value too, so the value takes all that is left, slashes and all.
    path("observables/<str:kind>/<path:value>/", looking_up.observable, name="observable"),
]
