"""The views of both versions."""

from collections.abc import Mapping
from typing import Any

from nato_support.api.answering import READING, Answer, Asked
from nato_support.api.parameters import Parameter
from nato_support.api.reconciling import answers, asking, extending, previewing, shapes, suggesting
from nato_support.api.reconciling.manifest import draft_manifest
from nato_support.api.views import PublicView

POSTING = ("POST", "OPTIONS")


class ReconcilingView(PublicView):
    """A view of the service. `accepts` is what may be posted to it: media type -> JSON Schema."""

    schema = shapes.ReconcilingSchema()
    draft = False
    """Whether it belongs to version 1.0-draft."""
    accepts: Mapping[str, dict] = {}
    media = "application/json"

    def post(self, asked: Asked, **kwargs: Any) -> Answer:
        """What `get` answers, to whichever method: drf-spectacular wants one of its own for each that it describes."""
        return self.get(asked, **kwargs)

    @property
    def allowed_methods(self) -> list[str]:
        return [method for method in self.methods if method not in ("HEAD", "OPTIONS")]

    def operation(self) -> str:
        return f"reconcile_draft_{self.name}" if self.draft else f"reconcile_{self.name}"

    def summary(self) -> str:
        return f"{self.words} ({'1.0-draft' if self.draft else '0.2'})"

    def tag(self) -> str:
        return "reconcile"


class RootView(ReconcilingView):
    name, words = "root", "The reconciliation service: its manifest, or answers to a batch of queries"
    methods, refuses = (*READING, "POST"), (400, 413, 415)
    parameters, shape, accepts = shapes.ROOT, shapes.ROOT_ANSWER, shapes.FORMS

    def get(self, asked: Asked) -> Answer:
        return answers.root(asked)


class DraftRootView(ReconcilingView):
    name, words, shape, refuses, draft = "root", "The reconciliation service's manifest", shapes.MANIFEST, (), True

    def get(self, asked: Asked) -> Answer:
        return asking.answer(draft_manifest(asked.site))


class MatchView(ReconcilingView):
    name, words, methods, refuses = "match", "Candidates for a batch of queries", POSTING, (400, 413, 415)
    shape, accepts = shapes.DRAFT_RESULTS, shapes.DRAFT_QUERIES

    def get(self, asked: Asked) -> Answer:
        return answers.match(asked)


class SuggestView(ReconcilingView):
    what = ""
    parameters = shapes.SUGGEST

    def get(self, asked: Asked) -> Answer:
        data = asking.sent(asked)
        return asking.answer(suggesting.suggested(self.what, data), data.get("callback", ""))

    def operation(self) -> str:
        return f"{super().operation()}suggest_{self.what}"

    def summary(self) -> str:
        return f"Suggest {suggesting.PLURALS[self.what]} while one types ({'1.0-draft' if self.draft else '0.2'})"

    def takes(self) -> Mapping[str, Parameter]:
        return shapes.SUGGEST if self.what != "type" else {name: one for name, one in shapes.SUGGEST.items() if name != "type"}

    def gives(self) -> Any:
        return shapes.SUGGESTIONS


class FlyoutView(ReconcilingView):
    what = ""
    parameters, shape, refuses = shapes.ONE, shapes.FLYOUT, (400, 404)

    def get(self, asked: Asked) -> Answer:
        data = asking.sent(asked)
        return asking.answer(suggesting.flyout(self.what, data.get("id", "")), data.get("callback", ""))

    def operation(self) -> str:
        return f"{super().operation()}flyout_{self.what}"

    def summary(self) -> str:
        return f"A few words about one {self.what} (0.2)"


class PreviewView(ReconcilingView):
    name, words, refuses = "preview", "A small page about one entity, to be framed", (400, 404)
    parameters, shape, media = shapes.ONE, {"type": "string"}, "text/html"

    def get(self, asked: Asked) -> Answer:
        return previewing.preview(asking.sent(asked).get("id", ""), asked.site)


class ProposeView(ReconcilingView):
    name, words = "propose", "Properties that entities of a type may have"
    parameters, shape = shapes.PROPOSE, shapes.PROPOSED

    def get(self, asked: Asked) -> Answer:
        data = asking.sent(asked)
        return asking.answer(extending.proposed(data), data.get("callback", ""))


class ExtendView(ReconcilingView):
    name, words, methods, refuses = "extend", "Values of properties of entities", POSTING, (400, 413, 415)
    shape, accepts = shapes.DRAFT_ROWS, shapes.DRAFT_EXTEND

    def get(self, asked: Asked) -> Answer:
        return asking.answer(extending.draft_extended(asking.posted(asked)), kept=False)
