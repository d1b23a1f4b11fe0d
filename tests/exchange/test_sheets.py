"""What goes out as a spreadsheet, what comes back, and what each row of it would do."""

import csv
import errno
import io
import zipfile
from decimal import Decimal
from unittest import mock

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from entities.history.record_snapshots import take_snapshot
from entities.models import Change, Commitment, Identifier, Measure, Milestone, Name, Organisation, Relation
from entities.refusals import Stale
from entities.vocabulary import Action, Status
from nato_support.exchange.spreadsheets import file_reader, file_writer
from nato_support.exchange.spreadsheets.cells import CLEAR_MARK, escape_cell, parse_number, unescape_cell
from nato_support.exchange.spreadsheets.file_reader import UnreadableSpreadsheet, read_spreadsheet
from nato_support.exchange.spreadsheets.import_execution import RowRefused, write_planned_rows
from nato_support.exchange.spreadsheets.import_planning import ImportPlanner, split_into_batches
from nato_support.exchange.spreadsheets.planned_rows import RowOutcome
from nato_support.exchange.spreadsheets.sheets_and_columns import CHILD_SHEETS, RECORD_SHEETS, SHEETS_BY_NAME, sheet_for_model
from sources.models import SourceDocument
from tests import world as make

ORGANISATIONS = SHEETS_BY_NAME["organisations"]
MILESTONES = SHEETS_BY_NAME["milestones"]


def csv_of(sheet, *rows, header=None) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    header = header or list(rows[0])
    writer.writerow(header)
    writer.writerows([row.get(name, "") for name in header] for row in rows)
    return text.getvalue().encode()


def exported(sheet, *records) -> list[dict[str, str]]:
    """The rows of `records` as a CSV holds them."""
    lines = "".join(file_writer.csv_lines(sheet, file_writer.sheet_row_cells(sheet, [record.pk for record in records])))
    return list(csv.DictReader(io.StringIO(lines.removeprefix("\ufeff"))))


def workbook_of(*sheets) -> bytes:
    with file_writer.build_workbook(sheets) as file:
        return file.read()


def whole_register() -> bytes:
    sheets = [
        (sheet, file_writer.sheet_row_cells(sheet, sheet.model._default_manager.values_list("pk", flat=True)))
        for sheet in (*RECORD_SHEETS, *CHILD_SHEETS)
    ]
    return workbook_of(*sheets)


def planned(data: bytes, sheet=ORGANISATIONS, name="rows.csv"):
    book = read_spreadsheet(name, data, sheet)
    plan = ImportPlanner(book)
    return [line for piece in split_into_batches(book) for line in plan.plan_rows(piece)]


def outcomes(lines) -> list[str]:
    return [str(line.outcome) for line in lines]


def typed_book(rows, title="organisations", change=None) -> bytes:
    book = Workbook()
    page = book.active
    page.title = title
    for row in rows:
        page.append(row)
    if change:
        change(page)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


# Cells

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=80)
AWKWARD = [
    "=1+1",
    "+a",
    "-5",
    "@x",
    "\t=",
    "\r",
    "'",
    "'=1",
    "''=1",
    "'t Harde",
    CLEAR_MARK,
    f"'{CLEAR_MARK}",
    " =1",
    "＝1",
    "_x000D_",
    "a\r\nb",
    "1",
    "﻿x",
]


def awkward(test):
    for text in AWKWARD:
        test = example(text)(test)
    return test


@awkward
@settings(deadline=None)
@given(ANY_TEXT)
def test_any_text_survives_a_cell(text):
    cell = escape_cell(text)
    assert unescape_cell(cell) == text
    assert cell.lstrip()[:1] not in tuple("=+-@＝＋－＠") or not cell.lstrip()
    assert cell[0] not in "\t\r\n"
    assert cell != CLEAR_MARK


def _no_formula(cells):
    for cell in cells:
        assert not str(cell).startswith(tuple("=+-@\t\r")), cell


