"""The pages that belong to no feature."""

from django.urls import path

from minga.web.pages import account, door, preferences

urlpatterns = [
    path("", account.home, name="home"),
    path("me/", account.account, name="account"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("sign-in/", door.by_password, name="sign-in"),
    path("sign-in/<str:token>/", door.by_link, name="sign-in-by-link"),
    path("sign-out/", door.leave, name="sign-out"),
]
