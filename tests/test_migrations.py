"""Migrations lose nothing on the way down and up again, and say all that the models say."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from entities.fields import ChoiceField
from nato_support.db.row_rule_triggers import TRIGGERS
from nato_support.db.triggers import missing_or_changed_triggers

OURS = [app.label for app in apps.get_app_configs() if app.name.split(".")[0] in ("entities", "nato_support", "sources")]

# Columns are compared by name: after a way back they may stand in another order.
POSTGRES_SCHEMA = """
    SELECT 'column', table_name || '.' || column_name, concat_ws(' ', data_type, character_maximum_length, is_nullable,
        column_default, generation_expression) FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'trigger', tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT 'function', proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""
SQLITE_SCHEMA = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"


def schema(connection) -> set[tuple]:
    """Everything that the database says of its own make."""
    with connection.cursor() as cursor:
        cursor.execute(POSTGRES_SCHEMA if connection.vendor == "postgresql" else SQLITE_SCHEMA)
        found = cursor.fetchall()
    if connection.vendor == "postgresql":
        return set(found)
    return {(kind, name, columns_of(sql) if kind == "table" else sql) for kind, name, sql in found}


def columns_of(sql: str) -> frozenset[str]:
    """The columns and constraints of a CREATE TABLE, in no order."""
    parts, depth, quoted = [""], 0, False
    for letter in sql:
        quoted ^= letter == "'"
        depth += 0 if quoted else (letter == "(") - (letter == ")")
        if letter == "," and depth == 1 and not quoted:
            parts.append("")
        else:
            parts[-1] += letter
    # The first holds the name of the table too, the last the closing bracket.
    head, _, first = parts[0].partition("(")
    parts = [first, *parts[1:-1], parts[-1].rstrip().removesuffix(")")] if len(parts) > 1 else [first.removesuffix(")")]
    return frozenset([head.strip(), *(part.strip() for part in parts)])


@pytest.fixture
def scratch(django_db_blocker, tmp_path) -> Iterator:
    """An empty database of its own, so that the other tests' one stays as it is."""
    config = dict(connection.settings_dict)
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            config["NAME"] = str(tmp_path / "scratch.sqlite3")
        else:
            config["NAME"] = f"{connection.settings_dict['NAME']}_scratch"
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{config["NAME"]}"')
                cursor.execute(f'CREATE DATABASE "{config["NAME"]}"')
        connections.settings["scratch"] = config
        yield connections["scratch"]
        connections["scratch"].close()
        del connections["scratch"]
        del connections.settings["scratch"]
        if connection.vendor == "postgresql":
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{config["NAME"]}"')


@pytest.mark.both
@pytest.mark.slow
@pytest.mark.django_db
def test_every_migration_goes_down_and_up_again_without_a_difference(scratch):
    graph = MigrationExecutor(scratch).loader.graph
    plan = dict.fromkeys(key for leaf in graph.leaf_nodes() for key in graph.forwards_plan(leaf))
    ours = [key for key in plan if key[0] in OURS]
    MigrationExecutor(scratch).migrate([key for key in graph.leaf_nodes() if key[0] not in OURS])
    before = {}
    for key in ours:
        before[key] = schema(scratch)
        MigrationExecutor(scratch).migrate([key])
    full = schema(scratch)

    for key in reversed(ours):
        earlier = [parent.key for parent in graph.node_map[key].parents if parent.key[0] == key[0]]
        MigrationExecutor(scratch).migrate(earlier or [(key[0], None)])
        assert schema(scratch) == before[key], f"undoing {key} leaves a difference"

    for key in ours:
        MigrationExecutor(scratch).migrate([key])
    assert schema(scratch) == full
    # The command, unlike its executor, ends with the triggers.
    call_command("migrate", database="scratch", verbosity=0)
    assert missing_or_changed_triggers(scratch, TRIGGERS) == []


