"""Send mail about notifications that is due: daily mails, and what could not be sent before."""

from django.conf import settings
from django.core.management import BaseCommand

from nato_support.publishing.teamwork.notification_mail import send_waiting_mail
from nato_support.reports.sending_limits import forget_senders


class Command(BaseCommand):
    help = (
        "Sends the daily mails about notifications, and tries again what could not be sent; deletes hashes of addresses from"
        " which readers sent reports. Run it every hour."
    )

    def handle(self, **options):
        forget_senders()
        if not settings.SENDS_MAIL:
            self.stdout.write("EMAIL_URL is not set: no mail is sent.")
            return
        sent = send_waiting_mail()
        self.stdout.write(
            f"Sent {sent['single']} single and {sent['digests']} daily mails; {sent['waiting']} notifications wait for mail,"
            f" {sent['failed']} were given up."
        )
