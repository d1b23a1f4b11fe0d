"""From draft to public: `publish` and `withdraw` decide what the public sees.

Both are imported on first use, because Django imports this package before any model exists.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nato_support.publishing.publication import publish, withdraw

__all__ = ["publish", "withdraw"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module("nato_support.publishing.publication"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