@pytest.mark.both
@pytest.mark.slow
@pytest.mark.django_db
def test_a_database_from_before_intervals_takes_them(scratch):
    """Its columns are narrower, and their checks refuse a slash; the migration makes them like those of a new database."""
    executor = MigrationExecutor(scratch)
    executor.migrate([key for key in executor.loader.graph.leaf_nodes() if key[0] != "entities"])
    MigrationExecutor(scratch).migrate([("entities", "0001_initial")])
    new = schema(scratch)
    with scratch.cursor() as cursor:
        if scratch.vendor == "sqlite":
            cursor.execute("PRAGMA writable_schema = ON")
            cursor.execute(
                "UPDATE sqlite_master SET sql = replace(sql, 'varchar(23)', 'varchar(11)') WHERE tbl_name LIKE 'entities%'"
            )
            cursor.execute("PRAGMA writable_schema = RESET")
        else:
            cursor.execute("ALTER TABLE entities_event DROP COLUMN start_earliest CASCADE")
            cursor.execute("ALTER TABLE entities_event ALTER COLUMN start TYPE varchar(11)")
            cursor.execute("ALTER TABLE entities_event DROP CONSTRAINT entities_event_start_check")
            cursor.execute("ALTER TABLE entities_event ADD CONSTRAINT narrow CHECK (start ~ '^([0-9]{4}.*)?$')")
            cursor.execute("ALTER TABLE entities_event ADD COLUMN start_earliest varchar(10) GENERATED ALWAYS AS (start) STORED")
            in_order = "end_latest IS NULL OR start_earliest IS NULL OR end_latest >= start_earliest"
            cursor.execute(f"ALTER TABLE entities_event ADD CONSTRAINT event_starts_before_it_ends CHECK ({in_order})")
    assert schema(scratch) != new
    MigrationExecutor(scratch).migrate([("entities", "0002_date_intervals")])
    assert schema(scratch) == new


