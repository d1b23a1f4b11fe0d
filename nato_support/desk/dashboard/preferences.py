"""Page on which users set their preferences."""

from django import forms
from django.contrib import admin, messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from nato_support.desk.models import Preferences


class PreferencesForm(forms.ModelForm):
    class Meta:
        model = Preferences
        fields = ["single_keys"]
        labels = {"single_keys": "Single-key shortcuts"}
        help_texts = {"single_keys": "Turn them off if letters reach the page by accident, as with speech input."}


def preferences_view(request) -> HttpResponse:
    """Show and save the preferences of the user."""
    preferences = Preferences.objects.filter(owner=request.user.pk).first() or Preferences(owner=request.user)
    form = PreferencesForm(request.POST if request.method == "POST" else None, instance=preferences)
    if form.is_valid():
        form.save()
        messages.success(request, f"Single-key shortcuts are {'on' if preferences.single_keys else 'off'}.")
        return HttpResponseRedirect(reverse("admin:desk_preferences"))
    context = admin.site.each_context(request) | {"title": "Preferences", "form": form}
    return TemplateResponse(request, "desk/dashboard/preferences.html", context)
