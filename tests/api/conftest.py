"""The API as a client sees it, over the invented world."""

import json
import re
from functools import partial

import pytest
from django.test import Client

from nato_support.api import openapi
from tests import invented


@pytest.fixture(scope="session")
def document():
    """The OpenAPI document, built once."""
    return openapi.openapi_document()


@pytest.fixture
def api(public):
    """Asks the API: api("commitments/?page_size=1") gives the response, its document under .data, or fails on a wrong status."""
    return _client()


@pytest.fixture
def empty_api(db):
    """The same, before anything was published."""
    return _client()


def _client():
    client = Client()

    def ask(address: str, status: int = 200, method: str = "GET", **headers):
        address = address if address.startswith(("/", "http")) else f"/api/v1/{address}"
        response = client.generic(method, re.sub("^http://testserver", "", address), headers=headers)
        assert response.status_code == status, response.content[:500]
        if not response.streaming and response.content and response.headers["Content-Type"].endswith("json"):
            response.data = json.loads(response.content)
        return response

    return ask


@pytest.fixture
def slugs(api):
    """The slugs that a list gives: slugs("commitments/?nature=pledge")."""
    return lambda address: [row["slug"] for row in api(address).data["results"]]


@pytest.fixture
def promise(public):
    """Publishes further commitments: promise("tents", nature="plan", date="2024-05")."""

    return partial(invented.publish_commitment, public)


@pytest.fixture
def gifts(handles, public):
    """Sixteen further commitments of Arcadia, public."""
    return handles.gifts or invented.publish_gifts(public)
