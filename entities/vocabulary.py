"""The closed vocabularies of the register, as Django choices. Pure data: imports no model."""

from django.db.models import TextChoices


class Status(TextChoices):
    """States of a working copy in the editorial workflow."""

    DRAFT = "draft", "draft"
    IN_REVIEW = "in_review", "in review"
    PUBLISHED = "published", "published"
    WITHDRAWN = "withdrawn", "withdrawn"


class Kind(TextChoices):
    """The kinds of entity; each has a table of its own under the common base."""

    ORGANISATION = "organisation", "organisation"
    FACILITY = "facility", "facility"
    PERSON = "person", "person"
    POST = "post", "post"
    EVENT = "event", "event"
    COMMITMENT = "commitment", "commitment"


class OrganisationType(TextChoices):
    """Types of organisation."""

    ALLIANCE = "alliance", "alliance"
    UNION = "union", "union of states"
    STATE = "state", "state"
    STATES = "group_of_states", "group of states"
    GOVERNMENT = "government", "government or administration"
    GOVERNMENT_BODY = "government_body", "ministry or government body"
    ALLIANCE_BODY = "alliance_body", "body of an alliance"
    COMMAND = "command", "command"
    COALITION = "coalition", "coalition"
    CONTACT_GROUP = "contact_group", "contact group"
    FORCE = "force", "armed force or unit"
    INTELLIGENCE = "intelligence_service", "intelligence service"
    MEDIA = "media", "news organisation"
    COMPANY = "company", "company"
    OTHER = "other", "other"


class FacilityType(TextChoices):
    """Types of facility."""

    HEADQUARTERS = "headquarters", "headquarters"
    TRAINING_CENTRE = "training_centre", "training or analysis centre"
    MILITARY_BASE = "military_base", "military base"
    LOGISTICS_HUB = "logistics_hub", "logistics hub"
    AIRFIELD = "airfield", "airfield"
    PLANT = "plant", "production or repair plant"
    OTHER = "other", "other"


class FacilityCondition(TextChoices):
    """The state of a facility, as far as a source says."""

    PLANNED = "planned", "planned"
    ANNOUNCED = "announced", "announced"
    OPERATING = "operating", "operating"
    CLOSED = "closed", "closed"


class EventType(TextChoices):
    """Types of event."""

    SUMMIT = "summit", "summit"
    MINISTERIAL = "ministerial", "ministerial meeting"
    PRESS_CONFERENCE = "press_conference", "press conference"
    PANEL = "panel", "panel discussion"
    MEETING = "meeting", "meeting"
    STATEMENT = "statement", "statement"
    VISIT = "visit", "visit"
    EXERCISE = "exercise", "military exercise"
    WAR = "war", "war"
    ATTACK = "attack", "attack or hostile act"
    ACCESSION = "accession", "accession"
    NEGOTIATION = "negotiation", "negotiation"
    AGREEMENT = "agreement", "agreement"
    ELECTION = "election", "election"
    ARREST = "arrest", "arrests"
    OTHER = "other", "other"


class Nature(TextChoices):
    """Natures of a commitment: only a pledge or a decision promises something."""

    PLEDGE = "pledge", "pledge"
    DECISION = "decision", "decision"
    PLAN = "plan", "plan"
    TARGET = "target", "target"
    FORECAST = "forecast", "forecast"
    HOPE = "hope", "hope"
    CONDITION = "condition", "condition"
    REFUSAL = "refusal", "refusal"
    ASSURANCE = "assurance", "assurance"
    ACTION = "action", "action"
    DISCUSSION = "discussion", "discussion"


BENEFITING_NATURES = (Nature.PLEDGE, Nature.DECISION, Nature.PLAN, Nature.TARGET, Nature.ACTION)
"""Natures of which somebody benefits. A refusal, say, only concerns somebody."""


class Modality(TextChoices):
    """How far a relation holds, as its sources word it: only one in force is told as a fact."""

    IN_FORCE = "in_force", "in force"
    PLANNED = "planned", "planned"
    EXPECTED = "expected", "expected"
    CONDITIONAL = "conditional", "conditional"
    CLAIMED = "claimed", "claimed"