@awkward
@settings(deadline=None)
@given(ANY_TEXT)
def test_any_text_survives_a_file(text):
    """Byte for byte, and no text in the file is one that a program would run."""
    sheet = SHEETS_BY_NAME["names"]
    row = dict.fromkeys(sheet.header, "") | {"record": "arcadia", "row": "7", "version": "3", "text": text}

    data = "".join(file_writer.csv_lines(sheet, [row])).encode()
    _no_formula(cell for line in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")) for cell in line)
    assert unescape_cell(read_spreadsheet("names.csv", data, sheet).rows[0].cells["text"]) == text

    data = workbook_of((sheet, [row]))
    book = load_workbook(io.BytesIO(data), read_only=True)
    _no_formula(cell.value for line in book["names"].iter_rows() for cell in line if cell.data_type != "n")
    assert not [cell for line in book["names"].iter_rows() for cell in line if cell.data_type == "f"]
    book.close()
    assert unescape_cell(read_spreadsheet("names.xlsx", data, sheet).rows[0].cells["text"]) == text


@pytest.mark.parametrize(
    "text, value",
    [("1234.5", "1234.5"), ("1,5", "1.5"), ("1 234 567,25", "1234567.25"), ("-7", "-7"), (" 40 ", "40"), ("1\u00a0000", "1000")],
)
def test_numbers_are_read_as_people_type_them(text, value):
    assert f"{parse_number(text):f}" == value


@pytest.mark.parametrize(
    "text", ["1,250", "320.000", "1.500", "-1.500", "1,500,000", "forty", "1.2.3", "1e9", "", "NaN", "٣٤,٥٦٧"]
)
def test_numbers_that_are_not_plain_are_refused(text):
    with pytest.raises(ValueError, match="write it without|not a number"):
        parse_number(text)


def test_a_point_before_three_digits_is_decimal_where_a_column_takes_them():
    assert parse_number("50.451", has_thousandths=True) == Decimal("50.451")
    with pytest.raises(ValueError, match="may mean 50451 or 50.451"):
        parse_number("50,451", has_thousandths=True)


def test_too_long_a_text_for_a_workbook_is_left_alone(arcadia):
    Organisation.objects.filter(pk=arcadia.pk).update(summary="a" * 40_000)
    data = workbook_of((ORGANISATIONS, file_writer.sheet_row_cells(ORGANISATIONS, [arcadia.pk])))
    assert outcomes(planned(data, name="a.xlsx")) == ["unchanged"]
    assert outcomes(planned(csv_of(ORGANISATIONS, exported(ORGANISATIONS, arcadia)[0]))) == ["unchanged"]


# Export and back


def test_everything_exported_and_imported_changes_nothing(world, django_assert_max_num_queries):
    make.a_relation(world.ada, world.arcadia, make.a_relation_type("works-for", ("person", "organisation")), start="2020~")
    Name.objects.create(entity=world.kites, text="=HYPERLINK(1)", language="en")
    Identifier.objects.create(entity=world.arcadia, scheme="wikidata", value="Q1")
    Organisation.objects.filter(pk=world.arcadia.pk).update(summary="One.\r\n\r\n-Two_x000D_\n")
    before = [take_snapshot(row).fingerprint for sheet in RECORD_SHEETS for row in sheet.model.objects.order_by("pk")]
    lines = planned(whole_register(), name="all.xlsx")
    assert {line.sheet for line in lines} == set(SHEETS_BY_NAME)
    assert [line for line in lines if line.outcome != RowOutcome.UNCHANGED or line.notes] == []
    assert write_planned_rows(lines) == 0
    assert before == [take_snapshot(row).fingerprint for sheet in RECORD_SHEETS for row in sheet.model.objects.order_by("pk")]


def test_a_register_goes_into_an_empty_one(world):
    """Records that name each other across sheets, their parts, and amounts that convert each other."""
    Measure.objects.create(
        entity=world.kites, key="aid", kind="money", value="40000000000", currency="EUR", as_stated="40 billion"
    )
    converted = Measure.objects.get(key="aid")
    Measure.objects.create(
        entity=world.kites, key="aid-usd", kind="money", value="43", currency="USD", as_stated="43", conversion_of=converted
    )
    came = make.a_milestone(world.kites, "delivered", "2024-08")
    make.a_measure(world.kites, "came", value=10, milestone=came)
    world.kites.concerns.set([world.courier, world.arcadia])
    Commitment.objects.filter(pk=world.kites.pk).update(due="../2024-12-31", period="2024/2025")
    Name.objects.create(entity=world.ruritania, text="the receiver", kind="mention")
    Name.objects.create(entity=world.ruritania, text="RUR", kind="acronym", origin="outside")
    package = make.a_commitment("all-kites")
    Commitment.objects.filter(pk=world.kites.pk).update(part_of=package)
    data = whole_register()
    told = {sheet.name: [sheet.row_cells(row) for row in sheet.annotated_rows()] for sheet in (*RECORD_SHEETS, *CHILD_SHEETS)}
    for model in (Relation, Name, Identifier, Measure, Milestone):
        model.objects.all().delete()
    world.citation.delete()
    world.quote.delete()
    SourceDocument.objects.all().delete()
    Commitment.objects.all().update(part_of=None)
    for sheet in reversed(RECORD_SHEETS[:6]):
        for record in sheet.model.objects.all():
            record.delete()

    # A file from elsewhere says how old its rows were there: nothing of this register is.
    lines = planned(data, name="all.xlsx")
    assert [line.reasons for line in lines if line.reasons and "has no row" not in line.reasons[0]] == []
    book = read_spreadsheet("all.xlsx", data, ORGANISATIONS)
    for row in book.rows:
        row.cells.pop("row", None)
        row.cells.pop("version", None)
    plan = ImportPlanner(book)
    lines = [line for piece in split_into_batches(book) for line in plan.plan_rows(piece)]
    assert set(outcomes(lines)) == {"new"}, [line.reasons for line in lines if line.reasons]
    assert write_planned_rows(lines) == len(lines)

    ignored = {"row", "version", "sha256"}
    for sheet in (*RECORD_SHEETS, *CHILD_SHEETS):
        there = [{k: v for k, v in sheet.row_cells(row).items() if k not in ignored} for row in sheet.annotated_rows()]
        was = [{k: v for k, v in cells.items() if k not in ignored} for cells in told[sheet.name]]
        assert sorted(map(str, there)) == sorted(map(str, was)), sheet.name
    plan = ImportPlanner(book)
    assert {line.outcome for piece in split_into_batches(book) for line in plan.plan_rows(piece)} == {RowOutcome.UNCHANGED}


def test_cells_have_types(kites):
    make.a_milestone(kites, date="2024-07-09")
    intervals = ("2023/2024?", "../2024-07", "2024-07/..", "2024-06-15~/2024-07-08")
    for date in ("2024-07", *intervals):
        make.a_milestone(kites, stage="agreed", date=date)
    yard = make.a_facility(latitude="-1.5", longitude="30")
    data = workbook_of(
        (SHEETS_BY_NAME["milestones"], file_writer.child_row_cells(SHEETS_BY_NAME["milestones"], [kites.pk])),
        (SHEETS_BY_NAME["facilities"], file_writer.sheet_row_cells(SHEETS_BY_NAME["facilities"], [yard.pk])),
    )
    book = load_workbook(io.BytesIO(data))
    dates = {row["date"] for row in _dicts(book["milestones"])}
    assert {getattr(day, "year", day) for day in dates} == {2024, "2024-07", *intervals}
    rows = read_spreadsheet("x.xlsx", data, MILESTONES).rows
    assert {row.cells["date"] for row in rows if "date" in row.cells} == {"2024-07-09", "2024-07", *intervals}
    assert [row["latitude"] for row in _dicts(book["facilities"])] == [-1.5]
    told = {(row[0].value, row[1].value) for row in book["about"].iter_rows(max_col=2)}
    assert {(name, column) for name in ("milestones", "facilities") for column in SHEETS_BY_NAME[name].header} <= told
    line = exported(SHEETS_BY_NAME["facilities"], yard)[0]
    assert line["latitude"] == "-1.5"


def _dicts(page):
    header, *rows = page.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_no_private_field_goes_out(world):
    header = {name for sheet in SHEETS_BY_NAME.values() for name in sheet.header}
    assert header.isdisjoint({"text_", "fingerprint", "decided_by", "why", "created_at", "verification"})
    assert "text" not in SHEETS_BY_NAME["documents"].header
    data = whole_register()
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert not [name for name in packed.namelist() if b"to count them in Harbourton" in packed.read(name)]


def test_a_file_from_before_a_merge_writes_on_no_signpost_and_names_the_survivor(world):
    twin = make.an_organisation("old-ruritania")
    (stale,) = exported(ORGANISATIONS, twin)
    twin.merged_into = world.ruritania
    twin.save()
    (line,) = planned(csv_of(ORGANISATIONS, stale))
    assert line.outcome == RowOutcome.UNCHANGED
    twin.refresh_from_db()
    (line,) = planned(csv_of(ORGANISATIONS, stale | {"version": str(twin.version), "summary": "Of lakes."}))
    assert line.reasons == ["slug: “old-ruritania” was merged into “ruritania”. Change that record instead."]
    (line,) = planned(
        csv_of(SHEETS_BY_NAME["names"], {"record": "old-ruritania", "text": "Lakeland", "kind": "alias"}), SHEETS_BY_NAME["names"]
    )
    assert line.reasons == ["record: “old-ruritania” was merged into “ruritania”. Change that record instead."]
    facilities = SHEETS_BY_NAME["facilities"]
    (yard,) = exported(facilities, world.yard)
    (line,) = planned(csv_of(facilities, yard | {"operator": "old-ruritania"}), facilities)
    assert (line.outcome, len(line.notes)) == (RowOutcome.UNCHANGED, 1)
    assert line.notes == ["operator: “old-ruritania” was merged into “ruritania”, which is used instead."]


@pytest.mark.parametrize("sheet", [*RECORD_SHEETS, *CHILD_SHEETS], ids=lambda sheet: sheet.name)
def test_an_export_asks_as_often_for_many_rows_as_for_few(world, sheet, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        list(file_writer.sheet_row_cells(sheet, range(1, 900)))


# What a row would do


def test_each_row_is_new_changed_unchanged_or_refused(arcadia, ruritania):
    first, second = exported(ORGANISATIONS, arcadia, ruritania)
    first["name"] = "Arcadia the Fair"
    new = {"slug": "borduria", "name": "Borduria", "type": "state"}
    bad = {"slug": "sylda-via!", "name": "Syldavia", "type": "kingdom", "founded": "July 1949"}
    lines = planned(csv_of(ORGANISATIONS, first, second, new, bad, header=list(first)))
    assert outcomes(lines) == ["changed", "unchanged", "new", "refused"]
    assert lines[0].known_values == {"name": "Arcadia the Fair"}
    told = " ".join(lines[3].reasons)
    assert "slug: Use lower-case letters" in told
    assert "type: " in told and "“kingdom”" in told
    assert "founded: “July 1949” is not a date such as 2024" in told
    assert Organisation.objects.count() == 2


def test_nothing_is_written_by_looking(world):
    data = csv_of(
        ORGANISATIONS, exported(ORGANISATIONS, world.arcadia)[0] | {"name": "New"}, {"slug": "b", "name": "B", "type": "state"}
    )
    with CaptureQueriesContext(connection) as asked:
        assert outcomes(planned(data)) == ["changed", "new"]
    assert {query["sql"].split()[0] for query in asked} == {"SELECT", "SAVEPOINT", "RELEASE"}


def test_what_was_imported_is_one_change_and_importing_it_again_is_none(arcadia, ruritania):
    user = User.objects.create_user("anna")
    rows = [row | {"summary": "A state."} for row in exported(ORGANISATIONS, arcadia, ruritania)]
    data = csv_of(ORGANISATIONS, *rows, {"slug": "borduria", "name": "Borduria", "type": "state"})
    lines = planned(data)
    assert outcomes(lines) == ["changed", "changed", "new"]
    assert write_planned_rows(lines, by=user, reason="From the almanac") == 3
    change = Change.objects.get(action=Action.IMPORT)
    assert (change.by, change.reason) == (user, "From the almanac")
    assert Organisation.history.filter(change=change, history_user=user).count() == 3
    assert Organisation.objects.get(slug="borduria").status == Status.DRAFT
    assert {o.version for o in Organisation.objects.filter(slug__in=("arcadia", "ruritania"))} == {2}
    assert outcomes(planned(data)) == ["unchanged", "unchanged", "unchanged"]


def test_all_or_nothing(arcadia):
    row = exported(ORGANISATIONS, arcadia)[0] | {"name": "Arcadia the Fair"}
    lines = planned(csv_of(ORGANISATIONS, row, {"slug": "borduria", "name": "Borduria", "type": "nonsense"}, header=list(row)))
    with pytest.raises(RowRefused):
        write_planned_rows(lines)
    # And where a rule breaks only when it comes to writing.
    lines = planned(csv_of(ORGANISATIONS, row, {"slug": "borduria", "name": "Borduria", "type": "state"}, header=list(row)))
    make.an_organisation("borduria")
    with pytest.raises(RowRefused, match="row 3: slug: .*already exists"):
        write_planned_rows(lines)
    arcadia.refresh_from_db()
    assert (arcadia.name, arcadia.version) == ("Arcadia", 1)
    assert not Change.objects.filter(action=Action.IMPORT).exists()


def test_a_row_saved_since_the_preview_stops_the_import(arcadia, kites):
    a_part = make.a_measure(kites)
    lines = planned(csv_of(ORGANISATIONS, exported(ORGANISATIONS, arcadia)[0] | {"name": "Arcadia the Fair"}))
    arcadia.summary = "A state."
    arcadia.save()
    with pytest.raises(Stale):
        write_planned_rows(lines)
    measures = SHEETS_BY_NAME["measures"]
    row = next(file_writer.child_row_cells(measures, [kites.pk])) | {"value": "50"}
    lines = planned(csv_of(measures, row), measures)
    a_part.value = 60
    a_part.save()
    with pytest.raises(Stale):
        write_planned_rows(lines)


def test_nobody_s_edit_is_lost(arcadia):
    """A row that moved on: refused where both changed the same, merged where they did not, and nothing put back."""
    anna = User.objects.create_user("anna")
    row = exported(ORGANISATIONS, arcadia)[0]
    arcadia.name = "Arcadia Felix"
    arcadia._history_user = anna
    arcadia.save()

    (line,) = planned(csv_of(ORGANISATIONS, row | {"name": "Arcadia the Fair"}))
    assert line.outcome == RowOutcome.REFUSED
    assert "anna changed this since version 1: name is now “Arcadia Felix”" in line.reasons[0]
    assert "write 2 into the column version" in line.reasons[0]

    (line,) = planned(csv_of(ORGANISATIONS, row | {"summary": "A state."}))
    assert (line.outcome, line.after) == (RowOutcome.CHANGED, {"summary": "A state."})
    assert line.notes == ["anna changed name meanwhile; that is kept."]

    (line,) = planned(csv_of(ORGANISATIONS, row))
    assert (line.outcome, line.after) == (RowOutcome.UNCHANGED, {})

    (line,) = planned(csv_of(ORGANISATIONS, row | {"name": "Arcadia the Fair", "version": "2"}))
    assert line.outcome == RowOutcome.CHANGED
    write_planned_rows([line])
    arcadia.refresh_from_db()
    assert arcadia.name == "Arcadia the Fair"


def test_fields_that_belong_together_clash_together(db):
    meeting = make.an_event(start="2024-07-09", end="2024-07-11")
    events = SHEETS_BY_NAME["events"]
    row = exported(events, meeting)[0]
    meeting.end = "2024-07-12"
    meeting.save()
    (line,) = planned(csv_of(events, row | {"start": "2024-07-10"}), events)
    assert line.outcome == RowOutcome.REFUSED and "end is now “2024-07-12”" in line.reasons[0]


def test_givers_and_parts_that_moved_on(kites, arcadia, ruritania):
    commitments, measures = SHEETS_BY_NAME["commitments"], SHEETS_BY_NAME["measures"]
    a_part = make.a_measure(kites)
    row = exported(commitments, kites)[0]
    assert row["committed_by"] == "arcadia"
    kites.refresh_from_db()
    kites.save()
    kites.committed_by.set([arcadia, ruritania])
    (line,) = planned(csv_of(commitments, row | {"committed_by": "ruritania"}), commitments)
    assert "committed_by is now “arcadia | ruritania”" in line.reasons[0]
    fresh = exported(commitments, kites)[0]
    (line,) = planned(csv_of(commitments, fresh | {"committed_by": "ruritania|ruritania"}), commitments)
    write_planned_rows([line])
    assert list(kites.committed_by.all()) == [ruritania]

    (stale,) = file_writer.child_row_cells(measures, [kites.pk])
    a_part.value = 41
    a_part.save()
    (line,) = planned(csv_of(measures, stale | {"as_stated": "fifty"}), measures)
    assert line.outcome == RowOutcome.REFUSED and "value is now “41”" in line.reasons[0]


def test_a_row_without_its_version_overwrites_nothing(arcadia):
    (line,) = planned(csv_of(ORGANISATIONS, {"slug": "arcadia", "name": "Arcadia the Fair"}))
    assert "version: is empty" in line.reasons[0]
    assert outcomes(planned(csv_of(ORGANISATIONS, {"slug": "arcadia", "name": "Arcadia"}))) == ["unchanged"]
    (line,) = planned(csv_of(ORGANISATIONS, {"slug": "arcadia", "name": "Arcadia the Fair", "version": "9"}))
    assert "version: 9 is not in the history of arcadia" in line.reasons[0]
    (line,) = planned(csv_of(ORGANISATIONS, {"slug": "arcadia", "name": "Arcadia the Fair", "version": "one"}))
    assert "version: “one” is not a version" in line.reasons[0]


def test_an_empty_cell_leaves_alone_a_word_clears_and_a_missing_row_deletes_nothing(kites, ruritania):
    make.a_measure(kites)
    commitments = SHEETS_BY_NAME["commitments"]
    row = exported(commitments, kites)[0]
    assert outcomes(planned(csv_of(commitments, row | {"name": "", "beneficiary": ""}), commitments)) == ["unchanged"]
    lines = planned(csv_of(commitments, row | {"beneficiary": CLEAR_MARK, "committed_by": CLEAR_MARK}), commitments)
    write_planned_rows(lines)
    kites.refresh_from_db()
    assert (kites.beneficiary, kites.committed_by.count(), kites.measures.count()) == (None, 0, 1)
    (line,) = planned(csv_of(commitments, exported(commitments, kites)[0] | {"name": CLEAR_MARK}), commitments)
    assert line.reasons == ["name: This field cannot be blank."]


def test_no_side_door(public):
    """Status, hash and identifiers are read-only; a public id does not change; nothing becomes public."""
    row = exported(ORGANISATIONS, public.arcadia)[0] | {"status": "withdrawn", "identifiers": "wikidata:Q9"}
    (line,) = planned(csv_of(ORGANISATIONS, row))
    assert line.outcome == RowOutcome.UNCHANGED
    assert line.notes == [
        "status: read-only, so the change was ignored; it stays published.",
        "identifiers: read-only, so the change was ignored; it stays empty.",
    ]
    documents = SHEETS_BY_NAME["documents"]
    row = exported(documents, public.document)[0] | {"sha256": "0" * 64}
    assert "sha256: read-only" in planned(csv_of(documents, row), documents)[0].notes[0]
    lines = planned(csv_of(ORGANISATIONS, {"slug": "borduria", "name": "B", "type": "state", "status": "published"}))
    assert lines[0].notes == ["status: read-only, so the change was ignored; it stays draft."]
    write_planned_rows(lines)
    assert Organisation.objects.get(slug="borduria").status == Status.DRAFT


def test_rows_of_one_file_name_each_other(db):
    """A commitment by an organisation that the same file adds, wherever it stands; a circle is refused."""
    book = Workbook()
    for title, rows in {
        "commitments": [
            ["slug", "name", "nature", "category", "committed_by", "part_of"],
            ["ten-kites", "Ten kites", "pledge", "equipment", "borduria", "all-kites"],
            ["all-kites", "All kites", "Pledge", "equipment", "borduria", ""],
        ],
        "measures": [["record", "kind", "value", "unit", "as_stated"], ["ten-kites", "items", 10, "kite", "ten kites"]],
        "organisations": [["slug", "name", "type"], ["borduria", "Borduria", "state"]],
    }.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    del book["Sheet"]
    file = io.BytesIO()
    book.save(file)
    lines = planned(file.getvalue(), name="new.xlsx")
    assert outcomes(lines) == ["new"] * 4, [line.reasons for line in lines]
    assert lines[0].awaited_fields == [("part_of", "all-kites"), ("committed_by", "borduria")]
    write_planned_rows(lines)
    ten = Commitment.objects.get(slug="ten-kites")
    assert (ten.part_of.slug, [o.slug for o in ten.committed_by.all()]) == ("all-kites", ["borduria"])
    assert [measure.key for measure in ten.measures.all()] == ["items"]
    assert outcomes(planned(file.getvalue(), name="new.xlsx")) == ["unchanged"] * 4

    rows = [
        {"slug": a, "name": a, "nature": "pledge", "category": "equipment", "part_of": b} for a, b in (("x", "y"), ("y", "x"))
    ]
    with pytest.raises(RowRefused, match="depends on rows of this file"):
        write_planned_rows(planned(csv_of(SHEETS_BY_NAME["commitments"], *rows), SHEETS_BY_NAME["commitments"]))
    (line,) = planned(csv_of(SHEETS_BY_NAME["commitments"], rows[0]), SHEETS_BY_NAME["commitments"])
    assert line.reasons == ["part_of: there is no commitment “y”, neither in the register nor in this file."]


def test_a_known_identifier_finds_its_record_and_is_not_given_to_another(arcadia):
    Identifier.objects.create(entity=arcadia, scheme="wikidata", value="Q1")
    arcadia.refresh_from_db()
    row = {"slug": "", "version": str(arcadia.version), "identifiers": "wikidata:Q1", "name": "Arcadia the Fair"}
    (line,) = planned(csv_of(ORGANISATIONS, row))
    assert (line.outcome, line.slug) == (RowOutcome.CHANGED, "arcadia")
    (line,) = planned(csv_of(ORGANISATIONS, row | {"identifiers": "wikidata:Q2"}))
    assert line.reasons == ["slug: a new record needs a public id, such as arcadia-air-force."]
    make.an_organisation("borduria")
    identifiers = SHEETS_BY_NAME["identifiers"]
    (line,) = planned(csv_of(identifiers, {"record": "borduria", "scheme": "wikidata", "value": "Q1"}), identifiers)
    assert "wikidata:Q1 belongs to arcadia" in line.reasons[0]


def test_rows_without_a_slug_are_known_by_what_they_say(world):
    relations = SHEETS_BY_NAME["relations"]
    row = {"type": "works-alongside", "subject": "ruritania", "object": "arcadia"}
    lines = planned(csv_of(relations, row), relations)
    assert outcomes(lines) == ["new"]
    write_planned_rows(lines)
    assert outcomes(planned(csv_of(relations, row), relations)) == ["unchanged"]
    (line,) = planned(csv_of(relations, row | {"subject": "ada-fell"}), relations)
    assert "may not join" in line.reasons[0]


def test_rows_about_the_same_are_refused(arcadia):
    row = exported(ORGANISATIONS, arcadia)[0]
    lines = planned(csv_of(ORGANISATIONS, row, row | {"name": "B"}))
    assert [line.reasons for line in lines] == [[], ["Row 2 identifies the same row. Delete one."]]


def test_a_part_that_is_not_the_record_s_is_refused(kites, arcadia):
    measure = make.a_measure(kites)
    row = next(file_writer.child_row_cells(SHEETS_BY_NAME["measures"], [kites.pk])) | {"record": "arcadia"}
    (line,) = planned(csv_of(SHEETS_BY_NAME["measures"], row), SHEETS_BY_NAME["measures"])
    assert f"arcadia has no row {measure.pk} in measures" in line.reasons[0]
    (line,) = planned(csv_of(SHEETS_BY_NAME["measures"], row | {"record": "nobody"}), SHEETS_BY_NAME["measures"])
    assert "there is no record “nobody”" in line.reasons[0]


def test_a_quote_that_changed_is_checked_against_its_text(world):
    quotes = SHEETS_BY_NAME["quotes"]
    row = exported(quotes, world.quote)[0]
    start = world.document.text.index("About 700 clerks")
    row |= {"exact": "About 700 clerks", "start": start, "end": start + 16}
    assert "The passage not found" in planned(csv_of(quotes, row | {"exact": "About 900 clerks"}), quotes)[0].notes[0]
    lines = planned(csv_of(quotes, row), quotes)
    assert lines[0].notes == []
    write_planned_rows(lines)
    world.quote.refresh_from_db()
    assert (world.quote.exact, world.quote.verification) == ("About 700 clerks", "text")


@pytest.mark.parametrize("text", ["a\u202eb", "a\x07b"])
def test_controls_are_refused_readably(arcadia, text):
    (line,) = planned(csv_of(ORGANISATIONS, exported(ORGANISATIONS, arcadia)[0] | {"name": text}))
    assert "name: Contains a control character" in line.reasons[0]


def test_half_characters_and_nul_are_refused_in_their_row(arcadia):
    row = [["slug", "name", "type"], ["b", "x_xD800_", "state"], ["c_x0000_", "C", "state"]]
    lines = planned(typed_book(row), name="a.xlsx")
    assert "name: holds a NUL or half a character" in lines[0].reasons[0]
    assert "slug: holds a NUL" in lines[1].reasons[0]


# Files


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("cp1252", "Müller"),
        ("cp1252", "Bœuf frères"),
        ("cp1250", "Łódź"),
        ("cp1250", "Gęsia łączność"),
        ("cp1251", "Щука"),
        ("cp1251", "Її військо"),
    ],
)
def test_single_byte_encodings_are_guessed_by_their_letters(encoding, name):
    book = read_spreadsheet("x.csv", f"slug;name\nkite;{name}\n".encode(encoding), ORGANISATIONS)
    assert book.rows[0].cells["name"] == name
    assert f"read as {encoding.replace('cp', 'Windows-')}" in book.remarks[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_encodings_and_delimiters(db, encoding, sign):
    lines = [["slug", "name", "type"], ["zemlya", "Земля, великая", "state"]]
    text = io.StringIO()
    csv.writer(text, delimiter=sign).writerows(lines)
    book = read_spreadsheet("x.csv", text.getvalue().encode(encoding), ORGANISATIONS)
    assert book.rows[0].cells["name"] == "Земля, великая"
    assert bool(book.remarks) == (encoding == "cp1251")
    if book.remarks:
        assert "read as Windows-1251" in book.remarks[0]


def test_what_excel_makes_of_cells(db):
    import datetime

    header = ["slug", "name", "type", "country", "founded", "dissolved"]
    rows = [header, ["borduria", 7, "state", "DE", datetime.datetime(1949, 4, 4), 1999]]
    lines = planned(typed_book(rows), name="a.xlsx")
    assert lines[0].after == {
        "name": "7",
        "type": "state",
        "country": "DE",
        "founded": "1949-04-04",
        "dissolved": "1999",
    }
    rows = [["record", "scheme", "value"], ["borduria", "url", "007"]]
    assert read_spreadsheet("a.xlsx", typed_book(rows, "identifiers"), ORGANISATIONS).rows[0].cells["value"] == "007"


def test_a_formula_is_refused_in_its_row(db):
    lines = planned(typed_book([["slug", "name", "type"], ["b", "=1+1", "state"], ["c", "C", "state"]]), name="a.xlsx")
    assert lines[0].reasons == ["name: holds a formula. Paste what it comes to as a value."]
    assert lines[1].outcome == RowOutcome.NEW


@pytest.mark.parametrize(
    "data, told",
    [
        (b"", "is empty"),
        (b"slug,nmae,type\na,A,state\n", "“nmae” is no column here. Did you mean name"),
        (b"slug,name,Name\na,A,state\n", "name is there twice"),
        (b"name,type\nA,state\n", None),
        (b"version,type\n1,state\n", None),
        (b'slug,name\n"a,b\n', "no CSV"),
        (b"\xd0\xcf\x11\xe0rest", "save it as .xlsx"),
        (b"PK\x03\x04rest", "damaged"),
        (b"s\x00l\x00u\x00g\x00", "NUL"),
        (b"x" * 10_000_001, "at most 10,000,000"),
        (b"slug,name\n" + b"a,b\n" * 20_002, "more than 20,000 rows"),
        (b"slug,name\na," + b"b" * 200_001 + b"\n", "more than 200,000 characters"),
        (b"\xff\xfes", "begins as UTF-16 and is not"),
    ],
)
def test_files_that_cannot_be_taken(db, data, told):
    if told is None:
        assert "slug is missing" in str(
            pytest.raises(UnreadableSpreadsheet, read_spreadsheet, "x.csv", data, ORGANISATIONS).value
        )
        return
    with pytest.raises(UnreadableSpreadsheet) as refusal:
        read_spreadsheet("x.csv", data, ORGANISATIONS)
    assert told in str(refusal.value)


def _with_part(data: bytes, name: str, change) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            part = old.read(entry)
            new.writestr(entry.filename, change(part) if entry.filename == name else part)
    return made.getvalue()


def test_workbooks_that_cannot_be_taken():
    rows = [["slug", "name", "type"], ["b", "B", "state"]]
    page = "xl/worksheets/sheet1.xml"

    def refused(data):
        with pytest.raises(UnreadableSpreadsheet) as refusal:
            read_spreadsheet("a.xlsx", data, ORGANISATIONS)
        return str(refusal.value)

    assert "merged cells" in refused(typed_book(rows, change=lambda p: p.merge_cells("A2:B2")))
    far_row = typed_book(rows, change=lambda p: p.__setitem__("A1048576", "x"))
    assert "more than 20,000 rows" in refused(far_row)
    far_column = typed_book(rows, change=lambda p: p.__setitem__("XFD2", "x"))
    assert "column XFD" in refused(far_column)
    bomb = _with_part(typed_book(rows), page, lambda part: part.replace(b"</sheetData>", b" " * 65_000_000 + b"</sheetData>"))
    assert len(bomb) < 200_000 and "unpack" in refused(bomb)
    declared = _with_part(typed_book(rows), page, lambda part: b'<!DOCTYPE x [<!ENTITY a "a">]>' + part)
    assert "declarations" in refused(declared)
    lying = _with_part(
        typed_book(rows), page, lambda part: part.replace(b'<dimension ref="A1:C2"', b'<dimension ref="A1:XFD1048576"')
    )
    assert read_spreadsheet("a.xlsx", lying, ORGANISATIONS).rows[0].cells["slug"] == "b"


def zip_of(*names: str, data: bytes = b"slug,name\na,A\n") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, data)
    return file.getvalue()


