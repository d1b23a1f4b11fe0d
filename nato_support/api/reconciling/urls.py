"""Addresses of the service. The protocol writes those below its roots without a slash at the end; either way is answered."""

from django.urls import URLPattern, path

from nato_support.api.reconciling import suggesting, views

_BOTH = {"preview": views.PreviewView, "extend/propose": views.ProposeView}


def _either(address: str, view: type[views.ReconcilingView], name: str, **kwargs) -> list[URLPattern]:
    """The address as the protocol has it, which is described, and with a slash."""
    return [
        path(address, view.as_view(**kwargs), name=f"reconcile-{name}"),
        path(f"{address}/", view.as_view(schema=None, **kwargs)),
    ]


def _below(draft: bool) -> list[URLPattern]:
    root, version = ("reconcile/1.0-draft/", "draft-") if draft else ("reconcile/", "")
    found = []
    for what in suggesting.PLURALS:
        found += _either(f"{root}suggest/{what}", views.SuggestView, f"{version}suggest-{what}", what=what, draft=draft)
    for address, view in _BOTH.items():
        found += _either(f"{root}{address}", view, f"{version}{view.name}", draft=draft)
    return found


urlpatterns = [
    path("reconcile/", views.RootView.as_view(), name="reconcile"),
    path("reconcile", views.RootView.as_view(schema=None)),
    path("reconcile/1.0-draft/", views.DraftRootView.as_view(), name="reconcile-draft"),
    path("reconcile/1.0-draft", views.DraftRootView.as_view(schema=None)),
    *_below(draft=False),
    *_below(draft=True),
    *(
        pattern
        for what in suggesting.PLURALS
        for pattern in _either(f"reconcile/flyout/{what}", views.FlyoutView, f"flyout-{what}", what=what)
    ),
    *_either("reconcile/1.0-draft/match", views.MatchView, "draft-match", draft=True),
    *_either("reconcile/1.0-draft/extend", views.ExtendView, "draft-extend", draft=True),
]
