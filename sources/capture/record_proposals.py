"""Proposals of new records: what a passage states about something that the register does not have yet.

A proposal fills the form of a new record: the fields that the passage states, each with the source's own words, and nothing
that it does not state. What an editor classifies is left open, except a category that the amount itself tells.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from entities.amounts import Amount
from entities.formatting import format_stated_amount, join_names
from entities.models import Entity, RelationType
from entities.names_in_sentences import name_in_sentence
from entities.relation_facts import RelationFact
from entities.vocabulary import (
    CommitmentCategory,
    Kind,
    MeasureKind,
    Nature,
    OrganisationType,
    Polarity,
    Stage,
    SuggestionKind,
)
from sources.capture import passage_words
from sources.capture.commitment_parties import organisations_named, parties_of
from sources.capture.fact_candidates import NEW_MEASURE, NEW_MILESTONE
from sources.capture.passage_reading import (
    WordsRead,
    follows_words,
    read_modality,
    read_nature,
    read_polarity,
    read_stage,
    tells_of_commitment,
    words_before,
)
from sources.capture.passages import Passage
from sources.capture.record_creation import StatedValue, facts_of_name
from sources.suggestions.suggestion import Suggestion

MOST_PROPOSED = 6
"""Proposals for one passage."""
_LONGEST_LINK = 200
"""Characters from one party of a relation to the other, beyond which the words between them tell of something else."""


@dataclass(frozen=True, slots=True)
class RecordProposal:
    """New record that a passage tells of: its kind, its name, what an editor would classify, and the facts stated."""

    kind: str
    """A kind of entity, or `relation`."""
    name: str
    """In the register's own words or, where a name needs evidence, as the passage has it; '' for a relation."""
    facts: tuple[StatedValue, ...] = ()
    columns: dict[str, str] = field(default_factory=dict)
    """Assessed fields that the passage decides."""
    reason: str = ""
    requires: "dict[str, RecordProposal]" = field(default_factory=dict)
    """Records to be added before it, by the reference that stands for their public id in its facts."""
    named_at: tuple[int, int, str] | None = None
    """Start, end and words of another passage, which states the full name."""


def propose_records(passage: Passage) -> list[RecordProposal]:
    """Return the new records that the passage may tell of, the likeliest first: a commitment, relations, and what it names."""
    commitment = _propose_commitment(passage)
    proposals = [commitment] if commitment else []
    return [*proposals, *_propose_relations(passage), *_propose_named_records(passage)][:MOST_PROPOSED]


def _propose_commitment(passage: Passage) -> RecordProposal | None:
    nature, amounts = read_nature(passage.words, passage.language), _stated_amounts(passage)
    parties = organisations_named(passage)
    if not (tells_of_commitment(passage.words, passage.language) or (amounts and parties)):
        return None
    givers, beneficiary = parties_of(passage, nature, parties)
    # Where the nature is not clear, its row waits for the editor.
    facts = [StatedValue("nature", nature.meaning if nature else "", as_stated=nature.exact if nature else "")]
    facts += [StatedValue("committed_by", mention.proposal["entity"], as_stated=mention.exact) for mention in givers]
    facts += [StatedValue("beneficiary", beneficiary.proposal["entity"], as_stated=beneficiary.exact)] if beneficiary else []
    facts += [StatedValue(NEW_MEASURE, amount.proposal["typed"], as_stated=_single_line(amount.exact)) for amount in amounts]
    facts += _dated_facts(passage)
    return RecordProposal(
        Kind.COMMITMENT,
        _commitment_name(nature, amounts, givers, beneficiary, _names_in_register(parties)),
        tuple(facts),
        _category_of(amounts),
        f"the passage says “{nature.exact}”" if nature else "the passage tells of one",
        _new_states(passage, [*givers, beneficiary] if beneficiary else givers),
    )


def _new_states(passage: Passage, parties: Iterable[Suggestion]) -> dict[str, RecordProposal]:
    """Return proposals of the states among `parties` that the register does not have, by their references."""
    return {party.proposal["entity"]: _propose_state(party) for party in parties if party in passage.unknown_states}


def _propose_state(state: Suggestion) -> RecordProposal:
    name = state.proposal["name"]
    facts = tuple(facts_of_name(Kind.ORGANISATION, name, _single_line(state.exact)))
    return RecordProposal(Kind.ORGANISATION, name, facts, {"type": OrganisationType.STATE.value}, state.reason)


def _stated_amounts(passage: Passage) -> list[Suggestion]:
    """Return the amounts of the passage but those that convert another one into a second currency."""
    return [amount for amount in passage.of_kind(SuggestionKind.AMOUNT) if amount.proposal["converts"] is None]


def _dated_facts(passage: Passage) -> Iterator[StatedValue]:
    """Yield by when it is due, for which time it is meant, and the step that the passage dates."""
    stage, dates = read_stage(passage.words, passage.language), passage.of_kind(SuggestionKind.DATE)
    steps = []
    for date in dates:
        value = date.proposal["date"]
        if by_words := words_before(passage_words.BY_WORDS, passage.before(date), passage.language):
            yield StatedValue("due", value if "/" in value else f"../{value}", as_stated=_single_line(by_words + date.exact))
        elif follows_words(passage_words.PERIOD_WORDS, passage.before(date), passage.language):
            end = f"/{date.proposal['end']}" if date.proposal["end"] else ""
            yield StatedValue("period", f"{value}{end}", as_stated=_single_line(date.exact))
        elif not date.proposal["end"]:
            steps.append(date)
    if stage and len({step.proposal["date"] for step in steps}) == 1:
        value = f"{Stage(stage.meaning).value} {steps[-1].proposal['date']}"
        yield StatedValue(NEW_MILESTONE, value, as_stated=_single_line(steps[-1].exact))


