"""What a person types of circles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from minga.core.circles import CircleRule
from minga.core.sectors import REGIONS, SECTORS
from minga.features.membership.services.circles import LONGEST_PAUSE_DAYS, PAUSE_DAYS, Joining
from minga.features.membership.templatetags.directory import sector_name
from minga.store.audiences.models import Circle
from minga.store.people.models import Organisation


class AdmitForm(forms.Form):
    """Which organisation to let into a circle."""

    organisation = forms.ChoiceField(label=_("Organisation"))

    def __init__(self, *args: Any, offered: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = [  # type: ignore[attr-defined] # of its own class
            (each.slug, each.name) for each in offered
        ]


class JoiningForm(forms.Form):
    """How organisations come to sit in a circle: by a rule, or as its admission says."""

    way = forms.ChoiceField(
        label=_("Who comes to sit in it"),
        widget=forms.RadioSelect,
        choices=[
            ("steward", _("Whom the steward lets in")),
            (
                "sponsor",
                _("Whom one of them answers for, unless the steward objects in three days"),
            ),
            ("vote", _("Whom more than half of them vote for in seven days")),
            ("rule", _("By a rule: whoever is of these sectors, regions and classes")),
        ],
        initial="steward",
    )
    is_listed = forms.BooleanField(
        label=_("Every member may know that it exists and ask to join"),
        help_text=_("With a vote or a sponsor."),
        required=False,
    )
    pause_days = forms.IntegerField(
        label=_("Days until who was not let in may be proposed or ask again"),
        help_text=_("With a vote or a sponsor."),
        min_value=0,
        max_value=LONGEST_PAUSE_DAYS,
        initial=PAUSE_DAYS,
        required=False,
    )
    sectors = forms.MultipleChoiceField(label=_("Sectors"), required=False)
    regions = forms.MultipleChoiceField(
        label=_("Regions"), required=False, choices=list(REGIONS.items())
    )
    is_essential = forms.BooleanField(label=_("Gives an essential service"), required=False)
    is_vital = forms.BooleanField(label=_("Operator of vital importance"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sectors"].choices = [  # type: ignore[attr-defined] # of its own class
            (code, sector_name(code)) for code in sorted(SECTORS, key=sector_name)
        ]

    @property
    def joining(self) -> Joining:
        """What was chosen; what is not of the way chosen is left out."""
        said = self.cleaned_data
        if said["way"] != "rule":
            listed = said["is_listed"] and said["way"] != "steward"
            days = said["pause_days"]
            return Joining(
                admission=said["way"], is_listed=listed,
                pause_days=PAUSE_DAYS if days is None else days,
            )  # fmt: skip
        return Joining(
            CircleRule(
                frozenset(said["sectors"]), frozenset(said["regions"]),
                is_essential=said["is_essential"], is_vital=said["is_vital"],
            )
        )  # fmt: skip

    @staticmethod
    def said_of(circle: Circle) -> dict[str, Any]:
        """What the form says of a circle as it is."""
        rule = circle.rule or CircleRule()
        return {
            "way": circle.admission if circle.rule is None else "rule",
            "is_listed": circle.is_listed,
            "pause_days": circle.pause_days,
            "sectors": sorted(rule.sectors),
            "regions": sorted(rule.regions),
            "is_essential": rule.is_essential,
            "is_vital": rule.is_vital,
        }


class CircleForm(JoiningForm):
    """A new circle."""

    field_order = ("name", "purpose", "steward")
    name = forms.CharField(label=_("Name"), max_length=120)
    purpose = forms.CharField(
        label=_("What it is for"), help_text=_("In a sentence."), max_length=300, required=False
    )
    steward = forms.ChoiceField(
        label=_("Steward"), help_text=_("Sits in it from the start and speaks for it.")
    )

    def __init__(self, *args: Any, offered: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["steward"].choices = [  # type: ignore[attr-defined] # of its own class
            (each.slug, each.name) for each in offered
        ]
