"""What readers saw change from one edition to the next."""

from entities.models import Name
from nato_support.publishing.editions.edition_differences import describe_changes_between
from nato_support.publishing.models.public_tables import Edition
from nato_support.publishing.publication import publish, withdraw
from tests import world as make


def editions_of(kind: str, slug: str) -> list[Edition]:
    return list(Edition.objects.filter(kind=kind, slug=slug).order_by("number"))


def told(changes) -> list[tuple]:
    return [(change.place, change.action, change.was, change.now) for change in changes]


def test_values_rows_and_evidence_are_told_by_what_they_are(public):
    public.kites.nature = "plan"
    public.kites.save()
    public.measure.value = 50
    public.measure.save()
    Name.objects.create(entity=public.kites, text="Operation Kite")
    make.cite_values(public.quote, public.kites)
    public.kites.refresh_from_db()
    publish([public.kites])
    first, second = editions_of("commitment", "forty-kites")
    found = told(describe_changes_between(first, second))
    assert ("nature", "Changed", "pledge", "plan") in found
    assert ("measures › kites › value", "Changed", "40", "50") in found
    assert ("names › Operation Kite › text", "Added", None, "Operation Kite") in found
    cited = f"evidence › nature › citations › {public.quote.slug}: plan"
    assert (f"{cited} › polarity", "Added", None, "affirms") in found
    assert not any("edition" in place or "release" in place for place, *_ in found)


def test_what_changed_elsewhere_is_told_too(public):
    """The name of a beneficiary: nobody touched the commitment, but readers see it otherwise."""
    public.ruritania.name = "New Ruritania"
    public.ruritania.save()
    make.a_citation(public.quote, public.ruritania, "name", "New Ruritania")
    public.ruritania.refresh_from_db()
    publish([public.ruritania])
    *_, before, after = editions_of("commitment", "forty-kites")
    assert told(describe_changes_between(before, after)) == [("beneficiary", "Changed", "Ruritania", "New Ruritania")]


def test_a_withdrawn_edition_holds_nothing(public):
    withdraw([public.alliance])
    first, tomb = editions_of("relation", public.alliance.slug)
    found = describe_changes_between(first, tomb)
    assert found and {change.action for change in found} == {"Removed"}
