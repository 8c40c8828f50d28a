"""The addresses of the pages on who belongs."""

from django.urls import path

from minga.features.membership.pages import agreement

urlpatterns = [
    path("agreement/", agreement.agreement, name="agreement"),
    path("agreement/sign", agreement.sign, name="agreement-sign"),
    path("agreement/clauses/<int:number>/withdraw", agreement.withdraw, name="clause-withdraw"),
]