def test_archives_and_workbooks_whose_sheets_cannot_be_told(subtests):
    two_pages = typed_book([["slug"]], "Notes", change=lambda page: page.parent.create_sheet("More notes"))
    for data, told in [
        (zip_of(*(f"events-{number}.csv" for number in range(201))), "201 files; at most 200 are taken. Delete"),
        (zip_of("readme.txt", ".organisations.csv"), "no CSV in this archive: put in files such as organisations.csv"),
        (zip_of("organisations.csv", "old/Organisations-2024.csv"), "two sheets of organisations: put their rows into one"),
        (two_pages, "No sheet of the file has a known name: call it one of organisations"),
    ]:
        with subtests.test(told=told), pytest.raises(UnreadableSpreadsheet, match=told):
            read_spreadsheet("a.zip", data, ORGANISATIONS)


@pytest.mark.parametrize("error", [MemoryError(), OSError(errno.ENOSPC, "No space left on device")])
def test_what_the_machine_lacks_is_not_called_damage_of_the_file(monkeypatch, error):
    monkeypatch.setattr(file_reader, "load_workbook", mock.Mock(side_effect=error))
    with pytest.raises(type(error)):
        read_spreadsheet("a.xlsx", typed_book([["slug", "name"]]), ORGANISATIONS)


