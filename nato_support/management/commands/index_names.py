from django.core.management import BaseCommand
from django.db import transaction

from nato_support.editions import names, press
from nato_support.editions.models import NameKey


class Command(BaseCommand):
    help = "Works out anew what live records are found by when a name is typed. Needed when check_data says so: keys changed."

    def handle(self, **options):
        with transaction.atomic():
            press.lock()
            names.rebuild()
        self.stdout.write(f"{NameKey.objects.count()} keys of what is live.")
