"""The service as its clients reach it, and the protocol's own schemas and examples where they are at hand."""

import json
import os
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from django.test import Client
from jsonschema import Draft7Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from tests.invented import publish_cited

ROOT = "/api/v1/reconcile/"
DRAFT = "/api/v1/reconcile/1.0-draft/"


@pytest.fixture
def service(public):
    return Service(Client())


class Service:
    """Asks the service and reads its answers as JSON; fails on a status other than the one expected."""

    def __init__(self, client: Client):
        self.client = client

    def get(self, address: str, status: int = 200, **query):
        address = address if address.startswith("/") else ROOT + address
        return self._read(self.client.get(f"{address}?{urlencode(query)}" if query else address), status)

    def form(self, status: int = 200, **fields):
        """What version 0.2 posts: texts as they are, anything else as JSON."""
        texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in fields.items()}
        media = "application/x-www-form-urlencoded; charset=UTF-8"
        return self._read(self.client.post(ROOT, urlencode(texts), content_type=media), status)

    def post(self, path: str, data, status: int = 200):
        """What version 1.0-draft posts to `path` below its root."""
        body = data if isinstance(data, str | bytes) else json.dumps(data)
        return self._read(self.client.post(DRAFT + path, body, content_type="application/json"), status)

    def candidates(self, query: str, **more) -> list[dict]:
        """The candidates for one name."""
        return self.form(queries={"q0": {"query": query} | more})["q0"]["result"]

    def draft_candidates(self, *conditions: dict, **more) -> list[dict]:
        return self.post("match", {"queries": [{"conditions": list(conditions)} | more]})["results"][0]["candidates"]

    @staticmethod
    def _read(response, status: int):
        assert response.status_code == status, response.content[:500]
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        return json.loads(response.content)


@pytest.fixture
def named(public):
    """Publishes further records with other names: named(make.a_person("x"), "X", "Икс")."""

    def publish_named(record, *others: str, identifiers: dict[str, str] | None = None):
        for text in others:
            record.names.create(text=text, kind="alias")
        for scheme, value in (identifiers or {}).items():
            record.identifiers.create(scheme=scheme, value=value)
        publish_cited(public.quote, record)
        return record

    return publish_named


@pytest.fixture(scope="session")
def conformance():
    """The protocol's schemas and examples: CONFORMANCE, or a folder data/conformance beside the checkout, names them."""
    beside = sorted(Path(__file__).parents[4].glob("*/data/conformance"))
    folder = Path(os.environ.get("CONFORMANCE") or (beside[0] if beside else "")) / "reconciliation-api"
    if not folder.is_dir():
        pytest.skip("no folder with the schemas of the Reconciliation Service API: CONFORMANCE names none")
    return Conformance(folder)


class Conformance:
    def __init__(self, folder: Path):
        self.folder = folder

    def check(self, version: str, schema: str, data) -> None:
        """Fails unless `data` is valid against a schema of that version."""
        folder = self.folder / version / "schemas"
        schemas = {path.name: json.loads(path.read_text()) for path in folder.glob("*.json")}
        resources = [(one["$id"], _resource(one)) for one in schemas.values() if "$id" in one]
        # They name each other by their files, from addresses that differ between versions.
        bases = {one["$id"].rpartition("/")[0] for one in schemas.values() if "$id" in one}
        resources += [(f"{base}/{name}", _resource(one)) for base in bases for name, one in schemas.items()]
        Draft7Validator(schemas[f"{schema}.json"], registry=Registry().with_resources(resources)).validate(data)

    def examples(self, version: str, schema: str, verdict: str) -> list[SimpleNamespace]:
        found = sorted((self.folder / version / "examples" / schema / verdict).glob("*.json"))
        return [SimpleNamespace(name=path.name, data=json.loads(path.read_text())) for path in found]


def _resource(schema: dict) -> Resource:
    return DRAFT7.create_resource(schema)
