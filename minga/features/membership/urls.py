"""The addresses of the pages on who belongs."""

from django.urls import path

from minga.features.membership.pages import agreement, journal

urlpatterns = [
    path("agreement/", agreement.agreement, name="agreement"),
    path("agreement/sign", agreement.sign, name="agreement-sign"),
    path("agreement/clauses/<int:number>/withdraw", agreement.withdraw, name="clause-withdraw"),
    path("journal/", journal.journal, name="journal"),
    path("journal.csv", journal.journal_csv, name="journal-csv"),
    path("journal.jsonl", journal.journal_jsonl, name="journal-jsonl"),
]
