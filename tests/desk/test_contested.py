"""The queue of contested fields and the page where one is resolved."""

import re

import pytest
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from entities.vocabulary import Verdict
from nato_support.desk.evidence.contested_field_views import SURROUNDING_CHARACTERS, text_around_quote
from nato_support.desk.evidence.evidence_urls import contested_field_url
from nato_support.roles import ensure_groups
from sources.evidence.statements import FieldKey, field_key_of
from sources.models import Citation, Resolution, SourceQuote
from tests import world as make
from tests.desk.conftest import page

pytestmark = pytest.mark.django_db

QUEUE = "/admin/sources/resolution/contested/"


@pytest.fixture
def differing(world):
    """Three contested fields, the newest first: the alliance's type, the tents' nature, the kites' staff."""
    world.second = make.a_quote(world.document, "About 700 clerks are to count them in Harbourton", attribution="officials")
    world.tents = make.a_commitment("tents")
    make.a_measure(world.kites, "staff", kind="headcount", value=700, unit="clerk", as_stated="about 700 clerks")
    make.a_citation(world.quote, world.kites, "measures.staff", "exactly 750 clerk")
    make.a_citation(world.second, world.kites, "measures.staff", "about 700 clerk", as_stated="About 700 clerks")
    make.a_citation(world.second, world.tents, "nature", "pledge")
    make.a_citation(world.quote, world.tents, "nature", "pledge", polarity="denies")
    make.a_relation_citation(world.quote, world.alliance)
    make.a_relation_citation(world.second, world.alliance, value="in_force: arcadia part-of ruritania")
    return world


@pytest.fixture
def sign_in(client, db):
    """Signs in a member of the group: sign_in("viewer")."""

    def signed(group: str):
        user = User.objects.create_user(group, is_staff=True)
        user.groups.add(ensure_groups()[group])
        client.force_login(user)
        return user

    return signed


def address(target, field: str) -> str:
    return contested_field_url(field_key_of(target, field))


def staff(world) -> str:
    return address(world.kites, "measures.staff")


def listed(response) -> list[str]:
    return [f"{row['target'].slug} {row['field']}" for row in response.context["rows"]]


def told(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def send(desk, where: str, **changes):
    """Fills in the form of the page as it is shown and sends it."""
    seen = desk.get(where).context["form"]["seen"].value()
    return desk.post(where, {"verdict": "source_error", "reason": "A slip.", "seen": seen} | changes)


ALLIANCE, TENTS, KITES = "arcadia-works-alongside-ruritania relation", "tents nature", "forty-kites measures.staff"


def test_the_queue_shows_what_is_open_the_newest_first(desk, differing):
    response = desk.get(QUEUE)
    assert listed(response) == [ALLIANCE, TENTS, KITES]
    assert [row["difference"].kind for row in response.context["rows"]] == ["contradiction", "contradiction", "precision"]
    assert (
        "denies “pledge”" in response.text
        and "not pledge" not in response.text
        and "2 statements in 2 citations" in response.text
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=commitment", [TENTS, KITES]),
        ("kind=relation", [ALLIANCE]),
        ("kind=person", []),
        ("q=tents", [TENTS]),
        ("q=staff+kites", [KITES]),
        ("q=arcadia", [ALLIANCE]),
        ("difference=precision", [KITES]),
        ("difference=translation", []),
        ("kind=commitment&difference=contradiction", [TENTS]),
        ("state=settled", []),
        ("state=all", [ALLIANCE, TENTS, KITES]),
        ("state=nonsense&kind=nonsense&p=nonsense", [ALLIANCE, TENTS, KITES]),
    ],
)
def test_the_queue_is_narrowed(desk, differing, query, found):
    assert listed(desk.get(f"{QUEUE}?{query}")) == found


def test_each_state_has_its_tab(desk, differing):
    send(desk, staff(differing), verdict="compatible_precision")
    send(desk, address(differing.tents, "nature"), verdict="disputed")
    tabs = {tab["label"]: tab["count"] for tab in desk.get(QUEUE).context["tabs"]}
    assert tabs == {"open": 1, "disputed": 1, "settled": 1, "all": 3}
    assert listed(desk.get(f"{QUEUE}?state=disputed")) == [TENTS]


