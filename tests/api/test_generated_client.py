"""A client that is generated from the OpenAPI document works, typed from end to end, against a real server."""

import hashlib
import importlib
import json
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from nato_support.api.collections import COLLECTIONS
from tests.stages import locked

NAME = "register_client"
# Without its ruff; closed lists as literals; files of snapshots as the bytes that they are.
CONFIG = """
post_hooks: []
literal_enums: true
content_type_overrides: {application/gzip: application/octet-stream}
"""


@pytest.fixture(scope="module")
def generated(pytestconfig, document):
    """The generated package, kept while the document and the generator are the same."""
    text = json.dumps(document)
    made_of = text + CONFIG + version("openapi-python-client") + sys.version
    cache = pytestconfig.cache.mkdir("clients")
    folder = cache / hashlib.sha256(made_of.encode()).hexdigest()[:16]
    with locked(cache / "lock"):
        if not folder.exists():
            for old in cache.glob("*/"):
                shutil.rmtree(old)
            generate(text, cache / "draft")
            (cache / "draft").rename(folder)
    sys.path.insert(0, str(folder))
    yield lambda module: importlib.import_module(f"{NAME}.{module}")
    sys.path.remove(str(folder))
    for module in [name for name in sys.modules if name.split(".")[0] == NAME]:
        del sys.modules[module]


def generate(text: str, folder: Path) -> None:
    """Write the package into `folder`. What cannot be generated would be named in the output."""
    folder.mkdir()
    (folder / "config.yaml").write_text(CONFIG)
    path = folder / "openapi.json"
    path.write_text(text)
    program = [sys.executable, "-m", "openapi_python_client", "generate", "--path", str(path), "--meta", "none"]
    options = ["--output-path", str(folder / NAME), "--config", str(folder / "config.yaml"), "--fail-on-warning"]
    done = subprocess.run([*program, *options], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def client(generated, public, live_server):
    with generated("client").Client(base_url=live_server.url, raise_on_unexpected_status=True) as client:
        yield client


def test_it_lists_and_reads_every_collection(generated, client):
    for collection in COLLECTIONS:
        page = generated(f"api.{collection}.{collection}_list").sync(client=client, count=True)
        assert page.count == len(page.results) > 0
        for row in page.results:
            detail = generated(f"api.{collection}.{collection}_detail").sync(row.slug, client=client)
            assert (detail.kind, detail.slug) == (row.kind, row.slug)


def test_it_reads_a_fact_down_to_its_quote(generated, client, public):
    page = generated("api.commitments.commitments_list").sync(client=client, committed_by=["arcadia"], nature=["pledge"])
    [row] = page.results
    detail = generated("api.commitments.commitments_detail").sync(row.slug, client=client)
    assert detail.beneficiary.slug == "ruritania"
    assert detail.milestones[0].date.value == "2024-07-09"
    assert detail.evidence["measures.kites"].citations[0].quote.exact == public.quote.exact


def test_it_gets_problems_as_documents(generated, client):
    problem = generated("api.commitments.commitments_detail").sync("no-such", client=client)
    assert (problem.status, problem.type_) == (404, "/api/v1/problems/not-found/")


def test_it_searches(generated, client):
    found = generated("api.register.search").sync(client=client, q="kites")
    assert "forty-kites" in [row.slug for row in found.results if hasattr(row, "slug")]