class CommitmentCategory(TextChoices):
    """Subjects of a commitment."""

    FUNDING = "funding", "funding"
    EQUIPMENT = "equipment", "equipment"
    PERSONNEL = "personnel", "personnel"
    TRAINING = "training", "training"
    INSTITUTION = "institution", "institution"
    POLITICAL = "political", "political"
    PRODUCTION = "production", "production"
    SPENDING = "spending", "defence spending"
    READINESS = "readiness", "readiness"


class MeasureKind(TextChoices):
    """Kinds of amount."""

    MONEY = "money", "money"
    HEADCOUNT = "headcount", "persons"
    ITEMS = "items", "items"
    PERCENT = "percent", "percent"


class Qualifier(TextChoices):
    """Qualifications of an amount, as its source words it; `none` where it adds no word."""

    NONE = "none", "none"
    EXACTLY = "exactly", "exactly"
    ABOUT = "about", "about"
    NEARLY = "nearly", "nearly"
    AT_LEAST = "at_least", "at least"
    MORE_THAN = "more_than", "more than"
    UP_TO = "up_to", "up to"
    UNSPECIFIED = "unspecified", "unspecified"


class Stage(TextChoices):
    """Steps in a commitment's life; of two on the same day the later in this list counts."""

    PROPOSED = "proposed", "proposed"
    AGREED = "agreed", "agreed"
    ANNOUNCED = "announced", "announced"
    ALLOCATED = "allocated", "allocated"
    UNDER_WAY = "under_way", "under way"
    DELIVERED = "delivered", "delivered"
    REFUSED = "refused", "refused"
    DROPPED = "dropped", "dropped"


DELIVERED_IN_PART = "delivered_in_part"
"""Stage reached instead of `delivered` while less than the promised amount is known to have come."""
REACHED_STAGES = tuple(
    choice
    for stage in Stage
    for choice in (
        ((DELIVERED_IN_PART, "delivered in part"), (stage.value, stage.label))
        if stage == Stage.DELIVERED
        else ((stage.value, stage.label),)
    )
)
"""Choices of the stage that a commitment as a whole has reached."""
FINAL_STAGES = (Stage.DELIVERED, Stage.REFUSED, Stage.DROPPED)
"""Stages after which nothing is overdue."""


class NameKind(TextChoices):
    """Kinds of further name."""

    OFFICIAL = "official", "official name"
    ALIAS = "alias", "alias"
    ACRONYM = "acronym", "acronym"
    FORMER = "former", "former name"
    ARTEFACT = "translation_artefact", "translation artefact"
    MENTION = "mention", "mention"


class NameOrigin(TextChoices):
    """Origins of a further name."""

    SOURCES = "sources", "the sources"
    OUTSIDE = "outside", "outside the sources"


class IdentifierScheme(TextChoices):
    """Registers whose identifiers are recorded."""

    WIKIDATA = "wikidata", "Wikidata"
    ISO3166 = "iso3166", "ISO 3166-1 alpha-2"
    KIEL = "kiel", "Ukraine Support Tracker"
    FTM = "ftm", "FollowTheMoney"
    IATI_ORG = "iati-org", "IATI organisation"
    URL = "url", "web address"
    OTHER = "other", "other"


class QuoteKind(TextChoices):
    """Kinds of quote."""

    DIRECT_SPEECH = "direct_speech", "direct speech"
    FRAGMENT = "fragment", "quoted fragment"
    REPORTED_SPEECH = "reported_speech", "reported speech"
    NARRATION = "narration", "narration"


class Fidelity(TextChoices):
    """Closeness of the wording to what was originally said or written."""

    ORIGINAL = "original", "original words"
    TRANSLATION = "translation", "translated once"
    BACK_TRANSLATION = "back_translation", "translated back from a translation"


class BasisLimit(TextChoices):
    """Limits on what a field rests on: computed from its citations."""

    ONE_DOCUMENT = "one_document", "one document only"
    ONE_UTTERANCE = "one_utterance", "one utterance only"
    ONE_PUBLISHER = "one_publisher", "one publisher only"
    ANONYMOUS = "anonymous", "anonymous sources only"
    TRANSLATION = "translation", "translations only"