def test_the_page_shows_the_statements_side_by_side_with_all_that_one_judges_by(desk, differing, administrator):
    make.a_relation(differing.ada, differing.minister, make.a_relation_type("holds", ("person", "post")))
    Citation.history.update(history_user=administrator)
    response = desk.get(staff(differing))
    assert [column["value"] for column in response.context["columns"]] == ["exactly 750 clerk", "about 700 clerk"]
    assert response.context["current_values"] == ["700 clerks"]
    for words in (
        "Ada Fell, Minister Of Kites",
        "“About 700 clerks”",
        "officials, direct speech",
        "9 July 2024, Lake Meeting",
        "9 July 2024, Arcadian Courier",
        "original words",
        "zelda",
        "View in context",
        "can be the same number",
        "2 origins",
        # The paragraph around the quote.
        "Ada Fell told reporters at the Lake Meeting.",
    ):
        assert words in response.text, words


def test_each_quote_leads_to_its_place_in_the_document(desk, differing):
    for column in desk.get(staff(differing)).context["columns"]:
        for one in column["citations"]:
            assert one["page"].endswith(f"/read/?quote={one['quote'].pk}#q{one['quote'].pk}")
            assert f'id="q{one["quote"].pk}"' in desk.get(one["page"]).text


def test_a_denied_value_stands_under_its_own_heading(desk, differing):
    columns = desk.get(address(differing.tents, "nature")).context["columns"]
    assert [(column["value"], column["denied"]) for column in columns] == [("pledge", False), ("pledge", True)]
    assert [one["stance"] for column in columns for one in column["citations"]] == ["supports", "contradicts"]


def test_the_text_is_shown_to_those_alone_who_work_on_it(client, sign_in, differing):
    sign_in("viewer")
    assert "told reporters at the Lake Meeting" not in client.get(staff(differing)).text


def test_the_verdict_offered_comes_first_and_none_is_chosen(desk, differing):
    choices = desk.get(staff(differing)).context["form"].verdict_choices
    assert [choice["value"] for choice in choices[:1]] == ["compatible_precision"]
    assert [choice["key"] for choice in choices] == list(range(1, len(Verdict) + 1))
    assert not any(choice["chosen"] for choice in choices)


def test_a_verdict_is_saved_and_the_next_open_field_opens(desk, differing, administrator):
    response = send(desk, address(differing.tents, "nature"), reason="The denial is of another day.")
    assert response["Location"] == staff(differing)
    made = Resolution.objects.get()
    assert (made.verdict, made.reason, made.decided_by) == ("source_error", "The denial is of another day.", administrator)
    # From the last field one goes on with the first, and from the only one back to the queue.
    assert send(desk, staff(differing))["Location"] == address(differing.alliance, "relation")
    assert send(desk, address(differing.alliance, "relation"))["Location"] == QUEUE


def test_a_verdict_may_decide_for_a_statement_and_says_if_the_register_has_another_value(desk, differing):
    offered = desk.get(staff(differing)).context["form"]["follows"].field.choices
    assert offered == [
        ("", "none of them"),
        ("affirms:exactly 750 clerk", "exactly 750 clerks"),
        ("affirms:about 700 clerk", "about 700 clerks"),
    ]
    response = send(desk, staff(differing), follows="affirms:exactly 750 clerk")
    assert Resolution.objects.get().decides_for == {"value": "exactly 750 clerk", "polarity": "affirms"}
    assert any("The register does not say so yet (exactly 750 clerks)" in message for message in told(response))
    assert "Decides for: <b>exactly 750 clerks</b>" in desk.get(staff(differing)).text
    # Pledge is what the register says.
    response = send(desk, address(differing.tents, "nature"), follows="affirms:pledge")
    assert not any("does not say so yet" in message for message in told(response))
    response = send(desk, address(differing.tents, "nature"), follows="denies:pledge")
    assert any("does not say so yet (denies “pledge”)" in message for message in told(response))


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"verdict": "disputed", "follows": "affirms:about 700 clerk"}, "Disputed statements stay side by side"),
        ({"follows": "affirms:exactly 9 clerk"}, "Select a valid choice"),
    ],
)
def test_a_verdict_decides_for_one_of_the_statements_and_none_if_disputed(desk, differing, sent, words):
    response = send(desk, staff(differing), **sent)
    assert response.status_code == 409 and words in response.text
    assert not Resolution.objects.exists()


