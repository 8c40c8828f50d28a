"""The rail says where the reader is, also on a page whose address begins otherwise."""

import pytest

from minga.web import navigation


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        ("/agreement/acts/", "agreement"),
        ("/ceremonies/", "agreement"),
        ("/ceremonies/new", "agreement"),
        ("/keys/new", "agreement"),
        ("/members/banco/", "members"),
        ("/circles/mesa/joining", "members"),
        ("/people/", "members"),
        ("/organisation/pgp", "members"),
        ("/departures/", "members"),
        ("/me/", None),
        ("/circlesque", None),
    ],
)
def test_each_page_stands_below_one_entry_at_most(path, entry):
    here = [place.icon for place in navigation.places(path, frozenset()) if place.is_here]

    assert here == ([entry] if entry else [])