@pytest.mark.both
@pytest.mark.slow
@pytest.mark.django_db
def test_stances_become_polarities_and_texts_statements(scratch, capsys):
    """In citations, resolutions, their history, and what merges and captures keep; and back again."""
    executor = MigrationExecutor(scratch)
    leaves = executor.loader.graph.leaf_nodes()
    executor.migrate([key for key in leaves if key[0] not in ("sources", "publishing", "desk", "exchange")])
    before = MigrationExecutor(scratch).migrate([("sources", "0005_utterances_and_sparing_quotation")]).apps
    objects = {
        model.__name__: model.objects.using(scratch.alias)
        for model in (*before.get_app_config("sources").get_models(), *before.get_app_config("entities").get_models())
    }
    kites, tents = (objects["Entity"].create(kind="commitment", slug=slug, name=slug) for slug in ("kites", "tents"))
    document = objects["SourceDocument"].create(slug="courier", title="Kites")
    quote = objects["SourceQuote"].create(slug="q1", document=document, exact="kites", start=0, end=5, kind="narration")
    user = before.get_model("auth", "User").objects.using(scratch.alias).create(username="edith")
    words = {"quote": quote, "entity": kites, "field": "nature"}
    for value, stance in (("pledge", "supports"), ("plan", "qualifies"), ("refusal", "contradicts")):
        objects["Citation"].create(value=value, stance=stance, **words)
    objects["Citation"].create(**words | {"field": "rank", "value": "not known", "stance": "supports"})
    for field, settles in (("nature", ["not refusal", "plan", "pledge"]), ("rank", ["not given", "not known"])):
        objects["Resolution"].create(
            entity=kites, field=field, verdict="source_error", reason="A slip.", decided_on="2024", settles=settles
        )
    history = {"history_date": timezone.now(), "history_type": "+", "id": 1, "entity": kites, "field": "nature"}
    objects["HistoricalCitation"].create(value="refusal", stance="contradicts", quote=quote, **history)
    objects["HistoricalResolution"].create(verdict="disputed", reason="?", decided_on="2024", settles=["not plan"], **history)
    old_citation = {"field": "nature", "value": "plan", "stance": "contradicts"}
    old_resolution = {"entity_id": kites.pk, "relation_id": None, "field": "nature", "settles": ["not plan", "pledge"]}
    objects["Merge"].create(
        merged=tents,
        survivor=kites,
        rows=[
            {"model": "sources.citation", "pk": 1, "before": old_citation, "after": None},
            {"model": "sources.resolution", "pk": 1, "before": old_resolution, "after": old_resolution},
            {"model": "entities.name", "pk": 1, "before": {"text": "Tents"}, "after": None},
        ],
    )
    kept = [{"model": "sources.citation", "pk": 1, "before": None, "after": {"value": "plan", "stance": "qualifies"}}]
    objects["CaptureStep"].create(document=document, taken_by=user, label="Linked", changes=kept)

    now = MigrationExecutor(scratch).migrate([("sources", "0006_statements")]).apps

    def stored(label, *columns, apps=now):
        return list(apps.get_model(label).objects.using(scratch.alias).order_by("pk").values_list(*columns))

    affirmed, denied = "affirms", "denies"
    assert stored("sources.Citation", "value", "polarity") == [
        ("pledge", affirmed),
        ("plan", affirmed),
        ("refusal", denied),
        ("not known", affirmed),
    ]
    assert "q1: kites, nature: refusal" in capsys.readouterr().out
    assert [[tuple(one.values()) for one in settles] for (settles,) in stored("sources.Resolution", "settles")] == [
        [("plan", affirmed), ("pledge", affirmed), ("refusal", denied)],
        # One begins with the word itself, as a citation shows.
        [("given", denied), ("not known", affirmed)],
    ]
    assert stored("sources.Resolution", "decides_for") == [(None,), (None,)]
    assert stored("sources.HistoricalCitation", "polarity") == [(denied,)]
    assert stored("sources.HistoricalResolution", "settles") == [([{"value": "plan", "polarity": denied}],)]
    [(rows,)] = stored("entities.Merge", "rows")
    assert rows[0]["before"] == {"field": "nature", "value": "plan", "polarity": denied}
    both = [{"value": "plan", "polarity": denied}, {"value": "pledge", "polarity": affirmed}]
    assert rows[1]["before"] == rows[1]["after"] == old_resolution | {"settles": both, "decides_for": None}
    assert stored("sources.CaptureStep", "changes")[0][0][0]["after"] == {"value": "plan", "polarity": affirmed}

    back = MigrationExecutor(scratch).migrate([("sources", "0005_utterances_and_sparing_quotation")]).apps
    assert [stance for (stance,) in stored("sources.Citation", "stance", apps=back)] == [
        "supports",
        "supports",
        "contradicts",
        "supports",
    ]
    assert stored("sources.Resolution", "settles", apps=back)[0] == (["not refusal", "plan", "pledge"],)
    assert stored("entities.Merge", "rows", apps=back)[0][0][0]["before"] == old_citation


