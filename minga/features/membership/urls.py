"""The addresses of the pages on who belongs."""

from django.urls import path

from minga.features.membership.pages import (
    agreement,
    circles,
    journal,
    keys,
    leaving,
    members,
    people,
)

urlpatterns = [
    path("agreement/", agreement.agreement, name="agreement"),
    path("agreement/sign", agreement.sign, name="agreement-sign"),
    path("agreement/clauses/<int:number>/withdraw", agreement.withdraw, name="clause-withdraw"),
    path("agreement/leave", leaving.leave, name="agreement-leave"),
    path("agreement/stay", leaving.stay, name="agreement-stay"),
    path("members/", members.members, name="members"),
    path("members/<slug:slug>/", members.member, name="member"),
    path("members/<slug:slug>/class", members.classify, name="member-class"),
    path("members/<slug:slug>/invite", people.invite, name="member-invite"),
    path("organisation/", members.organisation, name="organisation"),
    path("circles/", circles.circles, name="circles"),
    path("circles/<slug:slug>/", circles.circle, name="circle"),
    path("circles/<slug:slug>/members/<slug:member>/expel", circles.expel, name="circle-expel"),
    path("people/", people.people, name="people"),
    path("people/invite", people.invite, name="person-invite"),
    path("people/<uuid:person>/", people.person, name="person"),
    path("people/<uuid:person>/link", people.link, name="person-link"),
    path("people/<uuid:person>/close", people.close_out, name="person-close"),
    path("keys/", keys.keys, name="keys"),
    path("keys/new", keys.create, name="key-new"),
    path("keys/<slug:locator>/revoke", keys.revoke, name="key-revoke"),
    path("journal/", journal.journal, name="journal"),
    path("journal.csv", journal.journal_csv, name="journal-csv"),
    path("journal.jsonl", journal.journal_jsonl, name="journal-jsonl"),
]
