"""axe-core in the page: what keeps people out, as far as a machine can tell."""

import importlib.util
import os
from pathlib import Path

import pytest

# WCAG 2.0 to 2.2, levels A and AA, and what axe takes for good practice: landmarks, headings in their order.
_WHAT = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def script() -> str:
    """The text of axe-core: the file that the variable AXE names, else that of the locked package. Skips without either."""
    if named := os.environ.get("AXE"):
        return Path(named).read_text()
    found = importlib.util.find_spec("axe_playwright_python")
    if found is None or not found.origin:
        pytest.skip("no axe-core: AXE names no file, and axe-playwright-python is not installed")
    return (Path(found.origin).parent / "axe.min.js").read_text()


def found_on(page, axe: str) -> list[str]:
    """A line for each thing that axe finds wrong on the page as it stands: the rule, the element and what is the matter."""
    page.evaluate(axe)
    options = {"runOnly": _WHAT, "resultTypes": ["violations"]}
    violations = page.evaluate("options => axe.run(document, options).then(found => found.violations)", options)
    return [
        f"{violation['id']}: {' '.join(str(part) for part in node['target'])}: {' '.join(node['failureSummary'].split())}"
        for violation in violations
        for node in violation["nodes"]
    ]
