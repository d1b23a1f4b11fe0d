"""Rules across rows that triggers enforce: the base row of a kind, the kinds a relation may join, immutable columns."""

from nato_support.db.fulltext_index import SEARCH_TRIGGERS
from nato_support.db.text_index import TEXT_TRIGGERS
from nato_support.db.triggers import Trigger

_KINDS = ("organisation", "facility", "person", "post", "event", "commitment")


def _base_entity_kind_trigger(kind: str) -> Trigger:
    message = f"the base entity of this {kind} is missing or of another kind"
    return Trigger(
        name=f"{kind}_has_base_of_its_kind",
        table=f"entities_{kind}",
        events=("INSERT", "UPDATE OF entity_id"),
        sqlite=f"""
            SELECT RAISE(ABORT, '{message}')
            WHERE (SELECT kind FROM entities_entity WHERE id = NEW.entity_id) IS NOT '{kind}';
        """,
        postgresql=f"""
            IF (SELECT kind FROM entities_entity WHERE id = NEW.entity_id) IS DISTINCT FROM '{kind}' THEN
                RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME;
            END IF;
        """,
    )


_KIND_IS_IMMUTABLE = Trigger(
    name="entity_kind_is_immutable",
    table="entities_entity",
    events=("UPDATE OF kind",),
    sqlite="""
        SELECT RAISE(ABORT, 'the kind of an entity never changes') WHERE NEW.kind IS NOT OLD.kind;
    """,
    postgresql="""
        IF NEW.kind IS DISTINCT FROM OLD.kind THEN
            RAISE EXCEPTION 'the kind of an entity never changes: % is of kind %', OLD.slug, OLD.kind
                USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME;
        END IF;
    """,
)

# SQLite before 3.47 takes only a literal as the message, so there is one for each pair of kinds.
_REFUSALS = "\n".join(
    f"WHEN '{subject} {object}' THEN RAISE(ABORT, 'a relation of this type may not join {subject} and {object}')"
    for subject in _KINDS
    for object in _KINDS
)

_RELATION_JOINS_ALLOWED_KINDS = Trigger(
    name="relation_joins_allowed_kinds",
    table="entities_relation",
    events=("INSERT", "UPDATE OF type_id, subject_id, object_id"),
    sqlite=f"""
        SELECT CASE (SELECT kind FROM entities_entity WHERE id = NEW.subject_id) || ' '
            || (SELECT kind FROM entities_entity WHERE id = NEW.object_id)
            {_REFUSALS}
            ELSE RAISE(ABORT, 'both entities of a relation must exist before it') END
        WHERE NOT EXISTS (
            SELECT 1 FROM entities_relationjoin AS allowed
            WHERE allowed.type_id = NEW.type_id
            AND allowed.subject_kind = (SELECT kind FROM entities_entity WHERE id = NEW.subject_id)
            AND allowed.object_kind = (SELECT kind FROM entities_entity WHERE id = NEW.object_id));
    """,
    postgresql="""
        DECLARE
            of_subject text := (SELECT kind FROM entities_entity WHERE id = NEW.subject_id);
            of_object text := (SELECT kind FROM entities_entity WHERE id = NEW.object_id);
        BEGIN
            IF of_subject IS NULL OR of_object IS NULL THEN
                RAISE EXCEPTION 'both entities of a relation must exist before it'
                    USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME;
            ELSIF NOT EXISTS (
                SELECT 1 FROM entities_relationjoin AS allowed
                WHERE allowed.type_id = NEW.type_id AND allowed.subject_kind = of_subject
                AND allowed.object_kind = of_object)
            THEN
                RAISE EXCEPTION 'relation type % may not join % and %',
                    (SELECT slug FROM entities_relationtype WHERE id = NEW.type_id), of_subject, of_object
                    USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME;
            END IF;
        END;
    """,
)