def test_a_cell_beside_the_headers_is_refused_in_its_row(db):
    (line,) = planned(b"slug,name,type\nborduria,Borduria,state,x\n")
    assert line.reasons == ["Something stands in column D, which has no header: empty the cell, or give the column a header."]


def test_half_a_character_is_no_place_in_a_text(world):
    quotes = SHEETS_BY_NAME["quotes"]
    (line,) = planned(csv_of(quotes, exported(quotes, world.quote)[0] | {"start": "1.5"}), quotes)
    assert line.reasons == ["start: “1.5” is not a whole number."]


def test_sheets_and_columns_that_are_not_ours():
    rows = [["Slug", " NAME ", "type", "#my note"], ["b", "B", "state", "ask"]]
    book = read_spreadsheet("a.xlsx", typed_book(rows, "Sheet1"), ORGANISATIONS)
    assert "read as organisations" in book.remarks[0]
    assert book.rows[0].cells == {"slug": "b", "name": "B", "type": "state", "#my note": "ask"}


def test_an_archive_of_csvs_comes_back(world):
    sheets = [
        (sheet, file_writer.sheet_row_cells(sheet, sheet.model._default_manager.values_list("pk", flat=True)))
        for sheet in (*RECORD_SHEETS, *CHILD_SHEETS)
    ]
    with file_writer.build_csv_archive(sheets) as file:
        lines = planned(file.read(), name="all.zip")
    assert set(outcomes(lines)) == {"unchanged"}


