"""A full disk is told as 507, keeps nothing by halves, and lets readers read on."""

import pytest

from minga.store.objects.models import Contribution
from tests.faces.api.conversation import draft
from tests.faces.taxii.test_full_disk import Disk

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_does_not_fit_is_refused_whole_and_accepted_once_there_is_room(two):
    shared = two.sharing.share()
    disk, large = Disk(), draft(title="Largo", text="largo " * 16_000)
    disk.fill()
    try:
        refused = two.sharing.post("contributions", large)
        assert (refused.status_code, refused.json()["type"]) == (
            507, "urn:minga:problem:storage-full",
        )  # fmt: skip
        assert int(refused["Retry-After"]) > 0
        assert Contribution.objects.count() == 1
        assert two.reading.get(f"contributions/{shared['id']}").status_code == 200
    finally:
        disk.empty()
    assert two.sharing.post("contributions", large).status_code == 201
