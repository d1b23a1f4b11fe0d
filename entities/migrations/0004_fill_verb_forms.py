"""Types of relation get the forms of their verbs, and expected memberships become memberships that are expected.

Apart from the new columns: PostgreSQL indexes no table with changes under way.
"""

from django.db import migrations

_FORMS = (
    "label",
    "plural_label",
    "past_label",
    "infinitive",
    "inverse_label",
    "inverse_plural_label",
    "inverse_past_label",
    "inverse_infinitive",
)
# Slug of a type of the shipped vocabulary -> (the labels that it had, the forms that it gets).
_SHIPPED_VERBS = {
    "accession-to": (
        ("is an accession to", "is joined in"),
        (
            "is an accession to",
            "are accessions to",
            "was an accession to",
            "be an accession to",
            "is joined in",
            "are joined in",
            "was joined in",
            "be joined in",
        ),
    ),
    "brings-together": (
        ("brings together the activities of", "has its activities brought together by"),
        (
            "brings together the activities of",
            "bring together the activities of",
            "brought together the activities of",
            "bring together the activities of",
            "has its activities brought together by",
            "have their activities brought together by",
            "had its activities brought together by",
            "have its activities brought together by",
        ),
    ),
    "chairs": (
        ("chairs", "is chaired by"),
        ("chairs", "chair", "chaired", "chair", "is chaired by", "are chaired by", "was chaired by", "be chaired by"),
    ),
    "conducts": (
        ("conducts", "is conducted by"),
        (
            "conducts",
            "conduct",
            "conducted",
            "conduct",
            "is conducted by",
            "are conducted by",
            "was conducted by",
            "be conducted by",
        ),
    ),
    "criticises": (
        ("criticises", "is criticised by"),
        (
            "criticises",
            "criticise",
            "criticised",
            "criticise",
            "is criticised by",
            "are criticised by",
            "was criticised by",
            "be criticised by",
        ),
    ),
    "decided": (
        ("decided on", "was decided on by"),
        (
            "decided on",
            "decided on",
            "decided on",
            "decide on",
            "was decided on by",
            "were decided on by",
            "was decided on by",
            "be decided on by",
        ),
    ),
    "established": (
        ("established", "was established by"),
        (
            "established",
            "established",
            "established",
            "establish",
            "was established by",
            "were established by",
            "was established by",
            "be established by",
        ),
    ),
    "favours": (
        ("is in favour of creating", "has its creation favoured by"),
        (
            "is in favour of creating",
            "are in favour of creating",
            "was in favour of creating",
            "be in favour of creating",
            "has its creation favoured by",
            "have their creation favoured by",
            "had its creation favoured by",
            "have its creation favoured by",
        ),
    ),
    "held": (
        ("formerly held", "was formerly held by"),
        (
            "formerly held the post of",
            "formerly held the post of",
            "formerly held the post of",
            "have held the post of",
            "was formerly held by",
            "were formerly held by",
            "was formerly held by",
            "have been held by",
        ),
    ),
    "holds": (
        ("holds", "is held by"),
        (
            "holds the post of",
            "hold the post of",
            "held the post of",
            "hold the post of",
            "is held by",
            "are held by",
            "was held by",
            "be held by",
        ),
    ),
    "hosts": (
        ("hosts", "is hosted by"),
        ("hosts", "host", "hosted", "host", "is hosted by", "are hosted by", "was hosted by", "be hosted by"),
    ),
    "in-answer-to": (
        ("answers", "is answered by"),
        (
            "answered",
            "answered",
            "answered",
            "answer",
            "was answered by",
            "were answered by",
            "was answered by",
            "be answered by",
        ),
    ),
    "incorporates": (
        ("incorporates", "is incorporated in"),
        (
            "incorporates",
            "incorporate",
            "incorporated",
            "incorporate",
            "is incorporated in",
            "are incorporated in",
            "was incorporated in",
            "be incorporated in",
        ),
    ),
    "leads": (("leads", "is led by"), ("leads", "lead", "led", "lead", "is led by", "are led by", "was led by", "be led by")),
    "located-at": (
        ("is located at", "is the seat of"),
        (
            "is located at",
            "are located at",
            "was located at",
            "be located at",
            "is the seat of",
            "are the seat of",
            "was the seat of",
            "be the seat of",
        ),
    ),
    "made-statement": (
        ("made", "was made by"),
        ("made", "made", "made", "make", "was made by", "were made by", "was made by", "be made by"),
    ),
    "member-of": (
        ("is a member of", "has the member"),
        (
            "is a member of",
            "are members of",
            "was a member of",
            "become a member of",
            "has the member",
            "have the member",
            "had the member",
            "have the member",
        ),
    ),
    "objects-to": (
        ("objects to a name of", "has a name objected to by"),
        (
            "objects to a name of",
            "object to a name of",
            "objected to a name of",
            "object to a name of",
            "has a name objected to by",
            "have a name objected to by",
            "had a name objected to by",
            "have a name objected to by",
        ),
    ),
    "part-of": (
        ("is part of", "has the part"),
        (
            "is part of",
            "are part of",
            "was part of",
            "be part of",
            "has the part",
            "have the part",
            "had the part",
            "have the part",
        ),
    ),
    "party-to": (
        ("is a party to", "has the party"),
        (
            "is a party to",
            "are parties to",
            "was a party to",
            "be a party to",
            "has the party",
            "have the party",
            "had the party",
            "have the party",
        ),
    ),
    "proposed": (
        ("proposed", "was proposed by"),
        (
            "proposed",
            "proposed",
            "proposed",
            "propose",
            "was proposed by",
            "were proposed by",
            "was proposed by",
            "be proposed by",
        ),
    ),
    "replaces": (
        ("replaces", "is replaced by"),
        ("replaces", "replace", "replaced", "replace", "is replaced by", "are replaced by", "was replaced by", "be replaced by"),
    ),
    "reports-to": (
        ("reports to", "receives reports from"),
        (
            "reports to",
            "report to",
            "reported to",
            "report to",
            "receives reports from",
            "receive reports from",
            "received reports from",
            "receive reports from",
        ),
    ),
    "restates": (
        ("announces anew", "is announced anew by"),
        (
            "announces anew",
            "announce anew",
            "announced anew",
            "announce anew",
            "is announced anew by",
            "are announced anew by",
            "was announced anew by",
            "be announced anew by",
        ),
    ),
    "scene-of": (
        ("is the scene of", "took place in"),
        (
            "is the scene of",
            "are the scene of",
            "was the scene of",
            "be the scene of",
            "took place in",
            "took place in",
            "took place in",
            "take place in",
        ),
    ),
    "seeks-membership-of": (
        ("seeks membership of", "is asked for membership by"),
        (
            "seeks membership of",
            "seek membership of",
            "sought membership of",
            "seek membership of",
            "is asked for membership by",
            "are asked for membership by",
            "was asked for membership by",
            "be asked for membership by",
        ),
    ),
    "takes-over-from": (
        ("takes over from", "hands over to"),
        (
            "takes over from",
            "take over from",
            "took over from",
            "take over from",
            "hands over to",
            "hand over to",
            "handed over to",
            "hand over to",
        ),
    ),
    "took-part-in": (
        ("took part in", "had the participant"),
        (
            "took part in",
            "took part in",
            "took part in",
            "take part in",
            "had the participant",
            "had the participant",
            "had the participant",
            "have the participant",
        ),
    ),
    "works-alongside": (
        ("works alongside", "works alongside"),
        (
            "works alongside",
            "work alongside",
            "worked alongside",
            "work alongside",
            "works alongside",
            "work alongside",
            "worked alongside",
            "work alongside",
        ),
    ),
}
_EXPECTED_MEMBER = "expected-member-of"


