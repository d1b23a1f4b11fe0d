"""Pages with pictures of a record and of the register, which the change pages and the dashboard fetch once they are opened."""

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path

from nato_support.desk.dashboard.global_search import visible_kinds
from nato_support.desk.pictures.record_pictures import DeskPicture, pictures_of_record
from nato_support.desk.pictures.register_pictures import pictures_of_register


class PicturesMixin(admin.ModelAdmin):
    """Adds the page with pictures to the page of an entity, for those who may view it."""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_pictures"
        return [
            path("<path:object_id>/pictures/", self.admin_site.admin_view(self.pictures_view), name=name),
            *super().get_urls(),
        ]

    def pictures_view(self, request, object_id):
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        pictures = pictures_of_record(record, visible_kinds(request.user))
        context = {"opts": self.opts, "original": record, "title": f"Pictures of {record}"}
        return _pictures_response(request, self.admin_site, pictures, context)


def register_pictures_view(request: HttpRequest) -> HttpResponse:
    """Show the pictures of the register that the user may see."""
    kinds = visible_kinds(request.user)
    if "commitment" not in kinds:
        raise PermissionDenied
    return _pictures_response(request, admin.site, pictures_of_register(kinds), {"title": "Pictures of the register"})


def _pictures_response(request: HttpRequest, site: admin.AdminSite, pictures: list[DeskPicture], context: dict) -> HttpResponse:
    """Return the pictures alone if a script asks for them as a fragment, else as a page."""
    if "fragment" in request.GET:
        return TemplateResponse(request, "desk/pictures/pictures.html", {"pictures": pictures})
    return TemplateResponse(request, "desk/pictures/page.html", {**site.each_context(request), **context, "pictures": pictures})
