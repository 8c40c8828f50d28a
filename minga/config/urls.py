"""The table of addresses: each face and feature brings its own."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("minga.faces.taxii.urls")),
    path("", include("minga.faces.api.urls")),
    path("", include("minga.web.urls")),
    path("", include("minga.features.exchange.urls")),
    path("", include("minga.features.membership.urls")),
]

handler400 = "minga.web.problems.bad_request"
handler403 = "minga.web.problems.forbidden"
handler404 = "minga.web.problems.not_found"
handler500 = "minga.web.problems.server_error"
