"""Check the whole register, or mirror, against its rules."""

import json
from dataclasses import asdict

from django.core.management import BaseCommand, CommandError

from nato_support.exchange.mirror.mirror_check import check_mirror, is_mirror
from nato_support.publishing.quotation_limit import find_quotation_problems
from nato_support.publishing.register_checks import (
    check_evidence,
    check_installed_triggers,
    check_live_editions,
    check_merged_records,
    check_name_index,
    check_search_index,
    check_text_index,
    summarise_evidence,
)
from nato_support.publishing.republication import has_editions_of_earlier_form
from nato_support.publishing.row_checks import check_rows

REGISTER_CHECKS = (
    check_installed_triggers,
    check_rows,
    check_evidence,
    check_merged_records,
    check_live_editions,
    check_name_index,
    check_search_index,
    check_text_index,
    find_quotation_problems,
)
MIRROR_CHECKS = (check_installed_triggers, check_mirror, check_name_index, check_search_index)


class Command(BaseCommand):
    help = "Checks every rule of the register over the whole database: rows, quotes against their documents, evidence, editions."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="Print each problem as one line of JSON.")
        parser.add_argument(
            "--coverage", action="store_true", help="Also report contested and missing evidence, which is not a problem."
        )

    def handle(self, **options):
        mirror = is_mirror()
        if not mirror and has_editions_of_earlier_form():
            raise CommandError("The editions stem from an earlier version, so nothing was checked: run manage.py republish.")
        count = 0
        for check in MIRROR_CHECKS if mirror else REGISTER_CHECKS:
            for problem in check():
                count += 1
                self.stdout.write(json.dumps(asdict(problem), ensure_ascii=False) if options["json"] else str(problem))
        if options["coverage"]:
            summary = summarise_evidence()
            self.stdout.write(json.dumps({"coverage": asdict(summary)}) if options["json"] else str(summary))
        if count:
            raise CommandError(f"{count} problem(s) found.")
        if not options["json"]:
            result = (
                "The mirror is sound: every live edition" if mirror else "The register is sound: every row, quote and edition"
            )
            self.stdout.write(f"{result} was checked.")