@pytest.mark.parametrize("as_csv", [True, False])
def test_a_refused_file_comes_back_with_its_reasons(arcadia, as_csv):
    row = exported(ORGANISATIONS, arcadia)[0] | {"name": "=1", "type": "kingdom", "summary": CLEAR_MARK, "#mine": "ask"}
    data = csv_of(ORGANISATIONS, row)
    book = read_spreadsheet("x.csv", data, ORGANISATIONS)
    (line,) = ImportPlanner(book).plan_rows(book.rows)
    with file_writer.build_problems_file(book, {(line.sheet, line.number): " ".join(line.reasons)}, as_csv) as file:
        again = read_spreadsheet("x.csv", file.read(), ORGANISATIONS)
    assert {k: unescape_cell(v) for k, v in again.rows[0].cells.items()} == {
        k: unescape_cell(v) for k, v in book.rows[0].cells.items()
    }
    assert again.rows[0].cells["summary"] == CLEAR_MARK
    assert ImportPlanner(again).plan_rows(again.rows)[0].reasons == line.reasons


def test_every_record_has_its_sheet():
    assert {sheet_for_model(sheet.model) for sheet in SHEETS_BY_NAME.values()} == set(SHEETS_BY_NAME.values())


WIDE = {
    "18,279 columns": b"slug,name" + b"," * 18_277 + b"x\na,b\n",
    "a row of 20,000 columns": b"slug,name\na,b" + b"," * 20_000 + b"x\n",
    "a first line of 200,001 characters": b"x" * 200_001 + b"\n",
    "a first line of 5,000,000 characters": b"slug" * 1_250_000,
    "a first line of a million columns": b"slug,name" + b"," * 1_000_000 + b"\n",
    "a first line of a million empty quotes": b'""' * 1_000_000 + b"\n",
    "a quotation mark that is not closed": b'"' + b"x" * 300_000,
    "a quotation mark for a separator": b'sep="\nslug"name\n',
    "a line end for a separator": b"sep=\r\r\nslug\rname\n",
    "nothing but a separator": b"sep=,\n",
}


@pytest.mark.parametrize("name", WIDE)
@pytest.mark.parametrize("packed", [False, True])
def test_a_csv_out_of_bounds_is_refused_with_a_reason(name, packed):
    data = zip_of("organisations.csv", data=WIDE[name]) if packed else WIDE[name]
    with pytest.raises(UnreadableSpreadsheet) as refusal:
        read_spreadsheet("rows.zip" if packed else "rows.csv", data, ORGANISATIONS)
    assert "damaged" not in str(refusal.value)
