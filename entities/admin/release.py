"""The buttons that change what is public: Publish and Withdraw, on the page of a record and for those selected in a list."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join

from entities.admin.preview import PreviewedAdmin
from nato_support.editions.models import Edition
from nato_support.editions.printing import kind_of
from nato_support.editions.publishing import Refused, publish, withdraw


class ReleasedAdmin(PreviewedAdmin):
    """A record whose publication an administrator of the permission `editions.publish` or `editions.withdraw` decides.

    The buttons are forms of their own: a link would publish whatever a foreign page makes the browser fetch.
    """

    change_form_outer_before_template = "admin/record_bars.html"
    actions = ("publish_selected", "withdraw_selected")

    def has_publish_permission(self, request) -> bool:
        return request.user.has_perm("editions.publish")

    def has_withdraw_permission(self, request) -> bool:
        return request.user.has_perm("editions.withdraw")

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path("<path:object_id>/publish/", self.admin_site.admin_view(self.publish_view), name=f"{name}_publish"),
            path("<path:object_id>/withdraw/", self.admin_site.admin_view(self.withdraw_view), name=f"{name}_withdraw"),
            *super().get_urls(),
        ]

    def publish_view(self, request, object_id):
        return self._release_one(request, object_id, self.has_publish_permission, self._publish)

    def withdraw_view(self, request, object_id):
        return self._release_one(request, object_id, self.has_withdraw_permission, self._withdraw)

    def _release_one(self, request, object_id, permitted, operation):
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        if not permitted(request) or not self.has_view_permission(request, record):
            raise PermissionDenied
        operation(request, [record])
        return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[object_id]))

    @admin.action(description="Publish selected", permissions=["publish"])
    def publish_selected(self, request, queryset):
        self._publish(request, list(queryset))

    @admin.action(description="Withdraw selected", permissions=["withdraw"])
    def withdraw_selected(self, request, queryset):
        self._withdraw(request, list(queryset))

    def _publish(self, request, records):
        # The button carries the version that was on the screen: nobody publishes what they have not seen.
        seen = {records[0]: int(request.POST["version"])} if request.POST.get("version", "").isdecimal() else None
        self._report(request, records, "published", lambda: publish(records, by=request.user, seen=seen))

    def _withdraw(self, request, records):
        self._report(request, records, "withdrawn", lambda: withdraw(records, by=request.user))

    def _report(self, request, records, done, operation):
        try:
            run = operation()
        except Refused as refusal:
            problems = format_html_join("", "<li>{}</li>", ((problem,) for problem in refusal.problems))
            told = format_html('Nothing was {}, because: <ul class="refusal">{}</ul>', done, problems)
            self.message_user(request, told, messages.ERROR)
        else:
            if run is None:
                self.message_user(request, "Nothing to do: the public sees just this already.", messages.INFO)
                return
            what = f"“{records[0]}”" if len(records) == 1 else f"{len(records)} {self.opts.verbose_name_plural}"
            self.message_user(request, f"{what} {'was' if len(records) == 1 else 'were'} {done}.", messages.SUCCESS)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        bar = self._release_bar(request, object_id)
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **bar})

    def _release_bar(self, request, object_id):
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return {}
        newest = Edition.objects.filter(kind=kind_of(record), slug=record.slug, superseded__isnull=True)
        return {
            "edition": newest.select_related("run").defer("document", "evidence", "search_text").first(),
            "may_publish": self.has_publish_permission(request),
            "may_withdraw": self.has_withdraw_permission(request),
            "publish_url": f"admin:{self.opts.app_label}_{self.opts.model_name}_publish",
            "withdraw_url": f"admin:{self.opts.app_label}_{self.opts.model_name}_withdraw",
        }
