"""A printed record: facts bear the numbers of the quotes on which they rest, and each quote stands at the end once."""

import re


def test_each_quote_is_an_endnote_once_and_each_fact_bears_its_numbers(detailed, client):
    for path in ("/commitments/ten-boats/", "/organisations/arcadia/", "/relations/"):
        text = client.get(path).content.decode()
        if path.endswith("relations/"):
            (path, *_) = re.findall(r'href="(/relations/[^/"]+/)"', text)
            text = client.get(path).content.decode()
        facts, _, notes = text.partition('<section class="endnotes">')
        quoted = set(re.findall('href="(/quotes/[^"]+)"', facts.partition("</article>")[0]))
        noted = re.findall('href="(/quotes/[^"]+)"', notes.partition("</section>")[0])
        numbers = {int(number) for number in re.findall(r"\[(\d+)(?:: [^\]]+)?\]", facts)}
        assert quoted and len(noted) == len(quoted) and set(noted) == quoted
        assert numbers == set(range(1, len(noted) + 1))


def test_what_a_quote_states_is_told_where_it_is_not_the_value(detailed, client):
    text = client.get("/commitments/ten-boats/").content.decode()
    assert re.search(r"\[\d+: denies [^\]]+\]", text)


def test_quotes_and_documents_have_no_endnotes(detailed, client):
    for collection in ("quotes", "documents"):
        (path, *_) = re.findall(rf'href="(/{collection}/[^/"?]+/)"', client.get(f"/{collection}/").content.decode())
        assert "endnotes" not in client.get(path).content.decode()
