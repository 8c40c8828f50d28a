"""What can be seen on a network or a machine: kinds, one spelling for each, and finding them."""

from minga.core.observables.addresses import contains
from minga.core.observables.canonical import canonical
from minga.core.observables.confusables import skeleton
from minga.core.observables.defanging import defang
from minga.core.observables.extraction import Find, extract
from minga.core.observables.kinds import Kind, Observable
from minga.core.observables.names import parents
from minga.core.observables.recognition import recognise, recognise_many
from minga.core.observables.refanging import refang
from minga.core.observables.stix import to_pattern, to_sco

__all__ = [
    "Find",
    "Kind",
    "Observable",
    "canonical",
    "contains",
    "defang",
    "extract",
    "parents",
    "recognise",
    "recognise_many",
    "refang",
    "skeleton",
    "to_pattern",
    "to_sco",
]
