"""URLs of the service. The protocol omits the slash at the end of those below its roots; both forms are answered."""

from django.urls import URLPattern, path

from nato_support.api.reconciliation import suggest_services, views

_VIEWS_OF_BOTH_VERSIONS = {"preview": views.PreviewView, "extend/propose": views.ProposeView}


def _with_and_without_slash(route: str, view: type[views.ReconciliationView], name: str, **kwargs) -> list[URLPattern]:
    """Return the protocol's URL, which the OpenAPI document describes, and the same with a slash."""
    return [
        path(route, view.as_view(**kwargs), name=f"reconcile-{name}"),
        path(f"{route}/", view.as_view(schema=None, **kwargs)),
    ]


def _version_patterns(is_draft: bool) -> list[URLPattern]:
    root, version = ("reconcile/1.0-draft/", "draft-") if is_draft else ("reconcile/", "")
    patterns = []
    for suggested_kind in suggest_services.SUGGESTED_PLURALS:
        patterns += _with_and_without_slash(
            f"{root}suggest/{suggested_kind}",
            views.SuggestServiceView,
            f"{version}suggest-{suggested_kind}",
            suggested_kind=suggested_kind,
            is_draft=is_draft,
        )
    for route, view in _VIEWS_OF_BOTH_VERSIONS.items():
        patterns += _with_and_without_slash(f"{root}{route}", view, f"{version}{view.name}", is_draft=is_draft)
    return patterns


urlpatterns = [
    path("reconcile/", views.ReconciliationRootView.as_view(), name="reconcile"),
    path("reconcile", views.ReconciliationRootView.as_view(schema=None)),
    path("reconcile/1.0-draft/", views.DraftRootView.as_view(), name="reconcile-draft"),
    path("reconcile/1.0-draft", views.DraftRootView.as_view(schema=None)),
    *_version_patterns(is_draft=False),
    *_version_patterns(is_draft=True),
    *(
        pattern
        for kind in suggest_services.SUGGESTED_PLURALS
        for pattern in _with_and_without_slash(
            f"reconcile/flyout/{kind}", views.FlyoutView, f"flyout-{kind}", suggested_kind=kind
        )
    ),
    *_with_and_without_slash("reconcile/1.0-draft/match", views.MatchView, "draft-match", is_draft=True),
    *_with_and_without_slash("reconcile/1.0-draft/extend", views.ExtendView, "draft-extend", is_draft=True),
]
