from entities.models.change import Change, change_set
from entities.models.commitment import Commitment
from entities.models.curated import Child, Curated
from entities.models.duplicate import DuplicateCandidate, DuplicateDecision
from entities.models.entity import Entity
from entities.models.event import Event
from entities.models.facility import Facility
from entities.models.identifier import Identifier
from entities.models.measure import Measure
from entities.models.merge import Merge
from entities.models.milestone import Milestone
from entities.models.name import Name
from entities.models.organisation import Organisation
from entities.models.person import Person
from entities.models.post import Post
from entities.models.relation import Relation, RelationJoin, RelationType

__all__ = [
    "Change",
    "Commitment",
    "Curated",
    "Entity",
    "Event",
    "Facility",
    "Identifier",
    "DuplicateDecision",
    "DuplicateCandidate",
    "Measure",
    "Merge",
    "Milestone",
    "Name",
    "Organisation",
    "Child",
    "Person",
    "Post",
    "Relation",
    "RelationJoin",
    "RelationType",
    "change_set",
]
