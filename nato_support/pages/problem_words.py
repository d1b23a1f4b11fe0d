"""Problems of the API in words for readers: a heading, what happened, what to do, and the records that may be meant."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext

from nato_support.api.problems import PROBLEM_EXPLANATIONS, ApiProblem
from nato_support.pages.languages import is_source_language
from nato_support.pages.page_urls import page_path


@dataclass(slots=True)
class ProblemWords:
    """Words on the page of a problem."""

    title: str
    explanation: str
    details: list[tuple[str, str]] = field(default_factory=list)
    """Name of a parameter, and what is wrong with it."""
    suggestions: list[tuple[str, str]] = field(default_factory=list)
    """Path and name of records that may be meant."""


def describe_problem(problem: ApiProblem) -> ProblemWords:
    """Describe a problem for readers; one that has no words here keeps those of the API."""
    title, explanation = _words().get(problem.code, (gettext(problem.title), problem.detail))
    if problem.code not in _words() and not is_source_language():
        explanation = gettext(PROBLEM_EXPLANATIONS[problem.code])
    suggestions = [(page_path(suggestion["href"]), suggestion["name"]) for suggestion in problem.members.get("suggestions", ())]
    return ProblemWords(title, explanation, [*_fault_words(problem)], suggestions)


def _fault_words(problem: ApiProblem) -> Iterator[tuple[str, str]]:
    for fault in problem.members.get("errors", ()):
        words = gettext(fault["code"].replace("_", " "))
        if is_source_language():
            # The API says more, in English.
            words = fault.get("detail") or words
        if meant := fault.get("did_you_mean"):
            words = gettext("%(words)s. Did you mean %(meant)s?") % {"words": words, "meant": ", ".join(meant)}
        yield fault["name"], words


def _words() -> dict[str, tuple[str, str]]:
    """Return code -> title and explanation, in the language of the request."""
    return {
        "not-found": (
            gettext("There is no such page"),
            gettext("No public record or page has this address. It may be misspelt, or never have been published."),
        ),
        "withdrawn": (
            gettext("This record was withdrawn"),
            gettext(
                "It used to be public and is no longer: its editors found that it should not stand as it did. "
                "Its older editions are not shown either. Records that rested on it have been put right."
            ),
        ),
        "merged": (
            gettext("This record has another address now"),
            gettext("It was found to be the same as another record, and both were joined. Use the new address from now on."),
        ),
        "invalid-parameters": (
            gettext("This question cannot be answered"),
            gettext("Something in the address or the form was not understood; nothing was searched."),
        ),
        "rate-limited": (
            gettext("Too many requests"),
            gettext("A great many pages were asked for from your address. Wait a moment and try again."),
        ),
        "unavailable": (
            gettext("The register is busy"),
            gettext("It is overloaded, or its database does not answer. Try again in a few seconds."),
        ),
        "internal": (gettext("The register failed to answer"), gettext("The fault is ours and has been recorded.")),
    }