def _rows(apps, schema_editor, model: str):
    return apps.get_model("entities", model).objects.using(schema_editor.connection.alias)


def fill_verb_forms(apps, schema_editor):
    """Give each type the forms of its verb: those of the shipped vocabulary where its labels are its own, else regular ones."""
    for relation_type in _rows(apps, schema_editor, "RelationType").all():
        labels = (relation_type.label, relation_type.inverse_label)
        old_labels, forms = _SHIPPED_VERBS.get(relation_type.slug, ((), ()))
        if labels != old_labels:
            forms = (*_regular_forms(relation_type.label), *_regular_forms(relation_type.inverse_label))
        for name, form in zip(_FORMS, forms, strict=True):
            setattr(relation_type, name, form)
        relation_type.save()


def _regular_forms(label: str) -> tuple[str, str, str, str]:
    """Return a label, which is in the singular of the present, and its plural, past and infinitive, if its verb is regular."""
    verb, space, rest = label.partition(" ")
    irregular = {"is": ("are", "was", "be"), "has": ("have", "had", "have"), "was": ("were", "was", "be")}
    if verb in irregular:
        plural, past, infinitive = irregular[verb]
    elif verb.endswith("ies") and len(verb) > 4:
        plural, past = f"{verb[:-3]}y", f"{verb[:-3]}ied"
        infinitive = plural
    elif verb.endswith("s") and not verb.endswith("ss"):
        plural = verb[:-2] if verb.endswith(("ches", "shes", "sses", "xes", "oes")) else verb[:-1]
        past, infinitive = (f"{plural}d" if plural.endswith("e") else f"{plural}ed"), plural
    else:
        # A past form, or no verb at all: an editor has to give the others.
        plural = past = infinitive = verb
    return label, *(f"{form}{space}{rest}"[:80] for form in (plural, past, infinitive))


def make_expected_membership_a_modality(apps, schema_editor):
    """Make relations of the type for expected members expected memberships, past versions of them too."""
    relation_types = _rows(apps, schema_editor, "RelationType")
    expected = relation_types.filter(slug=_EXPECTED_MEMBER).first()
    if expected is None:
        return
    _, forms = _SHIPPED_VERBS["member-of"]
    member, _ = relation_types.get_or_create(slug="member-of", defaults=dict(zip(_FORMS, forms, strict=True)))
    for join in expected.joins.all():
        member.joins.get_or_create(subject_kind=join.subject_kind, object_kind=join.object_kind)
    relations = _rows(apps, schema_editor, "Relation")
    for relation in relations.filter(type=expected):
        same = {
            "subject_id": relation.subject_id,
            "object_id": relation.object_id,
            "start": relation.start,
            "role": relation.role,
        }
        if not relations.filter(type=member, **same).exists():
            relations.filter(pk=relation.pk).update(type=member, modality="expected")
            history = _rows(apps, schema_editor, "HistoricalRelation").filter(id=relation.pk, type_id=expected.pk)
            history.update(type_id=member.pk, modality="expected")
    if not relations.filter(type=expected).exists():
        expected.delete()


class Migration(migrations.Migration):
    dependencies = [("entities", "0003_relation_modality_and_verbs")]

    operations = [
        migrations.RunPython(fill_verb_forms, migrations.RunPython.noop, elidable=False),
        migrations.RunPython(make_expected_membership_a_modality, migrations.RunPython.noop, elidable=False),
    ]
