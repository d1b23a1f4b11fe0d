"""Addresses of the service. The protocol writes those below its roots without a slash at the end; either way is answered."""

from django.urls import URLPattern, path

from nato_support.api.reconciliation import suggest_services, views

_VIEWS_OF_BOTH_VERSIONS = {"preview": views.PreviewView, "extend/propose": views.ProposeView}


def _with_and_without_slash(address: str, view: type[views.ReconciliationView], name: str, **kwargs) -> list[URLPattern]:
    """The address as the protocol has it, which is described, and with a slash."""
    return [
        path(address, view.as_view(**kwargs), name=f"reconcile-{name}"),
        path(f"{address}/", view.as_view(schema=None, **kwargs)),
    ]


def _version_patterns(is_draft: bool) -> list[URLPattern]:
    root, version = ("reconcile/1.0-draft/", "draft-") if is_draft else ("reconcile/", "")
    found = []
    for what in suggest_services.SUGGESTED_PLURALS:
        found += _with_and_without_slash(
            f"{root}suggest/{what}", views.SuggestServiceView, f"{version}suggest-{what}", suggested_kind=what, is_draft=is_draft
        )
    for address, view in _VIEWS_OF_BOTH_VERSIONS.items():
        found += _with_and_without_slash(f"{root}{address}", view, f"{version}{view.name}", is_draft=is_draft)
    return found


urlpatterns = [
    path("reconcile/", views.ReconciliationRootView.as_view(), name="reconcile"),
    path("reconcile", views.ReconciliationRootView.as_view(schema=None)),
    path("reconcile/1.0-draft/", views.DraftRootView.as_view(), name="reconcile-draft"),
    path("reconcile/1.0-draft", views.DraftRootView.as_view(schema=None)),
    *_version_patterns(is_draft=False),
    *_version_patterns(is_draft=True),
    *(
        pattern
        for what in suggest_services.SUGGESTED_PLURALS
        for pattern in _with_and_without_slash(
            f"reconcile/flyout/{what}", views.FlyoutView, f"flyout-{what}", suggested_kind=what
        )
    ),
    *_with_and_without_slash("reconcile/1.0-draft/match", views.MatchView, "draft-match", is_draft=True),
    *_with_and_without_slash("reconcile/1.0-draft/extend", views.ExtendView, "draft-extend", is_draft=True),
]
