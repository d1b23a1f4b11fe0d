"""A session of OpenRefine, replayed: what its code sends, in its encodings and order, and what it does with the answers."""

import json
import re
from urllib.parse import quote, urlencode

import pytest

from nato_support.api.reconciliation import property_values
from tests import world as make
from tests.api.reconciling.conftest import ROOT

FORM = "application/x-www-form-urlencoded; charset=UTF-8"
LEGACY = {"spell": "always", "exact": "false", "scoring": "entity", "prefixed": "true", "_": "1719830000000"}


class OpenRefine:
    """The client's side: it keeps the manifest as it was when the service was added, and knows no other address."""

    def __init__(self, client, address: str):
        self.client = client
        self.manifest = json.loads(client.get(address).content)
        self.root = address

    def reconcile(self, values: list[str], type: str | None = None, columns: dict[str, list] | None = None) -> list[dict]:
        """Batches of as many rows as the manifest allows; gives for each row its first candidate, or none."""
        size, found = self.manifest.get("batchSize", 10), []
        for start in range(0, len(values), size):
            batch = {}
            for at, value in enumerate(values[start : start + size]):
                query: dict = {"query": value}
                if type:
                    query |= {"type": type, "type_strict": "should"}
                if columns:
                    query["properties"] = [{"pid": pid, "v": cells[start + at]} for pid, cells in columns.items()]
                batch[f"q{at}"] = query
            answer = self._post({"queries": json.dumps(batch, ensure_ascii=False)})
            for key in batch:
                assert isinstance(answer[key]["result"], list)
                found.append(answer[key]["result"])
        return [candidates[0] if candidates else {} for candidates in found]

    def guess_types(self, values: list[str]) -> list[str]:
        """Types of the first three candidates of up to ten values, the commonest first."""
        batch = {f"q{at}": {"query": value, "limit": 3} for at, value in enumerate(values[:10])}
        counted: dict[str, int] = {}
        for one in self._post({"queries": json.dumps(batch)}).values():
            for candidate in one["result"]:
                for type in candidate["type"]:
                    counted[type["id"]] = counted.get(type["id"], 0) + 1
        return sorted(counted, key=lambda id: -counted[id])

    def suggest(self, what: str, prefix: str) -> list[dict]:
        service = self.manifest["suggest"][what]
        address = service["service_url"] + service["service_path"]
        return self._get(f"{address}?{urlencode({'prefix': prefix} | LEGACY)}")["result"]

    def hover(self, what: str, id: str) -> str:
        service = self.manifest["suggest"][what]
        path = service["flyout_service_path"].replace("${id}", quote(id))
        return self._get(service["flyout_service_url"] + path)["html"]

    def propose(self, type: str) -> list[str]:
        service = self.manifest["extend"]["propose_properties"]
        return [one["id"] for one in self._get(f"{service['service_url']}{service['service_path']}?type={type}")["properties"]]

    def extend(self, ids: list[str], properties: list[str]) -> list[list[list]]:
        """New cells as its column counter lays them out: a row, for each record as many lines as its longest column."""
        query = {"ids": ids, "properties": [{"id": id} for id in properties]}
        answer = self._post({"extend": json.dumps(query)})
        assert [one["id"] for one in answer["meta"]] == properties
        laid_out = []
        for id in ids:
            row = answer["rows"][id]
            assert list(row) == properties, "a missing key would shift the columns"
            lines = max(1, *(len(values) for values in row.values()))
            laid_out.append([[_cell(row[p][at]) if at < len(row[p]) else None for p in properties] for at in range(lines)])
        return laid_out

    def preview(self, id: str):
        return self.client.get(self.manifest["preview"]["url"].replace("{{id}}", quote(id)))

    def _post(self, fields: dict) -> dict:
        response = self.client.post(self.root, urlencode(fields), content_type=FORM)
        assert response.status_code == 200, response.content[:500]
        return json.loads(response.content)

    def _get(self, address: str) -> dict:
        response = self.client.get(address)
        assert response.status_code == 200, response.content[:500]
        return json.loads(response.content)


def _cell(value: dict):
    """What a value becomes in a cell; its integers have 32 bits."""
    if "int" in value:
        assert -(2**31) <= value["int"] < 2**31
    return next((value[form] for form in ("id", "str", "int", "float") if form in value), None)