_STATEMENTS_MESSAGE = "a resolution judges statements, values affirmed or denied, and decides for one of them or none"
_RESOLUTION_JUDGES_STATEMENTS = Trigger(
    name="resolution_judges_statements",
    table="sources_resolution",
    events=("INSERT", "UPDATE OF settles, decides_for"),
    sqlite=f"""
        SELECT RAISE(ABORT, '{_STATEMENTS_MESSAGE}')
        WHERE json_type(NEW.settles) <> 'array'
        OR EXISTS (
            SELECT 1 FROM json_each(NEW.settles) AS judged
            WHERE CASE judged.type WHEN 'object' THEN json_type(judged.value, '$.value') IS NOT 'text'
            OR coalesce(json_extract(judged.value, '$.polarity'), '') NOT IN ('affirms', 'denies') ELSE 1 END)
        OR (NEW.decides_for IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM json_each(NEW.settles) AS judged
            WHERE json_extract(judged.value, '$.value') = json_extract(NEW.decides_for, '$.value')
            AND json_extract(judged.value, '$.polarity') = json_extract(NEW.decides_for, '$.polarity')));
    """,
    postgresql=f"""
        IF jsonb_typeof(NEW.settles) <> 'array'
        OR EXISTS (
            SELECT 1 FROM jsonb_array_elements(
                CASE jsonb_typeof(NEW.settles) WHEN 'array' THEN NEW.settles ELSE '[]' END) AS judged
            WHERE jsonb_typeof(judged) <> 'object' OR jsonb_typeof(judged -> 'value') IS DISTINCT FROM 'string'
            OR coalesce(judged ->> 'polarity', '') NOT IN ('affirms', 'denies'))
        OR (NEW.decides_for IS NOT NULL AND NOT NEW.settles @> jsonb_build_array(NEW.decides_for)) THEN
            RAISE EXCEPTION '{_STATEMENTS_MESSAGE}' USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME;
        END IF;
    """,
)

# While two commitments are merged or unmerged, their milestones and amounts move one after the other.
_AMOUNT_OF_OTHER_COMMITMENT = "an amount belongs to a step of another commitment"
_ARE_BEING_MERGED = (
    "EXISTS (SELECT 1 FROM entities_entity AS merged WHERE (merged.id = {0} AND merged.merged_into_id = {1})"
    " OR (merged.id = {1} AND merged.merged_into_id = {0}))"
)
_STEP_OF_OTHER_COMMITMENT = (
    "SELECT 1 FROM entities_milestone AS step WHERE step.id = NEW.milestone_id AND step.commitment_id <> NEW.entity_id AND NOT "
    + _ARE_BEING_MERGED.format("step.commitment_id", "NEW.entity_id")
)
_AMOUNTS_LEFT_BEHIND = (
    "SELECT 1 FROM entities_measure AS amount WHERE amount.milestone_id = NEW.id AND amount.entity_id <> NEW.commitment_id"
    " AND NOT " + _ARE_BEING_MERGED.format("amount.entity_id", "NEW.commitment_id")
)


def _same_commitment_trigger(name: str, table: str, events: tuple[str, ...], offence: str) -> Trigger:
    return Trigger(
        name=name,
        table=table,
        events=events,
        sqlite=f"SELECT RAISE(ABORT, '{_AMOUNT_OF_OTHER_COMMITMENT}') WHERE EXISTS ({offence});",
        postgresql=f"""
            IF EXISTS ({offence}) THEN
                RAISE EXCEPTION '{_AMOUNT_OF_OTHER_COMMITMENT}' USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME;
            END IF;
        """,
    )


_AMOUNT_AND_STEP_OF_ONE_COMMITMENT = (
    _same_commitment_trigger(
        "measure_of_own_milestone",
        "entities_measure",
        ("INSERT", "UPDATE OF milestone_id, entity_id"),
        _STEP_OF_OTHER_COMMITMENT,
    ),
    _same_commitment_trigger(
        "milestone_keeps_measures", "entities_milestone", ("UPDATE OF commitment_id",), _AMOUNTS_LEFT_BEHIND
    ),
)

# Moving a quote by its offsets alone is not refused, as its page follows on saving; check_data compares both.
_WRONG_PAGE = "the page of a quote is not that of its place in the document"
_QUOTE_PAGE_OF_ITS_PLACE = Trigger(
    name="quote_page_of_its_place",
    table="sources_sourcequote",
    events=("INSERT", "UPDATE OF page"),
    sqlite=f"""
        SELECT RAISE(ABORT, '{_WRONG_PAGE}')
        FROM sources_sourcedocument AS document
        WHERE document.id = NEW.document_id AND json_array_length(document.page_breaks) > 0
        AND NEW.page IS NOT 1 + (SELECT count(*) FROM json_each(document.page_breaks) AS break WHERE break.value < NEW.start);
    """,
    postgresql=f"""
        IF EXISTS (
            SELECT 1 FROM sources_sourcedocument AS document
            WHERE document.id = NEW.document_id AND jsonb_array_length(document.page_breaks) > 0
            AND NEW.page IS DISTINCT FROM 1 + (
                SELECT count(*) FROM jsonb_array_elements_text(document.page_breaks) AS break WHERE break::integer < NEW.start))
        THEN
            RAISE EXCEPTION '{_WRONG_PAGE}' USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME;
        END IF;
    """,
)

