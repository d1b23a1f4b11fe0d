"""A hundred people save at once, over HTTP: no edit is lost and nobody is refused who was in nobody's way."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import User
from django.test import Client

from entities.models import Name, Organisation
from tests import world as make
from tests.e2e.people import Browser, Form

ROWS, RECORDS, HANDS = 18, 5, 12


def edits(page: dict) -> list[dict]:
    """Twenty edits of one page, no two of the same: two of the record's own fields and one of each row."""
    own = [page | {"summary": "Written at once."}, page | {"founded": "1949-04"}]
    return own + [page | {f"names-{at}-text": f"{page[f'names-{at}-text']} edited"} for at in range(ROWS)]


def path_of(pk: int) -> str:
    return f"/admin/entities/organisation/{pk}/change/"


def all_at_once(browsers: list[Browser], keys: list[int]) -> list[int]:
    """Everybody has opened a page, and all save: the statuses of the answers."""
    pages = [Form(browsers[0].ask(path_of(pk))[1], "_base").fields for pk in keys]
    todo = [(path_of(pk), data) for pk, page in zip(keys, pages, strict=True) for data in edits(page)]
    # Neighbours in time are at the same record.
    with ThreadPoolExecutor(HANDS) as hands:
        return list(hands.map(lambda one: browsers[one[0] % len(browsers)].ask(*one[1])[0], enumerate(todo)))


def write_a_word(browser: Browser, pk: int, word: str) -> int:
    """Adds a word to the summary that everybody writes in, choosing again until it is in; gives how often it was asked."""
    status, html = browser.ask(path_of(pk))
    page = Form(html, "_base").fields
    status, html = browser.ask(path_of(pk), page | {"summary": f"{page['summary']} {word}".strip()})
    asked = 0
    while status == 409:
        asked += 1
        assert asked < 60, "asked without end"
        fields = Form(html, "_base").fields
        key = next(name for name in fields if name.startswith("_seen:")).removeprefix("_seen:")
        now = Form(browser.ask(path_of(pk))[1], "_base").fields["summary"]
        own = {f"_choice:{key}": "own", "_own::summary": f"{now} {word}".strip()}
        status, html = browser.ask(path_of(pk), fields | own)
    assert status == 302, html[:500]
    return asked


@pytest.mark.both
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_hundred_edits_at_once(live_server):
    browsers = []
    for at in range(HANDS):
        client = Client()
        client.force_login(User.objects.create_superuser(f"p{at}"))
        browsers.append(Browser(live_server.url, client.session.session_key))
    records = [make.an_organisation(f"land-{at}") for at in range(RECORDS)]
    for record in records:
        for at in range(ROWS):
            Name.objects.create(entity=record, text=f"Name {at:02}", kind="alias")
    answers = all_at_once(browsers, [record.pk for record in records])
    assert len(answers) == 100 and set(answers) == {302}
    assert Organisation.objects.filter(summary="Written at once.", founded="1949-04").count() == RECORDS
    assert Name.objects.filter(text__endswith=" edited").count() == RECORDS * ROWS

    words = [f"word{at}" for at in range(HANDS)]
    Organisation.objects.update(summary="")
    with ThreadPoolExecutor(HANDS) as hands:
        list(hands.map(lambda at: write_a_word(browsers[at], records[0].pk, words[at]), range(HANDS)))
    records[0].refresh_from_db()
    assert sorted(records[0].summary.split()) == sorted(words)
