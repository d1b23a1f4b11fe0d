"""No lost edit: what several people change at once is merged, and where they differ one is asked."""

from entities.admin.together.lists import CarefulFormSet, CarefulList
from entities.admin.together.pages import Together

__all__ = ["CarefulFormSet", "CarefulList", "Together"]
