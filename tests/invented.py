"""The invented world as a whole, in the three states in which tests want it: written, with its evidence, public."""

from types import SimpleNamespace

from entities.models import Commitment, Curated, Entity, Organisation, Relation
from nato_support.publishing.models.public_tables import Release
from nato_support.publishing.publication import publish
from sources.models import SourceQuote
from tests import world as make


def make_arcadia() -> Organisation:
    return make.an_organisation("arcadia", country="", founded="1949-04")


def make_ruritania() -> Organisation:
    return make.an_organisation("ruritania")


def make_kites(arcadia: Organisation, ruritania: Organisation) -> Commitment:
    return make.a_commitment("forty-kites", by=[arcadia], beneficiary=ruritania)


def make_world(arcadia: Organisation, ruritania: Organisation, kites: Commitment) -> SimpleNamespace:
    """A row of every model, by name."""
    courier = make.an_organisation("arcadian-courier", type="media")
    ada = make.a_person("ada-fell", given_name="Ada", family_name="Fell")
    meeting = make.an_event("lake-meeting", start="2024-07-09", end="2024-07-11", locality="Valleytown")
    document = make.a_document(publisher=courier)
    quote = make.a_quote(document, speakers=[ada], said_on="2024-07-09", occasion=meeting)
    world = SimpleNamespace(
        arcadia=arcadia,
        ruritania=ruritania,
        courier=courier,
        yard=make.a_facility("kite-yard", operator=ruritania, locality="Harbourton"),
        ada=ada,
        minister=make.a_post(arcadia, "minister-of-kites"),
        meeting=meeting,
        kites=kites,
        measure=make.a_measure(kites),
        milestone=make.a_milestone(kites, event=meeting),
        alliance=make.a_relation(arcadia, ruritania, make.a_relation_type("works-alongside")),
        document=document,
        quote=quote,
        citation=make.a_citation(quote, kites),
    )
    # Each part that was added raised the version of its record.
    for row in vars(world).values():
        row.refresh_from_db()
    return world


def cite_records(world: SimpleNamespace) -> list:
    """Every record of the world, now with the evidence that it needs to be public."""
    entities = world.arcadia, world.ruritania, world.courier, world.yard, world.ada, world.minister, world.meeting, world.kites
    make.cite_values(world.quote, *entities, world.alliance)
    names = "arcadia ruritania courier yard ada minister meeting kites alliance document quote"
    records = [getattr(world, name) for name in names.split()]
    for record in records:
        record.refresh_from_db()
    return records


def publish_world(world: SimpleNamespace, records: list) -> SimpleNamespace:
    """The world, published in one release, which is its `release`."""
    world.release = publish(records)
    for record in records:
        record.refresh_from_db()
    return world


def publish_cited(quote: SourceQuote, *records: Curated) -> Release | None:
    """Publish records as the database has them, with `quote` cited for each stated value that nothing states yet."""
    make.cite_values(quote, *(record for record in records if isinstance(record, (Entity, Relation))))
    for record in records:
        record.refresh_from_db()
    release = publish(records)
    for record in records:
        record.refresh_from_db()
    return release


def publish_commitment(world: SimpleNamespace, slug: str, date: str = "", by=(), **fields) -> Commitment:
    """One more commitment, public: by whom it is and when it was announced, if that is given, with evidence."""
    commitment = make.a_commitment(slug, by=by, **fields)
    if date:
        make.a_milestone(commitment, date=date)
    publish_cited(world.quote, commitment)
    return commitment


GIFT_DATES = ["", "2023", "2023", "2024-05", "2024-05", "2024-05", "2024-07-09", "2025"]


def publish_gifts(world: SimpleNamespace) -> list[Commitment]:
    """Sixteen commitments of Arcadia, two of each date: enough for several pages."""
    return [publish_commitment(world, f"gift-{at:02}", date, by=[world.arcadia]) for at, date in enumerate(GIFT_DATES * 2)]
