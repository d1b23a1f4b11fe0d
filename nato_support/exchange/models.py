"""State of a register that mirrors another one."""

from django.db import models
from django.db.models import Q


class Mirror(models.Model):
    """The register that this one mirrors, and how far it has been copied. One row; none in a register of its own."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    source = models.URLField(max_length=500, help_text="Root of its API.")
    epoch = models.CharField(max_length=64, help_text="Identifier of the register.")
    begins = models.PositiveBigIntegerField(help_text="Release of the snapshot that was copied; earlier ones are unknown here.")
    through = models.PositiveBigIntegerField(help_text="Last release that was copied completely.")
    state_hash = models.CharField(
        max_length=64, help_text="Sum, modulo 2^256, of the SHA-256 of every edition that is live here."
    )
    etag = models.CharField(
        max_length=200, blank=True, help_text="ETag of the source's answer that there is nothing after `through`."
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_mirror")]

    def __str__(self) -> str:
        return f"{self.source} through {self.through}"
