"""The pages that belong to no feature."""

from django.urls import path

from minga.web.pages import account, arriving, door, factors, identity, preferences, sessions

urlpatterns = [
    path("", account.home, name="home"),
    path("me/", account.account, name="account"),
    path("me/confirm", account.confirm, name="confirm"),
    path("me/passkeys/new", factors.add_passkey, name="passkey-new"),
    path("me/passkeys/options", factors.passkey_options, name="passkey-new-options"),
    path("me/passkeys/<uuid:passkey>/remove", factors.remove_passkey, name="passkey-remove"),
    path("me/app/new", factors.add_app, name="app-new"),
    path("me/app/remove", factors.remove_app, name="app-remove"),
    path("me/recovery-codes", factors.recovery_codes, name="recovery-codes"),
    path("me/password", factors.password, name="password"),
    path("me/sessions/", sessions.sessions, name="sessions"),
    path("me/sessions/end-others", sessions.end_others, name="sessions-end-others"),
    path("me/sessions/end-all", sessions.end_all, name="sessions-end-all"),
    path("me/sessions/<uuid:session>/end", sessions.end, name="session-end"),
    path("me/identity/", identity.identity, name="identity"),
    path("me/identity/connect", identity.connect, name="identity-connect"),
    path("me/identity/disconnect", identity.disconnect, name="identity-disconnect"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("sign-in/", door.by_password, name="sign-in"),
    path("sign-in/passkey", door.by_passkey, name="sign-in-by-passkey"),
    path("sign-in/passkey/options", door.passkey_options, name="passkey-options"),
    path("sign-in/second", arriving.second, name="sign-in-second"),
    path("sign-in/enrol", arriving.enrol, name="enrol"),
    path("sign-in/enrol/passkey", arriving.enrol_passkey, name="enrol-passkey"),
    path("sign-in/enrol/passkey/options", arriving.passkey_options, name="enrol-passkey-options"),
    path("sign-in/enrol/app", arriving.enrol_app, name="enrol-app"),
    path("sign-in/<str:token>/", door.by_link, name="sign-in-by-link"),
    path("sign-in/with/return", identity.answered, name="sign-in-answered"),
    path("sign-in/with/<uuid:provider>/", identity.sign_in_with, name="sign-in-with"),
    path("sign-out/", door.leave, name="sign-out"),
]
