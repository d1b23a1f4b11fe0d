"""What a page says of itself: who, when, in which language; nothing guessed, and names as they are printed."""

import json

import pytest

from sources.formats import extract
from sources.formats.author_names import clean_author_names, is_organisation_name, is_title
from tests.sources.formats.pages import PROSE, a_page, read


def meta(**contents: str) -> str:
    return "".join(
        f'<meta name="{name.replace("__", ":").replace("_", "-")}" content="{value}">' for name, value in contents.items()
    )


def prop(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def ld(**members) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle"} | members)}</script>'


@pytest.mark.parametrize(
    ("head", "published", "updated"),
    [
        (prop("article:published_time", "2024-07-09T10:00:00Z"), "2024-07-09", ""),
        (prop("article:modified_time", "2024-07-10T10:00:00Z"), "", "2024-07-10"),
        (prop("og:updated_time", "2024-07-10") + ld(datePublished="2024-07-09"), "2024-07-09", "2024-07-10"),
        (ld(datePublished="2024-07-09T23:30:00+03:00", dateModified="2024-07-11"), "2024-07-09", "2024-07-11"),
        (ld(dateModified="2024-07-11"), "", "2024-07-11"),
        (ld(**{"@type": "WebPage", "@graph": [{"@type": ["Report"], "datePublished": "2024-07-09"}]}), "2024-07-09", ""),
        (ld(hasPart=[{"@type": "NewsArticle", "datePublished": "2024-01-01"}]), "", ""),
        ('<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": </script>', "", ""),
        (meta(date="07/04/2024"), "", ""),
        (meta(date="25/07/2024"), "2024-07-25", ""),
        (meta(date="07/07/2024"), "2024-07-07", ""),
        (meta(date="4 July 2024"), "2024-07-04", ""),
        (meta(date="July 4, 2024, 10:30"), "2024-07-04", ""),
        (meta(date="31/31/2024"), "", ""),
        (meta(pubdate="20240709T1030"), "2024-07-09", ""),
        (meta(last_modified="2024-07-10"), "", "2024-07-10"),
        ('<link rel="canonical" href="https://courier.example/2024/07/09/kites">', "2024-07-09", ""),
    ],
)  # fmt: skip
def test_days_are_those_of_publication_and_of_change(head, published, updated):
    draft = read(head=head)
    assert (draft.published_on, draft.updated_on) == (published, updated)
    assert ("published_on" in draft.origins, "updated_on" in draft.origins) == (bool(published), bool(updated))


def test_an_ambiguous_day_is_told():
    assert "“07/04/2024” may be 2024-04-07 or 2024-07-04." in " ".join(read(head=meta(date="07/04/2024")).warnings)
    assert "publication" in " ".join(read(head=meta(date="07/04/2024")).warnings)


def test_a_day_with_points_has_the_day_first_where_that_is_the_custom():
    assert read(head=meta(date="07.04.2024"), language='lang="de"').published_on == "2024-04-07"
    assert read(head=meta(date="07.04.2024"), language='lang="en"').published_on == ""


@pytest.mark.parametrize(
    ("content", "published", "updated"),
    [
        ('<time datetime="2024-07-09T10:00">9 July</time>', "2024-07-09", ""),
        ('<time datetime="2024-07-09">9 July</time><time datetime="2024-07-10">10 July</time>', "", ""),
        (
            '<time datetime="2024-07-09">9 July</time><time class="updated" datetime="2024-07-10">10 July</time>',
            "2024-07-09",
            "2024-07-10",
        ),
        ('<aside><time datetime="2024-07-09">9 July</time></aside>', "", ""),
        (
            '<span itemprop="datePublished" content="2024-07-09">x</span><span itemprop="dateModified">2024-07-10</span>',
            "2024-07-09",
            "2024-07-10",
        ),
        ("<p>Published: 9 July 2024. Updated: 10 July 2024</p>", "2024-07-09", "2024-07-10"),
    ],
)  # fmt: skip
def test_days_are_read_from_the_marks_of_the_page(content, published, updated):
    draft = read(content)
    assert (draft.published_on, draft.updated_on) == (published, updated)


@pytest.mark.parametrize(
    ("head", "content", "authors"),
    [
        (meta(author="By Ada Fell, Kite News") + prop("og:site_name", "Kite News"), "", "Ada Fell"),
        (meta(author="Bo Quill; CNX") + prop("og:site_name", "CNX"), "", "Bo Quill"),
        (ld(author=[{"name": "Ada Fell"}, {"name": "Bo Quill"}], publisher={"name": "Kite News"}), "", "Ada Fell; Bo Quill"),
        (ld(author={"@type": "Organization", "name": "Kite News"}, publisher={"name": "Kite News"}), "", ""),
        (ld(author="dpa"), "", "dpa"),
        (meta(author="dpa"), "", "dpa"),
        (meta(author="afp"), "", "afp"),
        (meta(author="AP"), "", "AP"),
        (meta(author="ukrinform"), "", "ukrinform"),
        (meta(author="Von Ada Fell und Bo Quill, dpa"), "", "Ada Fell; Bo Quill; dpa"),
        (meta(author="https://social.example/kites"), "", ""),
        (meta(author="ada.fell@courier.example"), "", ""),
        (meta(author="admin"), '<p class="byline">By Ada Fell</p>', "Ada Fell"),
        (meta(author="Photo: Cy Vale / Getty"), "", ""),
        ("", '<div class="article-author"><span>By</span> <a rel="author">Ada Fell</a></div>', "Ada Fell"),
        ("", '<span itemprop="author"><span itemprop="name">Ada Fell</span></span>', "Ada Fell"),
        ("", '<p class="byline">By Ada Fell | July 9, 2024</p>', "Ada Fell"),
        ("", '<div class="comments"><p class="author">Cy Vale</p></div>', ""),
        ("", '<p class="author-bio-text">Ada Fell writes about kites and the wind.</p>', ""),
    ],
)  # fmt: skip
def test_authors_are_the_names_that_are_printed(head, content, authors):
    assert read(content, head).authors == authors


@pytest.mark.parametrize(
    ("given", "from_file", "authors"),
    [
        (["office-2007"], True, ""),
        (["Microsoft Office User"], True, ""),
        (["jfell"], True, ""),
        (["kov12"], True, ""),
        (["dpa"], True, "dpa"),
        (["Ada Fell, Bo Quill & Cy Vale"], True, "Ada Fell; Bo Quill; Cy Vale"),
        (["By Ada Fell, Kite News"], False, "Ada Fell"),
        (["Ada Fell; CNX"], False, "Ada Fell"),
        (["Ada Fell, AP"], False, "Ada Fell; AP"),
        (["Ada Post"], False, "Ada Post"),
        (["Fell, Ada"], False, "Fell, Ada"),
        (["10811.exe"], True, ""),
        (["Автор: Ада Фелл і Бо Квілл"], False, "Ада Фелл; Бо Квілл"),
        (["Par Ada Fell et Bo Quill"], False, "Ada Fell; Bo Quill"),
        (["Autor: Ada Fell i Bo Quill"], False, "Ada Fell; Bo Quill"),
        (["Ada Fell, defence correspondent"], False, "Ada Fell"),
        (["Ludwig van der Kite"], False, "Ludwig van der Kite"),
        (["Ada Fell", "ADA FELL"], False, "Ada Fell"),
        (["Zdjęcie: Ada Fell", "фото Ада Фелл", "Foto: dpa"], False, ""),
    ],
)
def test_what_is_no_author_is_no_author(given, from_file, authors):
    assert clean_author_names(given, from_file=from_file) == authors


@pytest.mark.parametrize(
    "text", ["10811.exe", "Microsoft Word - kites.doc", "release_final.indd", "Untitled", "19.01.2020", " ", "bez tytułu 2"]
)
def test_names_of_files_and_dates_are_no_titles_and_no_publishers(text):
    assert not is_title(text)
    assert not is_organisation_name(text)
    assert read(head=prop("og:site_name", text)).publisher == ""


@pytest.mark.parametrize(
    ("page", "title"),
    [
        (a_page(), "Arcadia to give kites"),
        (a_page(head=prop("og:title", "Kites for all!")), "Arcadia to give kites"),
        (f"<html><head>{prop('og:title', 'Kites for all!')}</head><body>{PROSE}".encode(), "Kites for all!"),
        (f"<html><head><title>Kites | Courier</title>{prop('og:site_name', 'Courier')}</head><body>{PROSE}".encode(), "Kites"),
        (f"<html><head><title>Kites - and kegs</title></head><body>{PROSE}".encode(), "Kites - and kegs"),
    ],
)  # fmt: skip
def test_a_title_is_the_headline(page, title):
    assert extract(page).title == title


@pytest.mark.parametrize(
    ("language", "head", "expected"),
    [
        ('lang="en-GB"', "", "en"),
        ('xml:lang="pl"', "", "pl"),
        ("", prop("og:locale", "uk_UA"), "uk"),
        ("", '<meta http-equiv="Content-Language" content="de, en">', "de"),
        ("", ld(inLanguage="fr-FR"), "fr"),
        ("", ld(inLanguage={"@type": "Language", "name": "fr"}), "fr"),
        ("", "", "en"),
    ],
)
def test_a_language_is_the_one_declared_or_else_that_of_its_words(language, head, expected):
    draft = read(head=head, language=language)
    assert draft.language == expected
    assert bool(draft.origins.get("language")) == (not language and not head)
