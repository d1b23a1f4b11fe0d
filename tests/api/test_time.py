"""as_of: what the register said then."""

import datetime

import pytest
from django.utils import timezone

from nato_support.exchange.models import Mirror
from nato_support.publishing.models.public_tables import Edition, Release
from nato_support.publishing.publication import publish
from tests.invented import publish_cited

UTC = datetime.UTC


@pytest.fixture
def renamed(public):
    """Printed on 1 March, renamed on 3 March 2026 at nine."""
    Release.objects.filter(number=1).update(released_at=datetime.datetime(2026, 3, 1, 12, tzinfo=UTC))
    public.kites.name = "Fifty Kites"
    public.kites.save()
    publish([public.kites])
    Release.objects.filter(number=2).update(released_at=datetime.datetime(2026, 3, 3, 9, tzinfo=UTC))


A_POINT_IN_TIME = [
    ("release:1", "Forty Kites"),
    ("release:2", "Fifty Kites"),
    ("2026-03-01", "Forty Kites"),
    ("2026-03-02", "Forty Kites"),
    ("2026-03-03", "Fifty Kites"),
    ("2026-03-03T08:59:59Z", "Forty Kites"),
    ("2026-03-03T09:00Z", "Fifty Kites"),
    ("2026-03-03T09:59:59%2B01:00", "Forty Kites"),
    ("2026-03-03T10:00:00.5%2B01:00", "Fifty Kites"),
    ("2026-03-05", "Fifty Kites"),
]


def test_a_point_in_time(api, renamed, subtests):
    for point, name in A_POINT_IN_TIME:
        with subtests.test(point=point, name=name):
            assert api(f"commitments/forty-kites/?as_of={point}").data["name"] == name
            [row] = api(f"commitments/?as_of={point}").data["results"]
            assert row["name"] == name
            assert api(f"commitments/?as_of={point}&name={name}").data["results"] == [row]


def test_today_is_a_day_and_tomorrow_is_not_yet(api, public):
    today = timezone.now().date()
    api(f"commitments/?as_of={today}")
    api(f"commitments/?as_of={today + datetime.timedelta(days=1)}", 400)


@pytest.mark.parametrize(
    "point", ["2026-02-28", "2026-03-01T11:59:59Z", "release:0", "release:3", "release:999999999999999", "9998-01-01"]
)
def test_before_the_first_run_and_in_the_future_there_is_nothing_to_say(api, renamed, point):
    for address in ("commitments/", "commitments/forty-kites/"):
        assert api(f"{address}?as_of={point}", 400).data["type"] == "/api/v1/problems/point-out-of-range/"


A_POINT_THAT_IS_NONE = [
    "2026-02-30",
    "2026-13-01",
    "yesterday",
    "2026",
    "2026-03-01T25:00Z",
    "2026-03-01T10:00",
    "release:-1",
    "9999-12-31",
    "release:1x",
    "2026-03-01T10:00:00%2B99:00",
]


def test_a_point_that_is_none(api, subtests):
    for point in A_POINT_THAT_IS_NONE:
        with subtests.test(point=point):
            api(f"commitments/?as_of={point}", 400)


def test_a_record_that_was_not_there_yet(api, renamed, promise):
    promise("late")
    api("commitments/late/?as_of=release:2", 404)
    assert api("commitments/late/?as_of=release:3").data["edition"] == 1
    assert len(api("commitments/?as_of=release:2").data["results"]) == 1


def test_full_text_is_of_now(api, renamed):
    assert api("commitments/?q=fifty&as_of=release:2").data["results"]
    assert api("commitments/?q=forty&as_of=release:1", 400).data["errors"][0]["code"] == "not_with_q"


def test_editions(api, renamed):
    newest, first = api("commitments/forty-kites/editions/").data["results"]
    assert newest == {
        "edition": 2,
        "release": 2,
        "released_at": "2026-03-03T09:00:00Z",
        "cause": "content",
        "name": "Fifty Kites",
        "withdrawn": False,
        "href": "/api/v1/commitments/forty-kites/editions/2/",
        "changes": [{"pointer": "/name", "was": "Forty Kites", "now": "Fifty Kites"}],
        "is_truncated": False,
    }
    assert api(first["href"]).data["name"] == "Forty Kites"
    api("commitments/forty-kites/editions/3/", 404)
    api("commitments/none/editions/", 404)
    assert api("commitments/forty-kites/editions/2/").data == api("commitments/forty-kites/").data


def test_what_names_a_renamed_record_is_printed_anew(api, public):
    public.arcadia.name = "New Arcadia"
    public.arcadia.save()
    publish_cited(public.quote, public.arcadia)
    assert [giver["name"] for giver in api("commitments/forty-kites/").data["committed_by"]] == ["New Arcadia"]
    assert [row["cause"] for row in api("commitments/forty-kites/editions/").data["results"]] == ["reference", "content"]


def test_a_copy_knows_nothing_of_the_time_before_it_began(api, renamed, subtests):
    snapshot = {"source": "https://register.example.org/api/v1/", "state_hash": "0" * 64, "epoch": "0" * 16}
    Edition.objects.filter(superseded__isnull=False).delete()
    Mirror.objects.create(begins=2, through=2, **snapshot)
    for address in (
        "commitments/?as_of=release:1",
        "commitments/forty-kites/?as_of=2026-03-01",
        "commitments/forty-kites/editions/1/",
        "changes/2/",
        "changes/?since=1",
    ):
        with subtests.test(address=address):
            problem = api(address, 410).data
            assert problem["type"] == "/api/v1/problems/history-gone/"
            assert "begun at its release 2: nothing earlier is known here" in problem["detail"]
    for address in ("commitments/?as_of=release:2", "changes/?since=2"):
        api(address)
