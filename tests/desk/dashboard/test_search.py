import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from entities.models import Identifier, Name
from nato_support.desk.dashboard.global_search import search_working_copy
from tests import world as make


def found(typed, user, kind=""):
    return [(one.kind, one.title) for one in search_working_copy(typed, user, kind).results]


@pytest.mark.parametrize(
    ("typed", "kind", "title"),
    [
        ("arcadia", "organisation", "Arcadia"),
        ("arcadai", "organisation", "Arcadia"),
        ("Аркадія", "organisation", "Arcadia"),
        ("A-771", "organisation", "Arcadia"),
        ("fel ada", "person", "Ada Fell"),
        ("forty-kites", "commitment", "Forty Kites"),
        ("Arcadia to give kites", "document", "Arcadia to give kites"),
        ("no more and no less", "quote", "“We pledge forty kites, no more and no less”"),
        ("arcadia ruritania", "relation", "Arcadia is works alongside Ruritania"),
    ],
)
def test_everything_is_found_first(world, edith, typed, kind, title):
    Name.objects.create(entity=world.arcadia, text="Аркадія", language="uk", script="Cyrl")
    Identifier.objects.create(entity=world.arcadia, scheme="other", value="A-771")
    assert found(typed, edith, kind)[0] == (kind, title)
    if kind not in ("relation", "quote"):
        assert found(typed, edith)[0] == (kind, title)


@pytest.mark.parametrize("typed", ["Zelensky", "Зеленський", "Stoltenburg"])
def test_the_shipped_register_forgives_slips(register, edith, typed):
    assert found(typed, edith)[0] in [("person", "Volodymyr Zelenskyy"), ("person", "Jens Stoltenberg")]


def test_a_person_comes_while_one_types(register, edith):
    assert found("stolt", edith)[0] == ("person", "Jens Stoltenberg")


def test_letters_without_their_marks(edith, db):
    make.a_facility("rzeszow-hub", name="Hub of Rzeszów")
    assert found("Rzeszow", edith)[0] == ("facility", "Hub of Rzeszów")


def test_the_whole_name_comes_before_longer_ones(edith, db):
    make.an_organisation("kite-office-of-arcadia", name="Kite Office of Arcadia")
    make.an_organisation("kite-office", name="Kite Office")
    assert [title for _, title in found("kite office", edith)] == ["Kite Office", "Kite Office of Arcadia"]


def test_what_changed_is_found_at_once(world, edith):
    assert found("arcadia", edith)[0] == ("organisation", "Arcadia")
    world.arcadia.name = "Borduria"
    world.arcadia.slug = "borduria"
    world.arcadia.save()
    assert found("borduria", edith, "organisation") == [("organisation", "Borduria")]
    assert ("organisation", "Borduria") not in found("arcadia", edith)
    name = Name.objects.create(entity=world.arcadia, text="Syldavia")
    assert found("sildavia", edith, "organisation") == [("organisation", "Borduria")]
    name.delete()
    assert found("sildavia", edith, "organisation") == []
    world.yard.delete()
    assert found("kite yard", edith, "facility") == []


def test_one_sees_what_one_may_see(world, people):
    nobody = people("nobody")
    assert search_working_copy("arcadia", nobody).counts == {}
    nobody.user_permissions.add(Permission.objects.get(codename="view_person"))
    nobody = type(nobody).objects.get(pk=nobody.pk)
    assert set(search_working_copy("a", nobody).counts) <= {"person"}
    assert found("ada", nobody) == [("person", "Ada Fell")]


def test_texts_of_documents_are_not_searched(world, edith, vera):
    # The text has the clerks; no quote does.
    assert "clerks" in world.document.text
    assert found("clerks", edith) == []
    assert found("clerks", vera) == []


def test_the_page_counts_by_kind(world, vera, desk_of):
    desk = desk_of(vera)
    page = desk.get(reverse("admin:desk_search"), {"q": "arcadia"})
    counts = {facet["label"]: facet["count"] for facet in page.context["facets"]}
    assert counts["All"] == sum(n for label, n in counts.items() if label != "All")
    for label, kind in (("Organisation", "organisation"), ("Relation", "relation")):
        narrowed = desk.get(reverse("admin:desk_search"), {"q": "arcadia", "kind": kind})
        assert narrowed.context["page"].paginator.count == counts[label] > 0
    assert "No results for" in desk.get(reverse("admin:desk_search"), {"q": "xyzzyx"}).content.decode()


def test_words_are_shown_as_words(world, edith, desk_of):
    page = desk_of(edith).get(reverse("admin:desk_search"), {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_as_many_queries_for_many_as_for_few(edith, desk_of, world):
    desk = desk_of(edith)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(reverse("admin:desk_find"), {"q": "kites"}).status_code == 200
        return len(asked)

    queries()
    few = queries()
    for n in range(30):
        make.a_commitment(f"kites-{n}")
    queries()
    assert queries() == few <= 15


def test_the_palette_offers_what_one_may_do(vera, edith, desk_of):
    def offered(user):
        return desk_of(user).get(reverse("admin:desk_palette")).json()

    assert offered(vera)["new"] == []
    assert "Users" not in [page["title"] for page in offered(edith)["pages"]]
    assert {"Commitment", "Document from a text, file or saved page"} <= {one["title"] for one in offered(edith)["new"]}
    commitments = next(page for page in offered(vera)["pages"] if page["title"] == "Commitments")
    assert commitments == {"title": "Commitments", "address": "/admin/entities/commitment/", "key": "g c"}


@pytest.mark.parametrize("page", ["search", "find", "palette", "preferences", "filters", "charts"])
def test_strangers_are_sent_away(client, db, page):
    assert client.get(reverse(f"admin:desk_{page}")).status_code == 302
