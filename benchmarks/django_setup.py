"""Sets Django up for a program of this package, which imports this module before any model."""

import os

import django
from django.apps import apps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nato_support.settings")
os.environ.setdefault("SECRET_KEY", "only-for-benchmarks")
if not apps.ready:
    django.setup()
