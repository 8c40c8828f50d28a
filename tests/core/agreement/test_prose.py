"""Numbers of clauses as a person reads them."""

import pytest

from minga.core.agreement.prose import in_ranges


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ([], ""),
        ([4], "4"),
        ([1, 2], "1–2"),
        (range(1, 17), "1–16"),
        ([14, 1, 2, 3, 12, 3], "1–3, 12, 14"),
    ],
)
def test_numbers_that_follow_each_other_are_one_range(numbers, said):
    assert in_ranges(numbers) == said