def test_the_page_of_a_resolution_offers_the_statements_that_it_judges_by_their_names(desk, differing):
    yard_by = make.a_commitment("tarpaulins", beneficiary=differing.ruritania)
    make.a_citation(differing.quote, yard_by, "beneficiary", "ruritania")
    make.a_citation(differing.second, yard_by, "beneficiary", "arcadia")
    send(desk, address(yard_by, "beneficiary"), follows="affirms:arcadia")
    made = Resolution.objects.get()
    shown = desk.get(page(made, "change"))
    assert "Arcadia · Ruritania" in shown.text and 'value="affirms:arcadia" selected' in shown.text
    assert "Arcadia" in desk.get(page(Resolution, "changelist")).text
    history = desk.get(page(yard_by, "history")).text
    assert "{" not in "".join(part for part in history.split("Decides for")[1:2])[:200]


def test_the_field_of_a_resolution_is_shown_and_typed_in_words(desk, world):
    make.a_measure(world.kites, "aid", kind="money", value=40, unit="", currency="EUR", as_stated="€40")
    fields = {"entity": world.kites.pk, "verdict": "disputed", "reason": "They differ."}
    made = Resolution.objects.create(**fields | {"entity": world.kites}, field="measures.aid", decided_on="2024-08-01")
    for where in (page(made, "change"), page(world.kites, "change")):
        assert re.search('<option value="measures.aid" selected[^>]*>Measure: €40<', desk.get(where).text), where
    shown = desk.get(page(Resolution, "changelist")).text
    assert "Measure: €40" in shown and "measures.aid" not in shown
    for typed, errors in [("Nature", []), ("Subject", ["“Subject” is no field of this commitment. It has"])]:
        response = desk.post(page(Resolution, "add"), fields | {"field": typed, "decided_on": "2024-08-02"})
        problems = [] if response.status_code == 302 else response.context["adminform"].form.errors["field"]
        assert [problem[: len(error)] for problem, error in zip(problems, errors, strict=True)] == errors
    assert Resolution.objects.latest("pk").field == "nature"


def test_what_narrows_the_queue_goes_along(desk, differing):
    query = "?kind=commitment"
    response = desk.get(address(differing.tents, "nature") + query)
    assert (response.context["number"], response.context["of"]) == (1, 2)
    assert response.context["after"] == staff(differing) + query
    assert send(desk, address(differing.tents, "nature") + query)["Location"] == staff(differing) + query


def test_a_verdict_without_a_reason_is_refused_and_what_was_chosen_stays(desk, differing):
    response = send(desk, staff(differing), reason="  ")
    assert response.status_code == 409 and "Reason: This field is required." in response.text
    assert [choice["value"] for choice in response.context["form"].verdict_choices if choice["chosen"]] == ["source_error"]
    assert not Resolution.objects.exists()


def test_what_came_in_meanwhile_is_shown_and_nothing_typed_is_lost(desk, differing):
    seen = desk.get(staff(differing)).context["form"]["seen"].value()
    third = make.a_quote(differing.document, "count them")
    make.a_citation(third, differing.kites, "measures.staff", "9 clerk")
    sent = {"verdict": "source_error", "reason": "A slip of the pen.", "seen": seen}
    response = desk.post(staff(differing), sent)
    assert response.status_code == 409 and "was added in the meantime" in response.text
    assert "A slip of the pen.</textarea>" in response.text and "9 clerks" in response.text
    assert not Resolution.objects.exists()
    again = response.context["form"]["seen"].value()
    assert desk.post(staff(differing), sent | {"seen": again}).status_code == 302


def test_resolving_again_on_the_same_day_changes_the_verdict(desk, differing):
    send(desk, staff(differing))
    send(desk, staff(differing), verdict="compatible_precision", reason="Both round.")
    made = Resolution.objects.get()
    assert (made.verdict, made.reason, made.history.count()) == ("compatible_precision", "Both round.", 2)


def test_a_verdict_is_taken_back(desk, differing):
    send(desk, staff(differing))
    page = desk.get(staff(differing))
    [verdict] = page.context["resolutions"]
    assert verdict["is_valid"] and verdict["may_undo"]
    seen = {"resolution": verdict["row"].pk, "seen": page.context["evidence"].version}
    assert seen["seen"] in page.content.decode()
    # Somebody else looks while one more source comes in.
    stale = desk.post(f"{staff(differing)}take-back/", seen | {"seen": "of before"})
    assert "was added since you opened this page" in told(stale)[-1] and Resolution.objects.exists()
    response = desk.post(f"{staff(differing)}take-back/", seen)
    assert response["Location"] == staff(differing) and not Resolution.objects.exists()
    assert KITES in listed(desk.get(QUEUE))