@pytest.mark.both
@pytest.mark.slow
@pytest.mark.django_db
def test_a_database_from_before_promises_says_the_same_in_the_new_words(scratch):
    before = [("entities", "0004_fill_verb_forms"), ("sources", "0003_relation_citations")]
    executor = MigrationExecutor(scratch)
    executor.migrate(before)
    old = executor.loader.project_state(before).apps
    rows = {model.__name__: model.objects.using("scratch") for model in old.get_models()}
    state = rows["Organisation"].create(kind="organisation", slug="ruritania", name="Ruritania", type="state")
    of_state = {"category": "political", "beneficiary": state, "kind": "commitment"}
    refusal = rows["Commitment"].create(slug="no-membership", name="No membership", nature="refusal", **of_state)
    pledge = rows["Commitment"].create(slug="kites", name="Kites", nature="pledge", **of_state)
    then = {"history_date": timezone.now(), "history_type": "+"}
    for commitment in (refusal, pledge):
        columns = {field.attname: getattr(commitment, field.attname) for field in type(commitment)._meta.concrete_fields}
        names = {field.attname for field in rows["HistoricalCommitment"].model._meta.concrete_fields}
        rows["HistoricalCommitment"].create(**{name: value for name, value in columns.items() if name in names}, **then)
    amounts = {"kites": "forty kites", "tents": "exactly four tents"}
    for key, words in amounts.items():
        rows["Measure"].create(entity_id=pledge.pk, key=key, kind="items", value=4, qualifier="exactly", as_stated=words)
    rows["Milestone"].create(commitment=pledge, key="first-step", stage="agreed", date="2024-06")
    document = rows["SourceDocument"].create(slug="courier", title="Kites", language="en", published_on="2024")
    quote = rows["SourceQuote"].create(document=document, slug="courier-q01", exact="Kites", start=0, end=5, kind="narration")
    cited = [
        (refusal, "beneficiary", "ruritania", ""),
        (pledge, "beneficiary", "ruritania", ""),
        (pledge, "measures.kites", "exactly 4 kite", "forty kites"),
        (pledge, "measures.tents", "exactly 4", "exactly four tents"),
        (pledge, "milestones.first-step", "2024-06", "in June"),
    ]
    for commitment, field, value, words in cited:
        rows["Citation"].create(quote=quote, entity_id=commitment.pk, field=field, value=value, as_stated=words)
    settled = {"measures.kites": ["exactly 4 kite", "not exactly 5 kite"], "milestones.first-step": ["2024-06", "2024-07"]}
    for field, settles in settled.items():
        rows["Resolution"].create(
            entity_id=pledge.pk, field=field, settles=settles, verdict="disputed", reason="Or not.", decided_on="2024"
        )

    after = [("entities", "0005_promises"), ("sources", "0004_promises")]
    MigrationExecutor(scratch).migrate(after)
    new = MigrationExecutor(scratch).loader.project_state(after).apps
    rows = {model.__name__: model.objects.using("scratch") for model in new.get_models()}
    assert list(rows["Commitment"].values_list("slug", "beneficiary__slug", "concerns__slug").order_by("slug")) == [
        ("kites", "ruritania", None),
        ("no-membership", None, "ruritania"),
    ]
    history = dict(rows["HistoricalCommitment"].values_list("slug", "beneficiary_id"))
    assert history == {"kites": state.pk, "no-membership": None}
    assert rows["HistoricalCommitment_concerns"].get().organisation_id == state.pk
    assert dict(rows["Measure"].values_list("key", "qualifier")) == {"kites": "none", "tents": "exactly"}
    assert set(rows["Citation"].values_list("entity__slug", "field", "value")) == {
        ("no-membership", "concerns", "ruritania"),
        ("kites", "beneficiary", "ruritania"),
        ("kites", "measures.kites", "4 kite"),
        ("kites", "measures.tents", "exactly 4"),
        ("kites", "milestones.first-step", "agreed 2024-06"),
    }
    assert dict(rows["Resolution"].values_list("field", "settles")) == {
        "measures.kites": ["4 kite", "not 5 kite"],
        "milestones.first-step": ["agreed 2024-06", "agreed 2024-07"],
    }

    MigrationExecutor(scratch).migrate([("sources", "0003_relation_citations")])
    assert "2024-06" in set(rows["Citation"].values_list("value", flat=True))