@pytest.fixture
def refine(service):
    return OpenRefine(service.client, f"http://testserver{ROOT}")


def test_a_column_of_names_becomes_one_of_records(refine, named):
    named(make.an_organisation("kite-works", type="company", country="NO"), "Kites plc")
    named(make.an_organisation("gull-works", type="company", country="SE"))
    values = ["Arcadia", "ruritania", "Kites plc", "Аркадія", "Nobody We Know"]
    assert refine.guess_types(values)[0] == "organisation"
    cells = refine.reconcile(values, "organisation")
    assert [(cell.get("id"), cell.get("match")) for cell in cells] == [
        ("arcadia", True),
        ("ruritania", True),
        ("kite-works", True),
        ("arcadia", True),
        (None, None),
    ]
    columns = {"country": ["Norway", "SE"], "type": ["company", {"id": "company", "name": "Company"}]}
    assert [cell["id"] for cell in refine.reconcile(["Kite Works", "Gull Works"], "organisation", columns)] == [
        "kite-works",
        "gull-works",
    ]


def test_more_rows_than_a_batch_holds(refine):
    cells = refine.reconcile(["Arcadia", "Ada Fell"] * 110)
    assert [cell["id"] for cell in cells] == ["arcadia", "ada-fell"] * 110


def test_one_chooses_types_properties_and_records_while_typing(refine):
    assert refine.suggest("type", "org")[0]["id"] == "organisation"
    assert {"country", "country_name"} <= {one["id"] for one in refine.suggest("property", "countr")}
    assert {"arcadia", "arcadian-courier"} <= {one["id"] for one in refine.suggest("entity", "arcad")}
    [first, *_] = refine.suggest("entity", "arcadia")
    assert first["id"] == "arcadia"
    assert first["notable"] == [{"id": "organisation", "name": "Organisation"}, {"id": "organisation.state", "name": "State"}]
    assert "Arcadia" in refine.hover("entity", "arcadia")
    assert "Organisation" in refine.hover("type", "organisation")
    assert "Country" in refine.hover("property", "country")


def test_new_columns_are_filled(refine, public, named):
    aid = make.a_commitment("kite-aid", by=[public.arcadia, public.ruritania])
    for key, value, currency in (("one", 12, "EUR"), ("two", 30_000_000_000, "NOK")):
        make.a_measure(aid, key, kind="money", value=value, unit="", currency=currency, as_stated=f"{value} {currency}")
    named(aid)
    assert {"committed_by", "beneficiary", "amount", "currency"} <= set(refine.propose("commitment"))
    assert "rank" not in refine.propose("commitment")
    columns = ["category", "committed_by", "beneficiary", "amount", "currency", "no_such"]
    assert refine.extend(["kite-aid", "forty-kites", "no-such"], columns) == [
        [
            ["equipment", "arcadia", None, "12", "EUR", None],
            [None, "ruritania", None, "30000000000", "NOK", None],
        ],
        [["equipment", "arcadia", "ruritania", None, None, None]],
        [[None] * 6],
    ]


def test_references_in_new_columns_are_reconciled_already(service):
    query = {"ids": ["forty-kites"], "properties": [{"id": "beneficiary"}, {"id": "category"}]}
    answer = service.form(extend=query)
    assert answer["meta"] == [
        {"id": "beneficiary", "name": "Beneficiary", "type": {"id": "organisation", "name": "Organisation"}},
        {"id": "category", "name": "Category"},
    ]
    assert answer["rows"]["forty-kites"]["beneficiary"] == [{"id": "ruritania", "name": "Ruritania"}]


def test_partial_dates_stay_as_they_are(service):
    query = {"ids": ["arcadia"], "properties": [{"id": "founded"}]}
    assert service.form(extend=query)["rows"]["arcadia"]["founded"] == [{"str": "1949-04"}]


@pytest.mark.parametrize(
    ("sought", "score"),
    [("1949", 1), ("1949-04-20T12:00Z", 1), ("1949-05/..", 0), ("1948/1949-04-15", 1), ("../1948", 0), ("1949/1948", 0)],
)
def test_dates_that_share_a_day_are_the_same(sought, score):
    assert property_values.compare_dates(sought, {"str": "1949-04-15~/1949-04-30"}) == score


