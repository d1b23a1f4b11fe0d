"""A register that lives: random publishing, renaming, withdrawing, putting back, merging and unmerging, from a seed."""

from random import Random

from entities import merging
from entities.merging import SURVIVOR, unmerging
from entities.models import Commitment, Merge, Organisation
from entities.refusals import Refused
from entities.vocabulary import Status
from nato_support.publishing.merge_publication import merge_and_publish, unmerge_and_publish
from nato_support.publishing.publication import publish, withdraw
from tests import world as make
from tests.invented import publish_cited


class Life:
    """`step()` does one thing that may change what is public, and tells what it was."""

    def __init__(self, world, seed: int):
        self.world, self.random, self.made = world, Random(seed), 0
        self.deeds = [self.promise, self.promise, self.found, self.rename, self.say, self.withdraw, self.withdraw]
        self.deeds += [self.put_back, self.put_back, self.merge, self.unmerge, self.requote]

    def step(self) -> str:
        deed = self.random.choice(self.deeds)
        try:
            deed()
        except Refused as refused:
            return f"{deed.__name__}: {refused}"
        return deed.__name__

    def promise(self):
        by = self._any(Organisation)
        self.made += 1
        commitment = make.a_commitment(f"promise-{self.made}", by=[by] if by else [])
        publish_cited(self.world.quote, commitment)

    def found(self):
        self.made += 1
        organisation = make.an_organisation(f"state-{self.made}")
        publish_cited(self.world.quote, organisation)

    def rename(self):
        self._change(self._any(Organisation), "name")

    def say(self):
        self._change(self._any(Commitment), "summary")

    def requote(self):
        quote = self.world.quote
        quote.refresh_from_db()
        quote.attribution = f"officials, {self.random.random()}"
        quote.save()
        publish([quote])

    def withdraw(self):
        if record := self._any(self.random.choice([Commitment, Organisation])):
            withdraw([record])

    def put_back(self):
        if record := self._any(self.random.choice([Commitment, Organisation]), Status.WITHDRAWN):
            publish([record])

    def merge(self):
        one, other = self._any(Organisation), self._any(Organisation)
        if one and other and one != other:
            seen = merging.plan_merge(one, other, choices := {"name": SURVIVOR, "type": SURVIVOR})
            merge_and_publish(one, other, choices, expected_digest=seen.digest, confirmed=True)

    def unmerge(self):
        if done := self._one_of(Merge.objects.filter(undone_at=None).order_by("pk")):
            unmerge_and_publish(done, expected_digest=unmerging.plan_unmerge(done).digest)

    def _change(self, record, field: str):
        if record:
            setattr(record, field, f"{record.slug} said {self.random.random()}")
            record.save()
            publish_cited(self.world.quote, record)

    def _any(self, model, status=Status.PUBLISHED):
        found = model.objects.filter(status=status, merged_into=None).exclude(slug__in=["arcadia", "arcadian-courier"])
        return self._one_of(found.order_by("pk"))

    def _one_of(self, rows):
        rows = list(rows)
        return self.random.choice(rows) if rows else None
