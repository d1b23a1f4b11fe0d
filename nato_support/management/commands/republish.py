"""Publish the whole register anew after an upgrade that changed what an edition holds."""

import json
from dataclasses import asdict

from django.core.management import BaseCommand, CommandError, call_command
from tqdm import tqdm

from nato_support.exchange.mirror.mirror_check import is_mirror
from nato_support.publishing.rendering import public_kind
from nato_support.publishing.republication import (
    Republication,
    UnpublishedChanges,
    has_editions_of_earlier_form,
    republish_register,
)


class Command(BaseCommand):
    help = (
        "Publishes everything anew, in one release, in place of editions that an earlier version made."
        " What breaks a rule becomes a draft, and is listed with the reason."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Write nothing, and print what would be printed.")
        parser.add_argument("--json", action="store_true", help="Print each finding as one line of JSON.")
        parser.add_argument(
            "--with-pending", action="store_true", help="Publish also those changes of public records that nobody has published."
        )

    def handle(self, *, dry_run: bool, with_pending: bool, **options):
        self.as_json = options["json"]
        self.quiet = options["verbosity"] == 0 or not self.stdout.isatty()
        if is_mirror():
            raise CommandError("This is a mirror: publish its source anew, and copy that with mirror --start-over.")
        if not has_editions_of_earlier_form():
            self._print({"finding": "nothing"}, "Nothing to do: no edition stems from an earlier version.")
            return
        try:
            outcome = republish_register(self._progress_bar, with_pending=with_pending, dry_run=dry_run)
        except UnpublishedChanges as refusal:
            self._refuse(refusal)
        else:
            self._report(outcome)
            if dry_run:
                if not self.as_json:
                    self.stdout.write("Nothing was written: this was a dry run.")
                return
            self._write_snapshot(options["verbosity"])

    def _report(self, outcome: Republication) -> None:
        for draft in outcome.drafts:
            self._print(
                {"finding": "draft"} | asdict(draft),
                "\n".join(
                    [f"Draft: {draft.kind} {draft.slug} (“{draft.name}”)", *(f"  {problem}" for problem in draft.problems)]
                ),
            )
        for denial in outcome.denials:
            self._print(
                {"finding": "denial"} | asdict(denial),
                f"Denies: {denial.quote}: {denial.kind} {denial.slug}, {denial.field}: {denial.value}",
            )
        dependent = sum(draft.only_depends for draft in outcome.drafts)
        summary = (
            f"Release {outcome.release.number}: {outcome.published.total()} records published anew; {len(outcome.drafts)} became"
            f" drafts, {dependent} of these only because they depend on others."
        )
        if outcome.denials:
            summary += f" {len(outcome.denials)} citations deny a value: check that each passage says that it is not so."
        self._print(
            {
                "finding": "release",
                "release": outcome.release.number,
                "published": dict(outcome.published),
                "drafts": len(outcome.drafts),
                "denials": len(outcome.denials),
            },
            summary,
        )

    def _refuse(self, refusal: UnpublishedChanges) -> None:
        for record in refusal.records:
            kind = public_kind(record)
            self._print(
                {"finding": "pending", "kind": kind, "slug": record.slug, "name": str(record)},
                f"Pending: {kind} {record.slug} (“{record}”)",
            )
        raise CommandError(
            f"{len(refusal.records)} published records have changes that nobody has published. Nothing was written. Publish them"
            " with the earlier version before upgrading, or publish them now, unreviewed, with --with-pending."
        )

    def _write_snapshot(self, verbosity: int) -> None:
        try:
            call_command("snapshot", verbosity=0 if self.as_json else verbosity, stdout=self.stdout)
        except CommandError as error:
            # The register is complete without.
            self.stderr.write(str(error))

    def _print(self, members: dict, text: str) -> None:
        self.stdout.write(json.dumps(members, ensure_ascii=False) if self.as_json else text)

    def _progress_bar(self, label: str, total: int) -> tqdm:
        return tqdm(desc=f"{label:18}", total=total or None, unit=" records", disable=self.quiet)
