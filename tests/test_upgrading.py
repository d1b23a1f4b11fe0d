"""A database of the version before polarities, upgraded as docs/operators.md says: `migrate`, then `republish`.

What it holds is written by hand, in the tables and words of that version, editions included.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from entities.serializers import PLURALS
from nato_support.db.fulltext_index import SEARCH_TRIGGERS
from nato_support.db.triggers import install_triggers
from nato_support.publishing.editions import edition_encoding
from sources.document_text import values_made_from_text
from tests.test_mirror import READ
from tests.world import ARTICLE

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
ROOT = Path(__file__).parent.parent
OLD = [
    ("entities", "0002_date_intervals"),
    ("sources", "0002_date_intervals"),
    ("publishing", "0003_date_intervals"),
    ("desk", "0001_initial"),
    ("exchange", "0001_initial"),
]
PUBLIC = {"status": "published"}
# Long enough for what is quoted of it.
TEXT = ARTICLE + "And so it went on until the evening, as all by the lake had known it would. " * 3


@pytest.fixture
def old(django_db_blocker, tmp_path):
    """The database, as its path and the managers of its models."""
    path = tmp_path / "register.sqlite3"
    connections.settings["old"] = connections.configure_settings(
        {"default": {}, "old": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path)}}
    )["old"]
    with django_db_blocker.unblock():
        executor = MigrationExecutor(connections["old"])
        ours = {label for label, _ in OLD}
        executor.migrate([*OLD, *(leaf for leaf in executor.loader.graph.leaf_nodes() if leaf[0] not in ours)])
        # The command `migrate` installs them all; these fill the full-text index.
        install_triggers(connections["old"], SEARCH_TRIGGERS)
        models = MigrationExecutor(connections["old"]).loader.project_state(OLD).apps.get_models()
        yield path, SimpleNamespace(**{model.__name__: model._default_manager.using("old") for model in models})
        connections["old"].close()
        del connections["old"]
        del connections.settings["old"]


def fill(rows) -> None:
    """Forty kites of Arcadia, with evidence as it should be, and tents of a league whose name nobody states."""

    def an_organisation(slug: str, name: str, **fields):
        return rows.Organisation.create(kind="organisation", slug=slug, name=name, **{"type": "state"} | PUBLIC | fields)

    arcadia, ruritania = an_organisation("arcadia", "Arcadia"), an_organisation("ruritania", "Ruritania")
    league, courier = an_organisation("league", "Kite League"), an_organisation("courier", "The Courier", type="media")
    columns = {field.name for field in rows.SourceDocument.model._meta.fields}
    proof = {name: value for name, value in values_made_from_text(TEXT).items() if name in columns}
    document = rows.SourceDocument.create(
        slug="news", title="Kites", publisher=courier, published_on="2024-07-09", language="en", text=TEXT, **PUBLIC, **proof
    )

    def a_quote(slug: str, exact: str):
        start = TEXT.index(exact)
        place = {"exact": exact, "start": start, "end": start + len(exact)}
        return rows.SourceQuote.create(
            slug=slug, document=document, kind="narration", prefix="", suffix="", verification="text", **place, **PUBLIC
        )

    gift = a_quote("news-q01", "Arcadia will give Ruritania 40 kites, its minister said on Tuesday")
    about = a_quote("news-q02", "About 700 clerks are to count them")

    def a_commitment(slug: str, name: str, giver):
        made = rows.Commitment.create(kind="commitment", slug=slug, name=name, nature="pledge", category="equipment", **PUBLIC)
        made.committed_by.add(giver)
        return made

    kites, tents = a_commitment("kites", "Kites", arcadia), a_commitment("tents", "Tents", league)
    kites.beneficiary = ruritania
    kites.save()
    rows.Measure.create(
        entity_id=kites.pk, key="kites", kind="items", value=40, unit="kite", qualifier="exactly", as_stated="40 kites"
    )
    type = rows.RelationType.create(slug="supplies", label="supplies kites to", inverse_label="is supplied by")
    rows.RelationJoin.create(type=type, subject_kind="organisation", object_kind="organisation")
    relation = rows.Relation.create(
        slug="arcadia-supplies-ruritania", type=type, subject_id=arcadia.pk, object_id=ruritania.pk, **PUBLIC
    )
    for target, field, value, words in (
        ({"entity_id": arcadia.pk}, "name", "Arcadia", "Arcadia"),
        ({"entity_id": ruritania.pk}, "name", "Ruritania", "Ruritania"),
        ({"entity_id": league.pk}, "type", "state", ""),
        ({"entity_id": kites.pk}, "nature", "pledge", "will give"),
        ({"entity_id": kites.pk}, "committed_by", "arcadia", "Arcadia"),
        ({"entity_id": kites.pk}, "beneficiary", "ruritania", "Ruritania"),
        ({"entity_id": kites.pk}, "measures.kites", "exactly 40 kite", "40 kites"),
        ({"entity_id": tents.pk}, "nature", "pledge", "will give"),
        ({"entity_id": tents.pk}, "committed_by", "league", "its minister"),
        ({"relation_id": relation.pk}, "type", "supplies", "will give"),
        ({"relation_id": relation.pk}, "subject", "arcadia", "Arcadia"),
    ):
        rows.Citation.create(quote=gift, field=field, value=value, as_stated=words, note="As the test has it.", **target)
    rows.Citation.create(quote=about, entity_id=kites.pk, field="summary", value="Nobody counts them.", stance="contradicts")
    publish_as_then(rows)


def publish_as_then(rows) -> None:
    """An edition of each published record, with as much of the members of then as matters."""
    release = rows.Release.create(number=1, released_at=timezone.now(), operation="load", state_hash="0" * 64)
    citation = {"value": "pledge", "stance": "supports", "as_stated": "will give", "value_ref": None, "note": None}
    quote = {"kind": "quote", "slug": "news-q01", "exact": "Arcadia will give", "speaker": None}
    evidence = {"nature": {"agreement": "single", "statements": ["pledge"], "citations": [{**citation, "quote": quote}]}}
    hash_sum = 0
    for model, kind in (
        (rows.Entity, ""),
        (rows.Relation, "relation"),
        (rows.SourceQuote, "quote"),
        (rows.SourceDocument, "document"),
    ):
        for record in model.filter(status="published").order_by("pk"):
            key = {"kind": kind or record.kind, "slug": record.slug}
            name = getattr(record, "name", record.slug)
            document = edition_encoding.compact_json({**key, "edition": 1, "release": 1, "name": name, "contested": []})
            more = edition_encoding.compact_json({} if kind in ("quote", "document") else {"names": [], "evidence": evidence})
            hash_sum += edition_encoding.edition_hash(key["kind"], key["slug"], 1, document, more)
            edition = rows.Edition.create(
                **key,
                number=1,
                release=release,
                name=name,
                document=document,
                evidence=more,
                search_text=name,
                version=record.version,
            )
            rows.EditionTerm.create(edition=edition, kind=key["kind"], field="speaker", value="person/ada")
            rows.NameKey.create(edition=edition, kind=key["kind"], popularity=1, key="old")
    rows.MentionCount.create(kind="person", slug="ada", mentions=9)
    rows.Release.filter(number=1).update(state_hash=edition_encoding.format_state_hash(hash_sum))


def run(path: Path, *words: str, status: int = 0, input: str | None = None) -> str:
    own = {"DATABASE_URL": f"sqlite:///{path}", "STATE_DIR": str(path.parent / "state"), "SECRET_KEY": "only-for-tests"}
    environment = os.environ | own | {"DJANGO_SETTINGS_MODULE": "nato_support.settings"}
    done = subprocess.run([sys.executable, *words], cwd=ROOT, env=environment, capture_output=True, text=True, input=input)
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout if input else done.stdout + done.stderr


def test_an_old_database_is_migrated_and_published_anew(old):
    path, rows = old
    fill(rows)
    assert "news-q02: kites, summary: Nobody counts them." in run(path, "manage.py", "migrate")
    assert "run manage.py republish" in run(path, "manage.py", "check_data", status=1)

    dry = run(path, "manage.py", "republish", "--dry-run", "--json").splitlines()
    told = run(path, "manage.py", "republish", "--json").splitlines()
    assert told == dry
    *drafts, denial, release = map(json.loads, told)
    assert [(draft["slug"], draft["only_depends"]) for draft in drafts] == [("league", False), ("tents", True)]
    assert (denial["finding"], denial["quote"], denial["slug"], denial["field"]) == ("denial", "news-q02", "kites", "summary")
    assert (release["release"], sum(release["published"].values())) == (2, 8)
    assert "Nothing to do" in run(path, "manage.py", "republish")
    assert "The register is sound" in run(path, "manage.py", "check_data")

    lists = [f"/api/v1/{plural}/" for plural in PLURALS.values()]
    gone = ["commitments/?as_of=release:1", "commitments/kites/editions/1/", "commitments/tents/", "exports/1/"]
    details = ["commitments/kites/", "commitments/kites/?as_of=release:2", "relations/arcadia-supplies-ruritania/", "changes/"]
    addresses = [*lists, *(f"/api/v1/{address}" for address in [*gone, *details, "search/?q=kites", "exports/"])]
    answers = json.loads(run(path, "-c", READ, input=json.dumps(addresses)))
    statuses = {address.removeprefix("/api/v1/"): status for address, (status, _, _) in answers.items()}
    assert {address for address, status in statuses.items() if status == 410} == set(gone)
    assert set(statuses.values()) == {200, 410}
    documents = {address: json.loads(body) for address, (status, body, _) in answers.items() if status == 200}
    assert {row["slug"] for row in documents["/api/v1/organisations/"]["results"]} == {"arcadia", "courier", "ruritania"}
    kites = documents["/api/v1/commitments/kites/"]
    assert (kites["edition"], kites["denied"], kites["concerns"]) == (2, ["summary"], [])
    assert {citation["polarity"] for entry in kites["evidence"].values() for citation in entry["citations"]} == {
        "affirms",
        "denies",
    }
    assert documents["/api/v1/relations/arcadia-supplies-ruritania/"]["modality"] == "in_force"
    assert documents["/api/v1/quotes/"]["results"][0]["speakers"] == []
    assert [snapshot["release"] for snapshot in documents["/api/v1/exports/"]["results"]] == [2]
