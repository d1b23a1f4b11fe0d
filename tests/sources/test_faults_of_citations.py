"""What is wrong with a citation is said of the field that is wrong, whatever the words of the message."""

import pytest
from django.core.exceptions import ValidationError

from sources.models import Citation


@pytest.mark.parametrize(
    ("record", "field", "value", "wrong", "code"),
    [
        # The list of facility types contains “airfield”.
        ("yard", "type", "castle", "value", "mistyped"),
        ("yard", "colour", "red", "field", "no_such_field"),
        ("kites", "measures.none", "about 7 kite", "field", "no_such_part"),
        ("kites", "measures.KEY", "a field of kites", "value", "amount"),
        ("kites", "milestones.KEY", "fieldday", "value", "step"),
        ("meeting", "start", "the field day", "value", "mistyped"),
        ("meeting", "country", "field", "value", "mistyped"),
        ("kites", "committed_by", "No Field", "value", "mistyped"),
    ],
)
def test_it_is_said_of_the_field_that_is_wrong(world, record, field, value, wrong, code):
    key = world.measure.key if field.startswith("measures") else world.milestone.key
    citation = Citation(quote=world.quote, entity=getattr(world, record).entity, field=field.replace("KEY", key), value=value)
    with pytest.raises(ValidationError) as refused:
        citation.clean()
    assert {name: [one.code for one in errors] for name, errors in refused.value.error_dict.items()} == {wrong: [code]}
