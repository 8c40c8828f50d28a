"""Every service says who acts, every query who reads; doors go through them and nowhere else."""

import importlib
import inspect
import re

import pytest

from tests.architecture.source import PACKAGE

FEATURES = sorted(p.name for p in (PACKAGE / "features").iterdir() if (p / "apps.py").is_file())
NOBODY_ACTS = {
    "minga.features.membership.services.found_hub": "nobody is there to act yet",
    "minga.features.exchange.services.new_request_key": "it makes a random word",
    "minga.features.membership.services.takes_advanced_signatures": "it looks at a setting",
}
NOBODY_READS = {
    "minga.store.objects.queries.no_object": "it puts an answer into words",
    "minga.features.exchange.queries.selection": "it names rows and reads none",
    "minga.features.membership.queries.authorities_in": "it reads a folder of the operator",
    "minga.features.membership.queries.seal_of_hub": "its certificate is for everybody",
}
QUERIES_OF_THE_STORE = "minga.store.objects.queries"


def exported(module_name):
    """The public functions of a module or package, by full name."""
    module = importlib.import_module(module_name)
    names = getattr(module, "__all__", None) or [n for n in vars(module) if not n.startswith("_")]
    return {
        f"{module_name}.{name}": thing
        for name in names
        if inspect.isfunction(thing := getattr(module, name))
        and thing.__module__.startswith(module_name)
    }


def modules_named(name):
    found = [f"minga.features.{feature}.{name}" for feature in FEATURES]
    return [each for each in found if importlib.util.find_spec(each)]


def keyword_only(function, name):
    parameter = inspect.signature(function).parameters.get(name)
    return parameter is not None and parameter.kind is inspect.Parameter.KEYWORD_ONLY


@pytest.mark.parametrize("module", modules_named("services"))
def test_every_service_takes_who_acts(module):
    lacking = {n for n, function in exported(module).items() if not keyword_only(function, "by")}

    assert lacking <= set(NOBODY_ACTS)


@pytest.mark.parametrize("module", [*modules_named("queries"), QUERIES_OF_THE_STORE])
def test_every_query_takes_who_reads(module):
    lacking = {
        n for n, function in exported(module).items() if not keyword_only(function, "reader")
    }

    assert lacking <= set(NOBODY_READS)


@pytest.mark.parametrize(("exceptions", "word"), [(NOBODY_ACTS, "by"), (NOBODY_READS, "reader")])
def test_every_exception_is_still_one(exceptions, word):
    for name in exceptions:
        module, _, function = name.rpartition(".")
        assert not keyword_only(getattr(importlib.import_module(module), function), word), name


@pytest.mark.parametrize("module", modules_named("services"))
def test_every_service_says_in_words_what_it_does(module):
    for name, function in exported(module).items():
        assert inspect.getdoc(function), name


def test_pages_and_faces_enter_a_feature_by_its_services_queries_and_nothing_else():
    """Models of a feature are its own; those of the store are shared."""
    inside = re.compile(r"^\s*(?:from|import) minga\.features\.(\w+)\.(models|jobs|pages|forms)\b")
    for path in (PACKAGE / "faces").rglob("*.py"):
        for line in path.read_text("utf-8").splitlines():
            assert not inside.match(line), f"{path}: {line}"


def test_no_caller_hands_a_request_to_the_database():
    """Django walks relations by name: `filter(**request.GET)` would read what nobody may."""
    names_from_outside = re.compile(
        r"\.(filter|exclude|get|order_by|annotate|values|values_list)\(\s*\*{1,2}\s*request\b"
    )
    for path in PACKAGE.rglob("*.py"):
        assert not names_from_outside.search(path.read_text("utf-8")), path
