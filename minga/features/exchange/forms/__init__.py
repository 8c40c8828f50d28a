"""What a person may type in the exchange."""

from minga.features.exchange.forms.answers import FeedbackForm, ObservableForm, SightingForm
from minga.features.exchange.forms.audience import AudienceForm
from minga.features.exchange.forms.filters import read_filters
from minga.features.exchange.forms.words import WordsForm

__all__ = [
    "AudienceForm",
    "FeedbackForm",
    "ObservableForm",
    "SightingForm",
    "WordsForm",
    "read_filters",
]