def test_only_the_newest_verdict_is_taken_back(desk, differing):
    send(desk, staff(differing))
    response = desk.post(f"{staff(differing)}take-back/", {"resolution": 0})
    assert told(response)[-1] == "That verdict is no longer the newest for this field."
    assert Resolution.objects.exists()
    assert desk.get(f"{staff(differing)}take-back/").status_code == 405


def test_who_may_look_resolve_and_take_back(client, sign_in, differing):
    sign_in("editor")
    send(client, staff(differing))
    made = Resolution.objects.get()
    sign_in("viewer")
    shown = client.get(staff(differing))
    assert shown.status_code == 200 and not shown.context["may_resolve"]
    assert client.post(staff(differing), {}).status_code == 403
    sign_in("contributor")
    assert not client.get(staff(differing)).context["may_resolve"]
    assert client.post(staff(differing), {}).status_code == 403
    assert client.post(f"{staff(differing)}take-back/", {"resolution": made.pk}).status_code == 403
    client.force_login(User.objects.create_user("nobody", is_staff=True))
    assert client.get(QUEUE).status_code == client.get(staff(differing)).status_code == 403
    client.logout()
    assert "/login/" in client.get(QUEUE)["Location"]


@pytest.mark.parametrize("where", ["entity/0/nature/", "relation/1/start/", "person/1/nature/"])
def test_a_field_that_nobody_cites_is_not_there(desk, differing, where):
    assert desk.get(QUEUE + where).status_code == 404


def test_sources_that_agree_are_shown_without_a_verdict_to_give(desk, differing):
    response = desk.get(address(differing.kites, "nature"))
    assert response.status_code == 200 and not response.context["may_resolve"]
    assert "No difference" in response.text


def test_the_pages_of_records_say_which_fields_are_contested(desk, differing):
    text = desk.get(page(differing.kites, "change")).text
    assert text.count("Compare the statements") == 2 and staff(differing) in text
    send(desk, staff(differing))
    text = desk.get(page(differing.kites, "change")).text
    assert ">contested<" not in "".join(text.split()) and text.count("Compare the statements") == 3
    assert staff(differing) == contested_field_url(FieldKey(differing.kites.pk, None, "measures.staff"))


@pytest.mark.parametrize("which", ["queue", "field"])
def test_as_many_questions_for_many_as_for_few(desk, differing, which):
    asked = {"queue": QUEUE, "field": staff(differing)}[which]
    desk.get(asked)
    with CaptureQueriesContext(connection) as few:
        desk.get(asked)
    for n in range(8):
        quote = make.a_quote(make.a_document(f"d-{n}", sha256="", publisher=make.an_organisation(f"p-{n}")), "40 kites")
        make.a_citation(quote, differing.kites, "measures.staff", f"{n} clerk")
        other = make.a_commitment(f"c-{n}")
        make.a_citation(quote, other, "nature", "plan", polarity="denies")
        make.a_citation(differing.second, other, "nature", "plan")
    with CaptureQueriesContext(connection) as many:
        desk.get(asked)
    assert len(many) == len(few)


def test_the_paragraph_around_a_quote_is_cut_at_its_ends_and_between_words():
    text = "First line.\n" + "so " * 200 + "forty kites" + " and" * 200 + "\nLast line."
    start = text.index("forty kites")
    shown = SourceQuote(exact="forty kites", start=start)
    window = text[start - SURROUNDING_CHARACTERS : start + len("forty kites") + SURROUNDING_CHARACTERS]
    before, after = text_around_quote(shown, window)
    assert before.startswith("… so ") and before.endswith("so ") and after.startswith(" and") and after.endswith("and …")
    assert "First" not in before and len(before) <= SURROUNDING_CHARACTERS + 2
    assert text_around_quote(shown, "") == text_around_quote(shown, window[1:]) == ("", "")


def test_the_sidebar_marks_these_pages_and_not_the_list_that_they_lie_below(desk, differing):
    def active(where):
        groups = desk.get(where).context["sidebar_navigation"]
        return [str(item["title"]) for group in groups for item in group["items"] if item["active"]]

    assert active(QUEUE) == active(staff(differing)) == ["Contested facts"]
    assert active(reverse("admin:sources_coverage")) == ["Coverage"]
    assert active(page(Resolution, "changelist")) == ["Resolutions"]
