"""The views: DRF's classes, so that drf-spectacular describes them, but answered by `answering.respond` alone."""

from typing import Any

from rest_framework.views import APIView

from nato_support.api import detail, listing
from nato_support.api.answering import Answer, Asked, respond
from nato_support.api.collections import Collection


class PublicView(APIView):
    """Something that anyone may read. `get` takes what was asked and gives an Answer or raises a Problem."""

    # Negotiation, authentication, permissions and throttles of DRF cost a third of a list and decide nothing here.
    authentication_classes = ()
    permission_classes = ()

    def dispatch(self, request, *args, **kwargs):
        return respond(request, self, kwargs)

    def get(self, asked: Asked, **kwargs: Any) -> Answer:
        raise NotImplementedError


class OfCollection(PublicView):
    """A view of one collection, which the address names."""

    collection: Collection | None = None


class ListView(OfCollection):
    def get(self, asked: Asked) -> Answer:
        return listing.answer(self.collection, asked)


class DetailView(OfCollection):
    def get(self, asked: Asked, slug: str) -> Answer:
        return detail.record(self.collection, asked, slug)


class EditionsView(OfCollection):
    def get(self, asked: Asked, slug: str) -> Answer:
        return detail.editions(self.collection, asked, slug)


class EditionView(OfCollection):
    def get(self, asked: Asked, slug: str, number: int) -> Answer:
        return detail.edition(self.collection, asked, slug, number)