def test_a_setting_limits_values(service, named):
    named(make.a_person("bo-lund"), "Bosse", "Bo L.", "Bosse Lund")
    query = {"ids": ["bo-lund"], "properties": [{"id": "alias", "settings": {"limit": "2"}}]}
    assert len(service.form(extend=query)["rows"]["bo-lund"]["alias"]) == 2


def test_the_preview_may_be_framed_and_nothing_else(refine, service, named):
    named(make.a_person("bo-lund", name="Bo <script>alert(1)</script> & Lund"), "“Bosse”")
    shown = refine.preview("bo-lund")
    assert shown.status_code == 200
    assert shown.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "X-Frame-Options" not in shown.headers
    assert "frame-ancestors *" in shown.headers["Content-Security-Policy"]
    assert "script" not in shown.headers["Content-Security-Policy"]
    page = shown.content.decode()
    assert "<script" not in page and "&lt;script&gt;" in page and "“Bosse”" in page
    assert 'href="http://testserver/api/v1/persons/bo-lund/"' in page
    for address in ("", "suggest/type", "extend/propose"):
        assert service.client.get(ROOT + address).headers["X-Frame-Options"] == "DENY"


def test_a_script_for_pages_that_know_no_better(service):
    response = service.client.get(f"{ROOT}?callback=jQuery3410_17&_=1719830000000")
    assert response.headers["Content-Type"] == "application/javascript; charset=utf-8"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    [body] = re.fullmatch(r"/\*\*/jQuery3410_17\((.*)\);", response.content.decode()).groups()
    assert json.loads(body) == service.get("")
    batch = service.client.get(f"{ROOT}?{urlencode({'callback': 'a.b', 'queries': json.dumps({'q0': {'query': 'Arcadia'}})})}")
    assert batch.content.startswith(b'/**/a.b({"q0":{"result":[{"id":"arcadia"')
    for callback in ("alert(1)", "a b", "1a", "a..b", "<script>", "é", "x" * 101):
        refused = service.client.get(f"{ROOT}?{urlencode({'callback': callback})}")
        assert refused.status_code == 400
        assert refused.headers["Content-Type"] == "application/problem+json"


def test_no_end_of_line_that_scripts_know_stands_in_a_script(service):
    queries = json.dumps({"\u2028": {"query": "Arcadia"}})
    body = service.client.get(f"{ROOT}?{urlencode({'callback': 'f', 'queries': queries})}").content.decode()
    assert "\\u2028" in body and "\u2028" not in body


def test_one_query_by_itself(service):
    expected = service.candidates("Arcadia")
    assert service.get("", query="Arcadia") == {"result": expected}
    assert service.get("", query=json.dumps({"query": "Arcadia"})) == {"result": expected}
    assert service.get("", query="Arcadia", type="person", limit="3")["result"] == []


def test_letters_of_any_script_arrive_as_they_are(service, named):
    named(make.a_person("sova", name="Сова Рибка"))
    for query in ({"q0": {"query": "Сова Рибка"}}, {"Ключ": {"query": "sova"}}):
        body = urlencode({"queries": json.dumps(query, ensure_ascii=False)})
        answer = json.loads(service.client.post(ROOT, body, content_type=FORM).content)
        assert [one["result"][0]["id"] for one in answer.values()] == ["sova"]
        assert list(answer) == list(query)


def test_addresses_with_and_without_a_slash_answer_alike(service):
    for address in (
        ROOT,
        f"{ROOT}1.0-draft/",
        f"{ROOT}suggest/type/",
        f"{ROOT}extend/propose/",
        f"{ROOT}1.0-draft/suggest/type/",
    ):
        assert service.get(address) == service.get(address.removesuffix("/"))


def test_answers_to_reading_are_kept_and_those_to_posting_are_not(service):
    response = service.client.get(ROOT)
    assert service.client.get(ROOT, headers={"If-None-Match": response.headers["ETag"]}).status_code == 304
    posted = service.client.post(ROOT, urlencode({"queries": "{}"}), content_type=FORM)
    assert posted.headers["Cache-Control"] == "no-store"
    assert "ETag" not in posted.headers
    preflight = service.client.options(ROOT)
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