def _category_of(amounts: Sequence[Suggestion]) -> dict[str, str]:
    """Return the category that the amounts tell, if they are all of one kind: money is funding, persons are personnel."""
    told = {MeasureKind.MONEY: CommitmentCategory.FUNDING, MeasureKind.HEADCOUNT: CommitmentCategory.PERSONNEL}
    kinds = {Amount.parse(amount.proposal["typed"]).kind for amount in amounts}
    category = told.get(next(iter(kinds))) if len(kinds) == 1 else None
    return {"category": category.value} if category else {}


def _commitment_name(
    nature: WordsRead | None,
    amounts: Sequence[Suggestion],
    givers: Sequence[Suggestion],
    beneficiary: Suggestion | None,
    names: Mapping[str, str],
) -> str:
    """Return a name in the register's own words, made of what is stated: €40 billion for Ukraine, from Germany."""
    what = " and ".join(format_stated_amount(amount.proposal["typed"]) for amount in amounts[:2])
    if not what:
        what = Nature(nature.meaning).label.capitalize() if nature else ""
    towards = f" for {name_in_sentence(names[beneficiary.proposal['entity']])}" if beneficiary else ""
    origin = f" from {join_names(name_in_sentence(names[giver.proposal['entity']]) for giver in givers[:2])}" if givers else ""
    name = f"{what}{towards}{origin}"
    return name[:1].upper() + name[1:] if amounts or towards or origin else ""


def _names_in_register(mentions: Iterable[Suggestion]) -> dict[str, str]:
    """Return slug -> name of the records that are mentioned: the text may call them otherwise, in its own language."""
    called = {mention.proposal["entity"]: mention.proposal["name"] for mention in mentions}
    return called | dict(Entity.objects.filter(slug__in=called).values_list("slug", "name")) if called else {}


def _propose_relations(passage: Passage) -> Iterator[RecordProposal]:
    """Yield the relations whose verb stands between two records that the passage names."""
    mentions = passage.of_kind(SuggestionKind.MENTION)
    if len(mentions) < 2:
        return
    types = list(RelationType.objects.prefetch_related("joins"))
    names = dict(Entity.objects.filter(slug__in=[one.proposal["entity"] for one in mentions]).values_list("slug", "kind"))
    for first, second in zip(mentions, mentions[1:], strict=False):
        between = passage.between(first, second)
        if len(between) > _LONGEST_LINK or first.proposal["entity"] == second.proposal["entity"]:
            continue
        # What is only denied is no relation of the register.
        if read_polarity(between, passage.language) == Polarity.DENIES:
            continue
        words = passage.words[first.start - passage.start : second.end - passage.start]
        for type in types:
            for subject, object_, verbs in (
                (first, second, (type.label, type.past_label, type.infinitive)),
                (second, first, (type.inverse_label, type.inverse_past_label, type.inverse_infinitive)),
            ):
                slugs = subject.proposal["entity"], object_.proposal["entity"]
                if type.may_join(names.get(slugs[0], ""), names.get(slugs[1], "")) and _tells(between, verbs):
                    # Words that tell of two modalities leave the choice to the editor.
                    fact = RelationFact(read_modality(between, passage.language), slugs[0], type.slug, slugs[1])
                    facts = (StatedValue("relation", str(fact), as_stated=_single_line(words)),)
                    yield RecordProposal("relation", "", facts, reason=f"“{_single_line(between.strip())}” stands between them")


def _tells(between: str, verbs: Iterable[str]) -> bool:
    """Return whether the words between two names are those of a verb, whatever stands around them."""
    plain = " ".join(between.casefold().split())
    return any(re.search(rf"(?<!\w){re.escape(verb.casefold())}(?!\w)", plain) for verb in verbs)


def _propose_named_records(passage: Passage) -> Iterator[RecordProposal]:
    """Yield a record for each name that the register does not know, if it is a state or the passage tells of what kind it is."""
    states = {state.proposal["entity"]: state for state in reversed(passage.unknown_states)}
    yield from (_propose_state(state) for state in reversed(states.values()))
    for suggestion in passage.of_kind(SuggestionKind.NAME):
        kind, name = suggestion.proposal["entity_kind"], suggestion.proposal["name"]
        if not kind:
            continue
        facts = tuple(facts_of_name(kind, name, _single_line(suggestion.exact)))
        yield RecordProposal(kind, name, facts, reason="the register does not know this name")


def names_of_unknown_kind(passage: Passage) -> list[str]:
    """Return the names of which the passage does not tell whether a person, a body or a place has them."""
    return [one.proposal["name"] for one in passage.of_kind(SuggestionKind.NAME) if not one.proposal["entity_kind"]]


def _single_line(words: str) -> str:
    return " ".join(words.split())
