"""Slugs made from names."""

from anyascii import anyascii
from django.db import models
from django.utils.text import slugify

from entities.models.curated import first_free_name


def free_slug(model: type[models.Model], text: str, fallback: str = "record") -> str:
    """Make a slug of `text` that no row of `model` has yet; of `fallback` if `text` has no usable letter."""
    stem = slugify(anyascii(text).replace(".", "-").replace("_", "-"))[:80].strip("-") or fallback
    return first_free_name(stem, set(model._default_manager.filter(slug__startswith=stem).values_list("slug", flat=True)))