@pytest.mark.both
@pytest.mark.slow
@pytest.mark.django_db
def test_a_database_from_before_modality_tells_each_relation_as_one_fact(scratch):
    # All but the relations' own migrations, so that their tables are those of before.
    MigrationExecutor(scratch).migrate([("entities", "0002_date_intervals"), ("sources", "0002_date_intervals")])
    old = MigrationExecutor(scratch).loader.project_state([("sources", "0002_date_intervals")]).apps
    rows = {model: old.get_model(*model.split(".")).objects.using("scratch") for model in _MODELS_OF_RELATIONS}
    types = {
        slug: rows["entities.RelationType"].create(slug=slug, label=label, inverse_label=inverse)
        for slug, label, inverse in (
            ("hosts", "hosts", "is hosted by"),
            ("supplies", "supplies kites to", "has kites from"),
            ("expected-member-of", "is expected to become a member of", "expects as a member"),
        )
    }
    rows["entities.RelationJoin"].create(
        type=types["expected-member-of"], subject_kind="organisation", object_kind="organisation"
    )
    arcadia, alliance = (
        rows["entities.Entity"].create(kind="organisation", slug=slug, name=slug) for slug in ("arcadia", "alliance")
    )
    document = rows["sources.SourceDocument"].create(slug="d", title="D", published_on="2024")
    quotes = [
        rows["sources.SourceQuote"].create(slug=f"q{n}", document=document, exact="Words", start=n, end=n + 5, kind="narration")
        for n in (1, 2)
    ]
    relations = {
        slug: rows["entities.Relation"].create(slug=slug, type=type, subject=arcadia, object=alliance)
        for slug, type in types.items()
    }
    cite = rows["sources.Citation"].create
    cite(quote=quotes[0], relation=relations["hosts"], field="subject", value="arcadia", note="It says so.")
    cite(quote=quotes[0], relation=relations["hosts"], field="type", value="hosts", as_stated="Words")
    cite(quote=quotes[1], relation=relations["hosts"], field="type", value="supplies", stance="contradicts")
    cite(quote=quotes[0], relation=relations["hosts"], field="role", value="host")
    cite(quote=quotes[0], relation=relations["expected-member-of"], field="type", value="expected-member-of")
    rows["sources.Resolution"].create(
        relation=relations["hosts"],
        field="type",
        verdict="disputed",
        reason="They differ.",
        settles=["hosts", "not supplies"],
        decided_on="2024",
    )

    executor = MigrationExecutor(scratch)
    executor.migrate([("sources", "0003_relation_citations")])
    new = executor.loader.project_state([("sources", "0003_relation_citations")]).apps

    def values(model: str, *columns: str) -> list[tuple]:
        return list(new.get_model(*model.split(".")).objects.using("scratch").order_by("pk").values_list(*columns))

    assert values("entities.Relation", "slug", "type__slug", "modality") == [
        ("hosts", "hosts", "in_force"),
        ("supplies", "supplies", "in_force"),
        ("expected-member-of", "member-of", "expected"),
    ]
    verbs = values("entities.RelationType", "slug", "plural_label", "past_label", "infinitive", "inverse_plural_label")
    assert verbs == [
        ("hosts", "host", "hosted", "host", "are hosted by"),
        ("supplies", "supply kites to", "supplied kites to", "supply kites to", "have kites from"),
        ("member-of", "are members of", "was a member of", "become a member of", "have the member"),
    ]
    assert values("entities.RelationJoin", "type__slug") == [("member-of",)]
    hosts, supplies = (f"in_force: arcadia {type} alliance" for type in ("hosts", "supplies"))
    assert sorted(values("sources.Citation", "relation__slug", "field", "value", "as_stated", "note", "stance")) == [
        ("expected-member-of", "relation", "expected: arcadia member-of alliance", "", "", "supports"),
        ("hosts", "relation", hosts, "Words", "It says so.", "supports"),
        ("hosts", "relation", supplies, "", "", "contradicts"),
        ("hosts", "role", "host", "", "", "supports"),
    ]
    assert values("sources.Resolution", "field", "settles") == [("relation", [hosts, f"not {supplies}"])]


_MODELS_OF_RELATIONS = (
    "entities.Entity",
    "entities.RelationType",
    "entities.RelationJoin",
    "entities.Relation",
    "sources.SourceDocument",
    "sources.SourceQuote",
    "sources.Citation",
    "sources.Resolution",
)


