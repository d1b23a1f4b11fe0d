"""Invented commitments that tell the rules of full text apart: compounds, spellings, amounts, words of evidence alone."""

from types import SimpleNamespace

from tests import world as make
from tests.invented import publish_cited

# Slug -> name, summary, the passage that is cited for it.
RECORDS = {
    "falcon-jets": ("F-16 jets", "Fighter aircraft on loan.", "The first machines take off from the meadow in spring"),
    "falcon-spares": ("Spare parts for F16s", "Sent in crates.", "Crates with screws follow the pilots by rail"),
    "truce-watch": ("Watch over the cease-fire line", "", "Observers with dredgers keep the river open at all hours"),
    "truce-talks": ("Talks about a ceasefire", "Held on a line of boats.", "Envoys meet on a raft whenever the wind drops"),
    "no-lamps": ("Arcadia will not send lamps", "", "There is not a single lamp to spare, says the keeper"),
    "lamps": ("Arcadia will send lamps", "", "Every lighthouse gets a lamp before the autumn storms"),
    "grey-programme": ("Defence programme", "The centre organises labour.", "A theatre of masks travelled by sledge"),
    "gray-program": ("Defense program", "The center organizes labor.", "A band of whistlers traveled with the troupe in June"),
    "lake-loan": ("Loan of the lake bank", "", "The bank lends the sum to whoever can row across"),
    "hill-loan": ("Loan of the hill bank", "", "The hill bank lends less, and wants a goat as surety"),
    "range-loan": ("Loan of the valley bank", "Between 50 and 60 million dollars.", "The valley bank counts coins by moonlight"),
    "spending-goal": ("Spending goal", "", "A part of what is earned goes into the common chest"),
    "five-goal": ("Other goal", "5 percent of the crop.", "Of two sacks of grain one half is set aside"),
    "long-range": ("Long-range balloons", "", "Balloons drift as far as the eye can follow them"),
    "long-list": ("A long list of ranges", "", "The list hangs in the hall for all to read"),
    "camp": ("Camp that is to be hosted", "", "A camp rises beside the mill within the year"),
    "camp-hosts": ("Hosts of the camp", "It is hosting nobody.", "Hosts bring bread and blankets to the gate each night"),
    "obrien": ("O'Brien's fund", "", "The fund pays for oars, sails and warm socks"),
    "us-group": ("U.S. group at the pier", "It tells us nothing.", "A group of surveyors measures the pier twice a day"),
    "shells": ("155mm shells", "", "Shells arrive in barrels marked with a red ring"),
    "guns": ("155-mm guns", "", "Guns are drawn by oxen from the quay uphill"),
    "parties": ("Boxes for the parties", "Allies pack them.", "Each box holds string, candles and a folded map"),
    "party": ("A box for the party", "An ally packs it.", "One box is kept for the party that comes late"),
    "lodz": ("Workshop in Łódź", "Міст через річку.", "Apprentices in the workshop carve spoons until the bell rings"),
    "pledged": ("Rope pledged by Arcadia", "", "Miles of rope lie coiled in the shed at dawn"),
    "pledge": ("A pledge of anchors", "", "Anchors of every size are weighed on the old scales"),
}  # fmt: skip
MEASURES = {
    "lake-loan": {"kind": "money", "value": 40_000_000_000, "unit": "", "currency": "EUR", "as_stated": "€40bn"},
    "hill-loan": {"kind": "money", "value": 4_000_000_000, "unit": "", "currency": "EUR", "as_stated": "4 billion euros"},
    "spending-goal": {"kind": "percent", "value": 2, "unit": "percent of GDP", "as_stated": "2 per cent of GDP"},
    "shells": {"kind": "items", "value": 12_000, "unit": "shell", "as_stated": "12,000 shells"},
    "guns": {"kind": "items", "value": 12, "unit": "gun", "as_stated": "12 guns"},
}
_FILLER = "\nThe bells rang, the boats came home, and somebody swept the steps of the harbour office again.\n"


def publish_search_world(world: SimpleNamespace) -> None:
    """Publish the commitments of `RECORDS`, each with a passage of its own, in this order."""
    passages = [passage for _, _, passage in RECORDS.values()]
    text = "\n\n".join(f"{passage}.{_FILLER * 3}" for passage in passages)
    gazette = make.a_document("gazette-2024-08-01", text, title="Gazette", published_on="2024-08-01", publisher=world.courier)
    quotes, commitments = [], []
    for slug, (name, summary, passage) in RECORDS.items():
        quote = make.a_quote(gazette, passage, kind="narration")
        commitment = make.a_commitment(slug, name=name, summary=summary, by=[world.arcadia])
        if slug in MEASURES:
            make.a_measure(commitment, "amount", **MEASURES[slug])
        make.cite_values(quote, commitment)
        quotes.append(quote)
        commitments.append(commitment)
    publish_cited(world.quote, gazette, *quotes, *commitments)
