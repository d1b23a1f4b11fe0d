"""Each column refuses what it must not hold, whoever writes it: here raw SQL, which no Python rule sees."""

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from entities.models import Entity, Event, Organisation
from tests import world as make

NUL, RIGHT_TO_LEFT = "\x00", "\u202e"

REFUSED = [
    ("entities_entity", "status", "public"),
    ("entities_entity", "status", ""),
    ("entities_entity", "name", "A" * 301),
    ("entities_entity", "name", ""),
    ("entities_entity", "name", f"Arcadia{RIGHT_TO_LEFT}"),
    ("entities_entity", "name", "Arcadia\u2066"),
    ("entities_entity", "name", "Arca\x1bdia"),
    ("entities_entity", "name", "Arcadia\x85"),
    ("entities_entity", "name", "Arcadia\nBoeotia"),
    ("entities_entity", "name", "Arcadia\u2028Boeotia"),
    ("entities_entity", "name", f"Arcadia{NUL}"),
    ("entities_entity", "summary", f"A state{NUL}."),
    ("entities_entity", "summary", f"A {RIGHT_TO_LEFT}state."),
    ("entities_entity", "slug", "Arcadia"),
    ("entities_entity", "slug", "arcadia-"),
    ("entities_entity", "slug", "-arcadia"),
    ("entities_entity", "slug", "arca--dia"),
    ("entities_entity", "slug", "arca dia"),
    ("entities_entity", "slug", ""),
    ("entities_entity", "slug", f"arcadia{NUL}"),
    ("entities_entity", "slug", "a" * 121),
    ("entities_organisation", "type", "empire"),
    ("entities_organisation", "country", "Ua"),
    ("entities_organisation", "country", "U"),
    ("entities_organisation", "country", "U1"),
    ("entities_organisation", "country", f"U{NUL}"),
    ("entities_event", "start", "July 2024"),
    ("entities_event", "start", "0000"),
    ("entities_event", "start", "24-07-10"),
    ("entities_event", "start", "2024-13"),
    ("entities_event", "start", "2024-00"),
    ("entities_event", "start", "2024-07-00"),
    ("entities_event", "start", "2024-02-30"),
    ("entities_event", "start", "2023-02-29"),
    ("entities_event", "start", "1900-02-29"),
    ("entities_event", "start", "2024-04-31"),
    ("entities_event", "start", "2024-07~~"),
    ("entities_event", "start", "2024-7"),
    ("entities_event", "start", "~"),
    ("entities_event", "start", f"2024{NUL}"),
    ("entities_event", "start", "2024/"),
    ("entities_event", "start", "/2024"),
    ("entities_event", "start", "../.."),
    ("entities_event", "start", "2024-13/2025"),
    ("entities_event", "start", "2025/2024"),
    ("entities_event", "start", f"2024/..{NUL}"),
    ("entities_event", "start", "2024/" * 2_000),
    ("sources_sourcedocument", "url", "javascript:alert(1)"),
    ("sources_sourcedocument", "url", " https://example.org/"),
    ("sources_sourcedocument", "url", "ftp://example.org/"),
    ("sources_sourcedocument", "url", "https://example.org/\njavascript:alert(1)"),
    ("sources_sourcedocument", "url", f"https://example.org/{NUL}"),
    ("sources_sourcedocument", "url", f"https://example.org/{RIGHT_TO_LEFT}gpj.exe"),
    ("sources_sourcedocument", "url", "https://example.org/" + "a" * 2000),
    ("sources_sourcequote", "exact", f"forty{NUL}kites"),
    ("sources_citation", "polarity", "proves"),
]


def one_row(table: str) -> str:
    """One alone: two rows of one slug would be refused for another reason."""
    key = "entity_id" if table in ("entities_organisation", "entities_event") else "id"
    return f"WHERE {key} = (SELECT min({key}) FROM {table})"


@pytest.mark.parametrize(("table", "column", "value"), REFUSED)
def test_the_database_refuses(world, sql, table, column, value):
    # PostgreSQL cannot even be sent a NUL; a longer text than the column's is a DataError there.
    with pytest.raises((DatabaseError, ValueError)) as refusal, transaction.atomic():
        sql(f'UPDATE {table} SET "{column}" = %s {one_row(table)}', value)
    assert refusal.typename in ("IntegrityError", "DataError", "ValueError")