@pytest.mark.both
@pytest.mark.slow
@pytest.mark.django_db
def test_quotes_keep_their_speaker_as_one_of_several(scratch):
    """So do their history and the steps that an editor may still undo; the words around them go."""
    before, after = ("sources", "0004_promises"), ("sources", "0005_utterances_and_sparing_quotation")
    executor = MigrationExecutor(scratch)
    executor.migrate([key for key in executor.loader.graph.leaf_nodes() if key[0] != "sources"])
    MigrationExecutor(scratch).migrate([before])
    leaves = [key for key in executor.loader.graph.leaf_nodes() if key[0] != "sources"]

    def models_at(key):
        return MigrationExecutor(scratch).loader.project_state([*leaves, key]).apps

    def rows_of(models, name):
        return models.get_model("sources", name).objects.using("scratch")

    old = models_at(before)
    ada = old.get_model("entities", "Person").objects.using("scratch").create(slug="ada-fell", name="Ada Fell", kind="person")
    document = rows_of(old, "SourceDocument").create(slug="courier", title="Kites", text="We pledge forty kites")
    said = {"document_id": document.pk, "exact": "We pledge forty kites", "start": 0, "end": 21, "kind": "direct_speech"}
    quote = rows_of(old, "SourceQuote").create(slug="q1", speaker_id=ada.pk, prefix="“", suffix="”", **said)
    rows_of(old, "SourceQuote").create(slug="q2", **said | {"exact": "forty", "start": 10, "end": 15})
    past = {"id": quote.pk, "slug": "q1", "history_date": timezone.now(), "history_type": "+", "speaker_id": ada.pk}
    rows_of(old, "HistoricalSourceQuote").create(**said, **past)
    user = old.get_model("auth", "User").objects.using("scratch").create(username="edith")
    written = {"speaker_id": ada.pk, "prefix": "“", "suffix": "”", "kind": "fragment"}
    change = {"model": "sources.sourcequote", "pk": quote.pk, "before": None, "after": written}
    rows_of(old, "CaptureStep").create(document_id=document.pk, taken_by_id=user.pk, label="Captured", changes=[change])

    MigrationExecutor(scratch).migrate([after])
    new = models_at(after)
    speakers = {one.slug: [person.slug for person in one.speakers.all()] for one in rows_of(new, "SourceQuote").all()}
    assert speakers == {"q1": ["ada-fell"], "q2": []}
    past_speakers = rows_of(new, "HistoricalSourceQuote_speakers").get()
    assert (past_speakers.sourcequote_id, past_speakers.person_id) == (quote.pk, ada.pk)
    assert past_speakers.history_id == rows_of(new, "HistoricalSourceQuote").get().history_id
    assert rows_of(new, "CaptureStep").get().changes[0]["after"] == {"kind": "fragment", "speakers": [ada.pk]}

    MigrationExecutor(scratch).migrate([before])
    assert dict(rows_of(old, "SourceQuote").values_list("slug", "speaker_id")) == {"q1": ada.pk, "q2": None}
    assert rows_of(old, "HistoricalSourceQuote").get().speaker_id == ada.pk
    assert rows_of(old, "CaptureStep").get().changes[0]["after"] == {"kind": "fragment", "speaker_id": ada.pk}


@pytest.mark.django_db
def test_the_models_say_nothing_that_no_migration_says():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_each_column_allows_every_word_of_its_vocabulary():
    """A vocabulary that grew must have grown in the database too; not every backend does that by itself."""
    found = 0
    with connection.cursor() as cursor:
        for model in apps.get_models():
            table = model._meta.db_table
            if connection.vendor == "postgresql":
                query = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'c' AND conrelid = %s::regclass"
            else:
                query = "SELECT sql FROM sqlite_master WHERE name = %s"
            cursor.execute(query, [table])
            said = " ".join(row[0] for row in cursor.fetchall())
            for field in model._meta.local_fields:
                if isinstance(field, ChoiceField):
                    missing = [value for value, _ in field.flatchoices if f"'{value}'" not in said]
                    assert not missing, f"{table}.{field.column} refuses {missing}"
                    found += 1
    assert found > 30
