"""The pages of the register that a test asks for, as a reader gets them."""

import pytest

from tests.pages_check.site import Answer, Site


@pytest.fixture
def site(client) -> Site:
    """The site over the database of the test."""

    def ask(path, headers) -> Answer:
        response = client.get(path, headers=headers)
        return Answer(response.status_code, response.headers, response.getvalue())

    return Site(ask)
