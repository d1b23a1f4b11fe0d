"""The page on which people say how they like to work."""

from django import forms
from django.contrib import admin, messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from nato_support.workplace.models import Habits


class HabitsForm(forms.ModelForm):
    class Meta:
        model = Habits
        fields = ["single_keys"]
        labels = {"single_keys": "Single keys are shortcuts"}
        help_texts = {"single_keys": "Switch them off if letters reach the page by accident, as with speech input."}


def habits_view(request) -> HttpResponse:
    habits = Habits.objects.filter(owner=request.user.pk).first() or Habits(owner=request.user)
    form = HabitsForm(request.POST if request.method == "POST" else None, instance=habits)
    if form.is_valid():
        form.save()
        messages.success(request, f"Single keys are {'on' if habits.single_keys else 'off'} for you.")
        return HttpResponseRedirect(reverse("admin:workplace_habits"))
    context = admin.site.each_context(request) | {"title": "Habits", "form": form}
    return TemplateResponse(request, "admin/workplace/habits.html", context)
