"""Page on which users set their preferences."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from nato_support.desk.models import Preferences
from nato_support.desk.teamwork.notification_feed import feed_url
from nato_support.desk.teamwork.notification_views import MailTimingForm
from nato_support.publishing.models.notifications import NotificationSettings


class PreferencesForm(forms.ModelForm):
    class Meta:
        model = Preferences
        fields = ["single_keys"]
        labels = {"single_keys": "Single-key shortcuts"}
        help_texts = {"single_keys": "Turn them off if letters reach the page by accident, as with speech input."}


def preferences_view(request) -> HttpResponse:
    """Show and save the preferences of the user."""
    preferences = Preferences.objects.filter(owner=request.user.pk).first() or Preferences(owner=request.user)
    mail_settings = NotificationSettings.objects.filter(owner=request.user.pk).first() or NotificationSettings(owner=request.user)
    posted = request.POST if request.method == "POST" else None
    form, mail_form = PreferencesForm(posted, instance=preferences), MailTimingForm(posted, instance=mail_settings)
    if form.is_valid() and mail_form.is_valid():
        form.save()
        mail_form.save()
        shortcuts = f"Single-key shortcuts are {'on' if preferences.single_keys else 'off'}."
        messages.success(request, f"{shortcuts} Mail is sent {mail_settings.get_mail_display()}.")
        return HttpResponseRedirect(reverse("admin:desk_preferences"))
    context = admin.site.each_context(request) | {
        "title": "Preferences",
        "form": form,
        "mail_form": mail_form,
        "sends_mail": settings.SENDS_MAIL,
        "feed": feed_url(request, request.user),
    }
    return TemplateResponse(request, "desk/dashboard/preferences.html", context)
