"""Cite this: words, BibTeX and CSL JSON of whatever a page shows, valid whatever its title is."""

import json
import re

import pytest

from sources.citation_text import Reference

HOSTILE = {
    "Tents & “kites” 100%": r"Tents \& ``kites'' 100\%",
    "{one} }{ brace": r"\textbraceleft{}one\textbraceright{} \textbraceright{}\textbraceleft{} brace",
    "a\\b_c#d$e~f^g": r"a\textbackslash{}b\_c\#d\$e\textasciitilde{}f\textasciicircum{}g",
    "Łódź, Škoda, naïve, Ångström": r"""{\L}{\'{o}}d{\'{z}}, {\v{S}}koda, na{\"{\i}}ve, {\r{A}}ngstr{\"{o}}m""",
    "Київ – 2024": "Київ -- 2024",
    "two\nlines\x00, } @misc{x,\u202e": r"two lines , \textbraceright{} @misc\textbraceleft{}x,",
    "": "",
}
CSL_TYPES = {"webpage", "entry", "dataset", "figure"}
CSL_TEXTS = {"id", "type", "title", "publisher", "version", "page", "URL", "note"}


def check_bibtex(text: str) -> dict[str, str]:
    """Return the fields of the only entry, read as BibTeX reads it: by its braces, whatever stands before them."""
    [(head, body)] = re.findall(r"\A@misc\{([A-Za-z0-9-]+),\n(.*)\}\n\Z", text, re.DOTALL)
    assert head
    fields = {}
    for line in body.splitlines():
        [(name, value)] = re.findall(r"\A  ([a-z]+) = (.*),\Z", line)
        depth = 0
        for at, character in enumerate(value):
            depth += {"{": 1, "}": -1}.get(character, 0)
            assert depth > 0 or at == len(value) - 1 or name == "month", line
        assert depth == 0 and not re.search(r"(?<!\\)[&#$]|[\x00-\x1f]" if name not in ("url",) else r"[\x00-\x1f ]", value), line
        fields[name] = value.removeprefix("{").removesuffix("}")
    return fields


def check_csl(item: dict) -> None:
    """Fail unless an item has what csl-data.json of CSL 1.0.2 asks for, of the members that are written here."""
    assert {"id", "type"} <= set(item) <= CSL_TEXTS | {"author", "issued", "accessed"}
    assert item["type"] in CSL_TYPES
    assert all(isinstance(item[name], str) and item[name] for name in CSL_TEXTS & set(item))
    assert all(set(name) == {"literal"} for name in item.get("author", ()))
    for name in {"issued", "accessed"} & set(item):
        date = item[name]
        assert set(date) <= {"date-parts", "circa", "literal"}
        for parts in date.get("date-parts", ()):
            assert 1 <= len(parts) <= 3 and all(type(part) is int for part in parts)
        assert len(date.get("date-parts", [1])) in (1, 2)


@pytest.mark.parametrize("title", HOSTILE)
def test_any_title_can_be_cited(title):
    reference = Reference("key-1", title, publisher=title, url="https://register.example/?q=%7B&x=}")
    fields = check_bibtex(reference.bibtex)
    assert fields["title"] == f"{{{HOSTILE[title]}}}"
    assert fields["url"] == "https://register.example/?q=%7B&x=%7D"
    item = reference.csl_item
    check_csl(item)
    assert item.get("title", "") == re.sub(r"[\x00-\x1f\u202e]", " ", title).strip()


@pytest.mark.parametrize(
    ("date", "csl", "bibtex"),
    [
        ("2024-06-14", {"date-parts": [[2024, 6, 14]]}, ("2024", "jun", "2024-06-14")),
        ("2024-06~", {"date-parts": [[2024, 6]], "circa": True}, ("2024", "jun", "2024-06")),
        ("2024", {"date-parts": [[2024]]}, ("2024", None, "2024")),
        ("2024-06/2024-07-08", {"date-parts": [[2024, 6], [2024, 7, 8]]}, ("2024", "jun", "2024-06")),
        ("../2024", {"literal": "by the end of 2024"}, (None, None, None)),
        ("", None, (None, None, None)),
    ],
)
def test_a_date_is_no_more_precise_than_it_is_known(date, csl, bibtex):
    reference = Reference("key-1", "Kites", date=date)
    check_csl(reference.csl_item)
    assert reference.csl_item.get("issued") == csl
    fields = check_bibtex(reference.bibtex)
    assert (fields.get("year"), fields.get("month"), fields.get("date")) == bibtex


@pytest.mark.parametrize(
    ("page", "address", "pinned", "words"),
    [
        ("/commitments/forty-kites/", "/commitments/forty-kites/editions/1/", "", "edition 1"),
        ("/quotes/{quote}/", "/quotes/{quote}/editions/1/", "", "The source:"),
        ("/commitments/forty-kites/editions/", "/commitments/forty-kites/editions/", "", "Editions"),
        ("/commitments/?nature=plan&count=true", "/commitments/?nature=plan", "&as_of=release:{}", "(Nature: plan)"),
        ("/commitments/?q=kites", "/commitments/?q=kites", "", "may change"),
    ],
)
def test_each_page_says_how_to_cite_it(public, client, page, address, pinned, words):
    text = client.get(page.format(quote=public.quote.slug)).content.decode()
    assert 'id="cite"' in text and words in text
    address = address.format(quote=public.quote.slug)
    path, _, query = address.partition("?")
    bibtex, csl = (client.get(f"{path}cite.{suffix}?{query}", headers={"Accept": "text/x-any"}) for suffix in ("bib", "json"))
    assert bibtex.status_code == csl.status_code == 200
    assert bibtex.headers["Content-Disposition"].endswith('.bib"')
    items = json.loads(csl.content)
    for item in items:
        check_csl(item)
    release = client.get("/api/v1/changes/?page_size=1").json()["results"][0]["release"]
    assert items[0]["URL"] == f"http://testserver{address}{pinned.format(release)}"
    assert client.get(items[0]["URL"].removeprefix("http://testserver")).status_code == 200
    for entry in bibtex.content.decode().split("\n\n"):
        check_bibtex(f"{entry.strip()}\n")
    assert client.get(f"{path}cite.bib?{query}", headers={"If-None-Match": bibtex.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/commitments/nothing/editions/1/cite.bib", 404),
        ("/commitments/cite.json?colour=red", 400),
        ("/commitments/cite.ris", 404),
    ],
)
def test_what_is_not_there_is_not_cited(public, client, address, status):
    assert client.get(address).status_code == status
