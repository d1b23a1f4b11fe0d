"""Public ids made of names."""

from anyascii import anyascii
from django.db import models
from django.utils.text import slugify

from entities.models.curated import first_free_name


def free_slug(model: type[models.Model], words: str, otherwise: str = "record") -> str:
    """A slug of `words` that no row of `model` has yet; of `otherwise`, if no letter of theirs can stand in one."""
    stem = slugify(anyascii(words).replace(".", "-").replace("_", "-"))[:80].strip("-") or otherwise
    return first_free_name(stem, set(model._default_manager.filter(slug__startswith=stem).values_list("slug", flat=True)))