class Agreement(TextChoices):
    """Agreement of the sources of a field: computed from its statements."""

    SINGLE = "single", "a single source"
    AGREED = "agreed", "agreed by independent sources"
    RESOLVED = "resolved", "resolved by an editor"
    CONTESTED = "contested", "contested"


class Verification(TextChoices):
    """Results of checking a quote against its text."""

    UNVERIFIED = "unverified", "not yet checked"
    TEXT = "text", "verified"
    FINGERPRINT = "fingerprint", "verified by its fingerprint"
    FAILED = "failed", "not found in text"


class Polarity(TextChoices):
    """What a passage does with a value: it states it, or says that it is not so."""

    AFFIRMS = "affirms", "affirms"
    DENIES = "denies", "denies"


class Stance(TextChoices):
    """Stances of a citation towards the value in the register: computed from both, never typed."""

    SUPPORTS = "supports", "supports"
    CONTRADICTS = "contradicts", "contradicts"
    QUALIFIES = "qualifies", "qualifies"


class Verdict(TextChoices):
    """An editor's finding on a field whose sources differ."""

    COMPATIBLE_PRECISION = "compatible_precision", "same value, different precision"
    CHANGED_OVER_TIME = "changed_over_time", "changed over time"
    TRANSLATION_ARTEFACT = "translation_artefact", "artefact of translation"
    DIFFERENT_SCOPE = "different_scope", "about different things: scope, unit or period"
    SOURCE_ERROR = "source_error", "error in a source"
    DISPUTED = "disputed", "disputed"


class SuggestionKind(TextChoices):
    """Kinds of suggestion in a text."""

    QUOTATION = "quotation", "quotation"
    MENTION = "mention", "mention of a known record"
    NAME = "name", "name not yet known"
    AMOUNT = "amount", "amount"
    DATE = "date", "date"


class SuggestionOutcome(TextChoices):
    """Decisions on a suggestion; one that was passed over has none."""

    ACCEPTED = "accepted", "accepted as proposed"
    EDITED = "edited", "accepted with changes"
    REJECTED = "rejected", "rejected"


class Action(TextChoices):
    """Actions that change the working copy."""

    EDIT = "edit", "edited"
    CAPTURE = "capture", "captured at the desk"
    LOAD = "load", "loaded"
    IMPORT = "import", "imported"
    SUBMIT = "submit", "sent for review"
    SEND_BACK = "send_back", "sent back"
    TAKE_BACK = "take_back", "taken back from review"
    PUBLISH = "publish", "published"
    WITHDRAW = "withdraw", "withdrawn"
    REVERT = "revert", "reverted"
    RESTORE = "restore", "restored"
    MERGE = "merge", "merged"
    UNMERGE = "unmerge", "unmerged"
    DELETE = "delete", "deleted"


class DoubtKind(TextChoices):
    """Kinds of value that is unlikely as it stands: nothing is refused for it, and nothing published with it unseen."""

    WORDS_READ_OTHERWISE = "words_read_otherwise", "words read otherwise"
    ANOTHER_YEAR = "another_year", "another year in the passage"
    ANOTHER_NUMBER = "another_number", "another number in the passage"
    DUE_BEFORE_ANNOUNCEMENT = "due_before_announcement", "due before its announcement"
    DUE_BEFORE_PERIOD = "due_before_period", "due before its period"
    MORE_THAN_PROMISED = "more_than_promised", "more than was promised"
    OVERDUE = "overdue", "overdue"
    PAST_PLAN = "past_plan", "past plan without a milestone"
    PAST_START = "past_start", "planned for a time that is past"
    END_BEFORE_START = "end_before_start", "end before a start that a source states"
    POST_HELD_TWICE = "post_held_twice", "post held twice at one time"
    NO_CLAIMER = "no_claimer", "claim of nobody"


class DuplicateVerdict(TextChoices):
    """An editor's finding on two records that look like one."""

    SAME = "same", "the same"
    DIFFERENT = "different", "not the same"
    UNSURE = "unsure", "unsure"


class ReviewState(TextChoices):
    """States of a submission for review."""

    WAITING = "waiting", "waiting for review"
    SENT_BACK = "sent_back", "sent back"
    TAKEN_BACK = "taken_back", "taken back"
    PUBLISHED = "published", "published"
