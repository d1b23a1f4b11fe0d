"""Messages of the public pages: those in their templates, in code, and the labels that code translates by a variable."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.template import Engine, Template
from django.template.base import Node, NodeList
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

from nato_support.pages.catalogue.labels import variable_labels
from nato_support.pages.catalogue.po_files import Catalogue, CatalogueEntry, MessageKey

_PACKAGES = ("entities", "sources", "nato_support")
# Position of the arguments of each function: context, text, plural.
_FUNCTIONS = {
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
}


def page_messages() -> dict[MessageKey, list[str]]:
    """Return each message of the pages with the files that it is used in, in the order of the catalogue."""
    messages: dict[MessageKey, list[str]] = {}
    for key, source in (*_template_messages(), *_code_messages(), *variable_labels()):
        sources = messages.setdefault(key, [])
        if source not in sources:
            sources.append(source)
    return messages


def updated_catalogue(catalogue: Catalogue) -> Catalogue:
    """Return a catalogue with exactly the messages of the pages; new ones are not translated yet."""
    entries = {}
    for key, sources in page_messages().items():
        known = catalogue.entries.get(key)
        empty = [""] * (catalogue.number_of_plurals if key.plural else 1)
        entries[key] = CatalogueEntry(
            key, known.translations if known else empty, known.is_fuzzy if known else False, list(sources)
        )
    return Catalogue(catalogue.header, entries)


def _code_messages() -> Iterator[tuple[MessageKey, str]]:
    for package in _PACKAGES:
        for path in sorted((settings.BASE_DIR / package).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            if "gettext" in text:
                for node in ast.walk(ast.parse(text)):
                    if isinstance(node, ast.Call) and (key := _called_message(node)):
                        yield key, _relative(path)


def _called_message(call: ast.Call) -> MessageKey | None:
    """Return the message of a call of gettext and the like; None for another call, and for one with a variable."""
    positions = _FUNCTIONS.get(call.func.id) if isinstance(call.func, ast.Name) else None
    if positions is None:
        return None
    texts = [""] * 3
    for at, position in enumerate(positions):
        if position is not None:
            argument = call.args[position]
            if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
                return None
            texts[at] = argument.value
    return MessageKey(*texts)


def _template_messages() -> Iterator[tuple[MessageKey, str]]:
    for path in sorted((settings.BASE_DIR / "nato_support").rglob("templates/**/*.html")):
        if "desk" in path.relative_to(settings.BASE_DIR).parts:
            # The admin is not translated.
            continue
        text = path.read_text(encoding="utf-8")
        if "{% load i18n" in text:
            for node in _nodes(Template(text, engine=Engine.get_default()).nodelist):
                yield _message_of_node(node), _relative(path)


def _nodes(nodes: NodeList) -> list[Node]:
    return [*nodes.get_nodes_by_type(TranslateNode), *nodes.get_nodes_by_type(BlockTranslateNode)]


def _message_of_node(node: Node) -> MessageKey:
    if isinstance(node, TranslateNode):
        text = node.filter_expression.var.literal
        assert isinstance(text, str) and node.message_context is None, "translate takes a text in quotes"
        return MessageKey("", text, "")
    assert isinstance(node, BlockTranslateNode) and node.message_context is None
    plural = node.render_token_list(node.plural)[0] if node.plural else ""
    return MessageKey("", node.render_token_list(node.singular)[0], plural)


def _relative(path: Path) -> str:
    return path.relative_to(settings.BASE_DIR).as_posix()
