"""docs/newsrooms.md tells the truth: each of its examples is asked of the register that this repository ships."""

import html
import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "newsrooms.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```\nGET (\S+)\n```", PAGE)
TABLED = [address for line in re.findall(r"(?m)^\| (`.*`) \|", PAGE) for address in re.findall("`(/[^`]+)`", line)]
MEDIA_TYPES = {
    "atom": "application/atom+xml",
    "bib": "application/x-bibtex",
    "cite.json": "application/vnd.citationstyles.csl+json",
    "csv": "text/csv",
    "feed.json": "application/feed+json",
    "svg": "image/svg+xml",
    "": "text/html",
}


@pytest.mark.usefixtures("register")
@pytest.mark.django_db
@pytest.mark.xdist_group("register")
def test_every_example_answers(client, subtests):
    assert len(EXAMPLES) == PAGE.count("\nGET /") >= 8 and len(TABLED) >= 10
    for address in (*EXAMPLES, *TABLED):
        with subtests.test(address=address):
            response = client.get(address)
            assert response.status_code == 200, response.content[:300]
            path = address.partition("?")[0]
            media_type = next(media_type for suffix, media_type in MEDIA_TYPES.items() if path.endswith(suffix))
            assert response.headers["Content-Type"].startswith(media_type)
    [code] = re.findall(r"```html\n(.*)\n```", PAGE)
    page, source = client.get("/graph/nsatu/").content.decode(), re.findall('src="([^"]+)"', code)[0]
    assert html.escape(code.replace("127.0.0.1:8000", "testserver")) in page
    assert client.get(source.removeprefix("http://127.0.0.1:8000")).status_code == 200
