"""Ordinary peer: the same commitments served by a DRF viewset with nested serializers and cursor pagination.

It reads the working copy's tables, with everything that it shows prefetched, and is served by the same server.
"""

from django.urls import include, path
from rest_framework import pagination, routers, serializers, viewsets

from entities.models import Commitment, Entity, Measure, Milestone
from sources.models import Citation, SourceDocument, SourceQuote


class NamedEntitySerializer(serializers.ModelSerializer):
    class Meta:
        model = Entity
        fields = ("kind", "slug", "name")


class MeasureSerializer(serializers.ModelSerializer):
    class Meta:
        model = Measure
        fields = ("key", "kind", "value", "upper", "unit", "currency", "qualifier", "as_stated", "as_of")


class MilestoneSerializer(serializers.ModelSerializer):
    class Meta:
        model = Milestone
        fields = ("key", "stage", "date")


class CommitmentSerializer(serializers.ModelSerializer):
    committed_by = NamedEntitySerializer(many=True)
    beneficiary = NamedEntitySerializer()
    facility = NamedEntitySerializer()
    measures = MeasureSerializer(many=True)
    milestones = MilestoneSerializer(many=True)

    class Meta:
        model = Commitment
        fields = ("slug", "name", "summary", "nature", "category", "committed_by", "beneficiary", "facility", "conditions")
        fields += ("measures", "milestones")


class DocumentSerializer(serializers.ModelSerializer):
    publisher = NamedEntitySerializer()

    class Meta:
        model = SourceDocument
        fields = ("slug", "title", "publisher", "published_on", "language", "url")


class QuoteSerializer(serializers.ModelSerializer):
    document = DocumentSerializer()

    class Meta:
        model = SourceQuote
        fields = ("slug", "exact", "kind", "fidelity", "attribution", "said_on", "document")


class CitationSerializer(serializers.ModelSerializer):
    quote = QuoteSerializer()

    class Meta:
        model = Citation
        fields = ("field", "value", "as_stated", "polarity", "note", "quote")


class CommitmentWithEvidenceSerializer(CommitmentSerializer):
    citations = CitationSerializer(many=True)

    class Meta(CommitmentSerializer.Meta):
        fields = (*CommitmentSerializer.Meta.fields, "citations")


class CommitmentPagination(pagination.CursorPagination):
    page_size = 100
    ordering = "-pk"


class CommitmentViewSet(viewsets.ReadOnlyModelViewSet):
    pagination_class = CommitmentPagination
    lookup_field = "slug"
    authentication_classes = ()
    permission_classes = ()

    def get_queryset(self):
        rows = Commitment.objects.select_related("beneficiary", "facility")
        rows = rows.prefetch_related("committed_by", "measures", "milestones")
        return rows.prefetch_related("citations__quote__document__publisher") if self.detail else rows

    def get_serializer_class(self):
        return CommitmentWithEvidenceSerializer if self.detail else CommitmentSerializer


router = routers.SimpleRouter()
router.register("commitments", CommitmentViewSet, basename="commitment")
urlpatterns = [path("api/v1/", include(router.urls))]