_IMMUTABLE_COLUMNS = (
    "kind",
    "slug",
    "number",
    "release",
    "name",
    "document",
    "evidence",
    "sort_date",
    "until",
    "cause",
    "withdrawn",
    "moved_to",
)

_EDITION_IS_IMMUTABLE = Trigger(
    name="edition_is_immutable",
    table="publishing_edition",
    events=(f"UPDATE OF {', '.join(_IMMUTABLE_COLUMNS)}",),
    sqlite="SELECT RAISE(ABORT, 'an edition is immutable: publish another one');",
    postgresql="RAISE integrity_constraint_violation USING MESSAGE = 'an edition is immutable: publish another one';",
)
_EDITION_STAYS_SUPERSEDED = Trigger(
    name="edition_stays_superseded",
    table="publishing_edition",
    events=("UPDATE OF superseded",),
    sqlite="SELECT RAISE(ABORT, 'a superseded edition stays so') WHERE OLD.superseded IS NOT NULL;",
    postgresql=(
        "IF OLD.superseded IS NOT NULL THEN"
        " RAISE integrity_constraint_violation USING MESSAGE = 'a superseded edition stays so'; END IF;"
    ),
)


def _version_trigger_of_moves(table: str, **parents: str) -> Trigger:
    """Raise the version of both records when a row of `table` moves from one to another.

    `parents` maps columns of the table to the tables that they reference. `Child.save` raises the version of the current
    parent; only the database knows the previous parent of a row that moved.
    """
    changed = ("version = version + 1", "updated_at = ")
    sqlite, postgresql = [], []
    for column, records in parents.items():
        here = f"id IN (OLD.{column}, NEW.{column})"
        now = "strftime('%Y-%m-%d %H:%M:%f', 'now')"
        sqlite.append(
            f"UPDATE {records} SET {', '.join(changed)}{now} WHERE {here} AND OLD.{column} IS NOT NEW.{column};",
        )
        postgresql.append(
            f"IF OLD.{column} IS DISTINCT FROM NEW.{column} THEN"
            f" UPDATE {records} SET {', '.join(changed)}clock_timestamp() WHERE {here}; END IF;"
        )
    return Trigger(
        name=f"{table}_moves",
        table=table,
        events=(f"UPDATE OF {', '.join(parents)}",),
        timing="AFTER",
        sqlite="\n".join(sqlite),
        postgresql="\n".join(postgresql),
    )


_MOVES = [
    _version_trigger_of_moves("entities_name", entity_id="entities_entity"),
    _version_trigger_of_moves("entities_identifier", entity_id="entities_entity"),
    _version_trigger_of_moves("entities_measure", entity_id="entities_entity"),
    _version_trigger_of_moves("entities_milestone", commitment_id="entities_entity"),
    _version_trigger_of_moves(
        "sources_citation", entity_id="entities_entity", relation_id="entities_relation", quote_id="sources_sourcequote"
    ),
    _version_trigger_of_moves("sources_resolution", entity_id="entities_entity", relation_id="entities_relation"),
]

TRIGGERS: list[Trigger] = [
    *map(_base_entity_kind_trigger, _KINDS),
    _KIND_IS_IMMUTABLE,
    _RELATION_JOINS_ALLOWED_KINDS,
    _RESOLUTION_JUDGES_STATEMENTS,
    *_AMOUNT_AND_STEP_OF_ONE_COMMITMENT,
    _QUOTE_PAGE_OF_ITS_PLACE,
    _EDITION_IS_IMMUTABLE,
    _EDITION_STAYS_SUPERSEDED,
    *SEARCH_TRIGGERS,
    *TEXT_TRIGGERS,
    *_MOVES,
]
"""Every trigger that the database must have."""