ACCEPTED = [
    ("entities_entity", "name", "A" * 300),
    ("entities_entity", "name", "Аркадія – “the” state, 大国"),
    ("entities_entity", "summary", "A state.\n\nOf kites.\tMany."),
    ("entities_organisation", "country", ""),
    ("entities_organisation", "country", "UA"),
    ("entities_event", "start", ""),
    ("entities_event", "start", "2024-02-29~"),
    ("entities_event", "start", "2000-02-29"),
    ("entities_event", "start", "2024-07?"),
    ("entities_event", "start", "0001"),
    ("entities_event", "start", "2024-06-15~/2024-07-08?"),
    ("entities_event", "start", "2023/.."),
    ("entities_event", "start", "../2024-12-31"),
    ("sources_sourcedocument", "url", ""),
    ("sources_sourcedocument", "url", "http://example.org/ä?b=c#d"),
    ("sources_sourcedocument", "url", "HTTPS://example.org/"),
]


@pytest.mark.parametrize(("table", "column", "value"), ACCEPTED)
def test_the_database_takes(world, sql, table, column, value):
    sql(f'UPDATE {table} SET "{column}" = %s {one_row(table)}', value)
    assert sql(f'SELECT "{column}" FROM {table} {one_row(table)}') == [(value,)]


def test_a_bulk_write_is_refused_like_any_other(db):
    with pytest.raises(DatabaseError), transaction.atomic():
        Entity.objects.bulk_create([Entity(kind="organisation", slug="arcadia", name="Arcadia", status="public")])


@pytest.mark.parametrize(
    ("fields", "field", "says"),
    [
        ({"name": "Arcadia\nBoeotia"}, "name", "single line"),
        ({"name": f"Arcadia{RIGHT_TO_LEFT}"}, "name", "control character"),
        ({"name": f"Arcadia{NUL}"}, "name", "control character"),
        ({"name": "A" * 301}, "name", "at most 300 characters"),
        ({"slug": "Arcadia"}, "slug", "lower-case letters, digits and single hyphens"),
        ({"type": "empire"}, "type", "not a valid choice"),
        ({"country": "XX"}, "country", "ISO 3166-1"),
        ({"country": "ua"}, "country", "ISO 3166-1"),
        ({"founded": "April 1949"}, "founded", "is not a date such as 2024"),
        ({"founded": "1949-02-29"}, "founded", "no day of the calendar"),
        ({"founded": "1949/1948"}, "founded", "ends before it begins"),
        ({"founded": "../.."}, "founded", "open at both ends"),
        ({"founded": "1949-04~/1949-04-30~/1950"}, "founded", "2023/.. (from then on) or ../2024-12-31"),
    ],
)
def test_a_person_is_told_what_is_wrong_with_a_field(arcadia, fields, field, says):
    for name, value in fields.items():
        setattr(arcadia, name, value)
    with pytest.raises(ValidationError) as refusal:
        arcadia.full_clean()
    assert says in " ".join(refusal.value.message_dict[field])


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://example.org/", "https://example.org/\u202egpj.exe", "example.org"])
def test_a_person_is_told_that_an_address_is_none(db, url):
    document = make.a_document(text="")
    document.url = url
    with pytest.raises(ValidationError) as refusal:
        document.full_clean()
    assert "url" in refusal.value.message_dict


def test_the_database_and_python_agree_on_every_day_of_a_leap_cycle(db):
    """What PostgreSQL's regular expression or SQLite's functions take, `PartialDate` takes, and nothing else."""
    from entities.dates import PartialDate

    column = Event._meta.get_field("start")
    check = column.check_sql("day", connection.vendor).replace("%", "%%")
    days = [f"{y}-{m:02}-{d:02}" for y in (1900, 2000, 2023, 2024) for m in range(14) for d in range(33)]
    values = ", ".join(f"('{day}')" for day in days)
    with connection.cursor() as cursor:
        cursor.execute(f"WITH calendar(day) AS (VALUES {values}) SELECT day FROM calendar WHERE {check}")
        taken = {day for (day,) in cursor.fetchall()}

    def is_a_day(text: str) -> bool:
        try:
            PartialDate.parse(text)
        except ValueError:
            return False
        return True

    assert taken == {day for day in days if is_a_day(day)}
    assert len(taken) == 365 * 2 + 366 * 2


def test_a_record_can_be_saved_again_and_again_with_its_history(db):
    arcadia = make.an_organisation()
    for name in ("Arcadia Minor", "Arcadia Major"):
        arcadia.name = name
        arcadia.save()
    assert list(Organisation.history.order_by("history_id").values_list("name", flat=True)) == [
        "Arcadia",
        "Arcadia Minor",
        "Arcadia Major",
    ]
