"""The invented world as a whole, in the three states in which tests want it: written, with its evidence, public."""

from types import SimpleNamespace

from entities.models import Commitment, Curated, Entity, Name, Organisation, Relation
from nato_support.publishing.models.public_tables import Release
from nato_support.publishing.publication import publish
from sources.models import Citation, Resolution, SourceQuote
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


# What the Harbour Herald is taken to have printed a day later.
HERALD = (
    "HARBOURTON, July 10 – The ten boats lie at anchor, and nobody has set them aside, officials told the harbour office.\n\n"
    "The forty tents may well come a year later than Arcadia says, they added.\n"
    + "\nThe tide came in, the tide went out, and the band played on until the lamps were lit.\n"
    * 20
)


def publish_details(world: SimpleNamespace) -> SimpleNamespace:
    """The public world with more in it, so that every field says something: computed ones, denials, mentions, verdicts."""
    world.bo = make.a_person("bo-vale")
    world.league = make.an_organisation("kite-league", type="alliance")
    for text, kind, origin in (("KLX", "acronym", "outside"), ("that merry band", "mention", "sources")):
        setattr(world, kind, Name.objects.create(entity=world.league, text=text, kind=kind, origin=origin))
    _make_tents(world)
    world.boats = make.a_commitment("ten-boats", by=[world.arcadia], nature="plan", conditions="If the wind allows.")
    world.set_aside = make.a_milestone(world.boats, "allocated", "2024-06", key="set-aside")
    joins = make.a_relation_type("part-of")
    world.planned = make.a_relation(world.arcadia, world.league, joins, modality="planned", start="2025")
    world.member = make.a_relation(world.ruritania, world.league, joins, start="2020-01-01")
    world.herald = make.a_document("herald-2024-07-10", HERALD, title="Boats at anchor", published_on="2024-07-10")
    world.report = make.a_quote(
        world.herald,
        "nobody has set them aside",
        kind="reported_speech",
        page=2,
        attribution="officials",
        reported_by="the harbour office",
        utterance="boats-at-anchor",
        note="The article is taken to report the day before.",
    )
    world.condition = make.a_citation(world.report, world.boats, "conditions", world.boats.conditions)
    world.denial = make.a_citation(
        world.report, world.boats, "milestones.set-aside", world.set_aside.citation_value, polarity="denies"
    )
    world.later = make.a_citation(world.report, world.tents, "due", "2025")
    make.a_citation(world.quote, world.tents, "due", world.tents.due)
    world.verdict = Resolution.objects.create(
        entity=world.tents,
        field="due",
        verdict="changed_over_time",
        reason="The later report tells of a delay that Arcadia did not confirm.",
        decided_on="2024-08",
        decides_for={"value": world.tents.due, "polarity": "affirms"},
    )
    world.meeting.latitude, world.meeting.longitude = "61.12", "10.47"
    world.meeting.save()
    records = (world.league, world.herald, world.report, world.tents, world.boats, world.planned, world.member, world.meeting)
    publish_cited(world.quote, *records)
    for row in vars(world).values():
        row.refresh_from_db()
    world.nature = Citation.objects.get(entity=world.tents, field="nature")
    return world


def _make_tents(world: SimpleNamespace) -> None:
    """Forty tents by December 2024, of which twenty were set aside and ten had come by October."""
    world.tents = make.a_commitment(
        "forty-tents", by=[world.arcadia], beneficiary=world.ruritania, due="2024-12", period="2024-06/2025-06"
    )
    world.tents.concerns.set([world.league])
    make.a_measure(world.tents, "tents", unit="tent", as_stated="40 tents")
    world.allocation = make.a_milestone(world.tents, "allocated", "2024-05", key="allocated")
    make.a_measure(world.tents, "allocated", value=20, unit="tent", as_stated="20 tents", milestone=world.allocation)
    world.delivery = make.a_milestone(world.tents, "delivered", "2024-09", key="delivered")
    world.came = make.a_measure(
        world.tents, "came", value=10, unit="tent", as_stated="10 tents", as_of="2024-10", milestone=world.delivery
    )
