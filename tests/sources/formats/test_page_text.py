"""The text of a web page is what its readers see: nothing altered, nothing added, no numbers joined."""

import pytest

from sources.formats import UnreadableDocument, decode_text, extract
from sources.suggestions import amounts
from tests.sources.formats.pages import LINES, a_page, read, text_of
from tests.steps import assert_linear

STRUCK = "Struck out on the page, and left out"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        # Footnote marks
        ("<p>They gave 40<sup>1</sup> kites.</p>", "They gave 40¹ kites."),
        ('<p>They gave 40<a href="#n1">1</a> kites.</p>', "They gave 40 [1] kites."),
        ('<p>They gave 40<sup><a href="#n1">1</a></sup> kites.</p>', "They gave 40 [1] kites."),
        ('<p>They gave 40<a href="#n1"><sup>1</sup></a> kites.</p>', "They gave 40 [1] kites."),
        ('<p>They gave 40<a href="#n1"><sup>1</sup></a>kites.</p>', "They gave 40 [1] kites."),
        ('<p>They gave 40 <a href="#n1">1</a> kites.</p>', "They gave 40 [1] kites."),
        ('<p>They gave 40<a href="kites.html#fn1">[1]</a> kites.</p>', "They gave 40 [1] kites."),
        (
            '<p>In 2024<sup class="reference"><a href="#cite_note-7"><span>[</span>7<span>]</span></a></sup> kites.</p>',
            "In 2024 [7] kites.",
        ),
        ('<p>They gave 40<span class="footnote-ref">1</span> kites.</p>', "They gave 40 [1] kites."),
        ('<p>They gave 40<span style="vertical-align: super">1</span> kites.</p>', "They gave 40¹ kites."),
        ("<p>They gave 40<small>1</small> kites.</p>", "They gave 40¹ kites."),
        ('<p>They gave 40<span class="superscript">1</span> kites.</p>', "They gave 40¹ kites."),
        ('<p>They gave 40<span style="position:relative; top:-0.5em; font-size:70%">1</span> kites.</p>', "They gave 40¹ kites."),
        ('<p>They gave 40<font size="1">1</font> kites.</p>', "They gave 40¹ kites."),
        ('<p>It cost $40.<sup>99</sup>, 40<img src="a.png">50 and 4<button>5</button>6.</p>', "It cost $40.99, 40 50 and 4 6."),
        ('<p>They gave 40<a href="https://courier.example/40">1</a> kites.</p>', "They gave 40 [1] kites."),
        ("<p>They gave 10<sup>1</sup> kites.</p>", "They gave 10¹ kites."),
        ("<p>The kites<sup>2</sup> fly.</p>", "The kites [2] fly."),
        ("<p>The kites<sup>1,2</sup> fly.</p>", "The kites [1,2] fly."),
        ("<p>They gave 40<sup>*</sup> kites.</p>", "They gave 40* kites."),
        ('<p>They gave 40<sup><span class="sr-only">note </span>1</sup> kites.</p>', "They gave 40¹ kites."),
        ('<p>See section <a href="#s3">3</a> of it.</p>', "See section 3 of it."),
        ('<p>See <a href="https://courier.example/40#top">the forty kites</a>.</p>', "See the forty kites."),
        # Powers, ordinals, formulas
        ("<p>It is 10<sup>9</sup> euros.</p>", "It is 10⁹ euros."),
        ("<p>It is 10<sup>−3</sup> of it, and 5 km<sup>2</sup>.</p>", "It is 10⁻³ of it, and 5 km²."),
        ("<p>The 1<sup>st</sup> and the XX<sup>e</sup>, Kite<sup>TM</sup>.</p>", "The 1st and the XXe, Kite™."),
        ("<p>CO<sub>2</sub>, and 10<sub>2</sub>.</p>", "CO2, and 10₂."),
        ("<p><sup>1</sup>/<sub>2</sub> a kite</p>", "[1]/₂ a kite"),
        ("<p>It is <math><msup><mn>10</mn><mn>9</mn></msup></math> euros.</p>", "It is 10^9 euros."),
        # Line breaks of the source and of the page
        (
            '<blockquote>"We will\nstand by our partners\nfor long," Ada Fell said.</blockquote>',
            '"We will stand by our partners for long," Ada Fell said.',
        ),
        ("<div>We will\n  stand by <b>our\n</b> partners</div>", "We will stand by our partners"),
        ("<div>We will<p>stand by</p>our partners</div>", "We will\nstand by\nour partners"),
        ("<p>We will<br>stand<br/><br>by</p>", "We will\nstand\nby"),
        ("<pre>We will\n  stand by</pre>", "We will\n  stand by"),
        # Tables, lists, columns, quotations
        ("<div><span>40</span><span>50</span></div>", "40 50"),
        ("<p><b>4</b>0 kites, <i>4</i><i>0</i> kegs</p>", "40 kites, 40 kegs"),
        (
            "<table><tr><th>Land</th><th>Kites</th><th>Kegs</th></tr><tr><td>Arcadia</td><td>8</td><td>12</td></tr></table>",
            "Land\tKites\tKegs\nArcadia\t8\t12",
        ),
        ("<table><tr><td><p>One kite.</p><p>Two kites.</p></td><td>3</td></tr></table>", "One kite.\nTwo kites.\n3"),
        ("<ul><li>8 kites</li><li>12 kegs</li></ul><ol><li>one</li><li>two</li></ol>", "8 kites\n12 kegs\none\ntwo"),
        ("<dl><dt>Kites</dt><dd>8</dd><dt>Kegs</dt><dd>12</dd></dl>", "Kites\n8\nKegs\n12"),
        ("<p>She said <q>We will <q>stay</q></q> today.</p>", "She said “We will ‘stay’” today."),
        ("<p>She said <q>“We will stay”</q> today.</p>", "She said “We will stay” today."),
        ('<p>Sie sagte <q lang="de">Wir bleiben</q> heute.</p>', "Sie sagte „Wir bleiben“ heute."),
        # What no reader sees
        ("<p>A com&shy;mit<wbr>ment of 40&#8203;000 kites, 8&nbsp;kegs.</p>", "A commitment of 40000 kites, 8\u00a0kegs."),
        ("<p>می\u200cخواهم 👩\u200d🚀</p>", "می\u200cخواهم 👩\u200d🚀"),
        ("<p>8 kites &#150; no more.</p>", "8 kites – no more."),
        ("<p>8\x01 ki&#2;tes\x0band&#xFFFE; kegs</p>", "8 kites and kegs"),
        ("<p>8 ki<!-- 9 -->tes</p><p hidden>9 kegs</p><template>9</template><p style='display:none'>9</p>", "8 kites"),
        ('<p>8 <span class="visually-hidden">or 9 </span>kites<span style="Visibility : Hidden">9</span></p>', "8 kites"),
        ('<p>8 <span class="hidden md:inline">kites</span></p>', "8 kites"),
        ('<p>8 kites<span class="screen-reader-only">9</span><span style="opacity: 0">9</span></p>', "8 kites"),
        ('<p>8 kites<span style="position: absolute; left: -9999px">9</span></p>', "8 kites"),
        ("<p>8 kites <select><option>9</option></select><button>Copy 9</button></p>", "8 kites"),
    ],
)  # fmt: skip
def test_a_page_is_read_as_its_readers_see_it(content, text):
    assert text_of(content) == text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "„Drachen“"),
        ("fr", "«Drachen»"),
        ("uk", "«Drachen»"),
        ("pl", "„Drachen”"),
        ("en-GB", "“Drachen”"),
        ("xx", "“Drachen”"),
    ],
)
def test_a_quotation_has_the_marks_of_its_language(language, text):
    assert text_of("<p><q>Drachen</q></p>", f'lang="{language}"') == text


@pytest.mark.parametrize(
    ("content", "text", "struck"),
    [
        ("<p>They gave <del>40</del><ins>50</ins> kites.</p>", "They gave 50 kites.", "“40” (in “They gave […] 50 kites.”)"),
        ("<p>They gave <s>40</s> 50 kites.</p>", "They gave 50 kites.", "“40”"),
        ("<p>They gave <strike>40 <b>old</b></strike> kites.</p>", "They gave kites.", "“40 old”"),
        (
            '<p>They gave <span style="text-decoration:underline line-through">40</span> 50 kites.</p>',
            "They gave 50 kites.",
            "“40”",
        ),
        ("<p>They gave 4<del>0</del>5 kites.</p>", "They gave 4 5 kites.", "“0”"),
        ("<p>The a<del>b</del>c</p>", "The ac", "“b”"),
        ("<p>8 kites</p><del><p>9 kegs</p></del>", "8 kites", "“9 kegs”"),
    ],
)
def test_struck_words_are_left_out_and_told(content, text, struck):
    draft = read(content)
    assert text_of(content) == text
    [warning] = [warning for warning in draft.warnings if warning.startswith(STRUCK)]
    assert struck in warning


def test_many_struck_places_are_told_in_short():
    [warning] = read("".join(f"<p>Kite <del>{n}</del></p>" for n in range(30))).warnings
    assert warning.endswith("and 22 more.") and len(warning) < 1_000


def test_a_mark_that_may_be_a_power_is_told():
    assert "40¹" in " ".join(read("<p>They gave 40<sup>1</sup> kites.</p>").warnings)
    assert read("<p>It is 10<sup>9</sup> m<sup>2</sup>, <a href='#n1'>1</a>.</p>").warnings == []


@pytest.mark.parametrize(
    "content", ["40<sup>1</sup> tanks", "10<sup>9</sup> euros", "<del>40</del><ins>50</ins> tanks", "<td>8<td>12 tanks"]
)
def test_no_amount_is_read_that_the_page_does_not_state(content):
    found = amounts.find(read(f"<table><tr><td>They gave {content}.</table>").text)
    assert {amount.exact for amount in found} <= {"50 tanks", "12 tanks"}


def test_a_headline_is_read_like_the_text():
    page = a_page().replace(b"<h1>Arcadia", b"<h1>40<a href='#n1'>1</a> kites\n of <del>old</del>Arcadia")
    assert extract(page).title == "40 [1] kites of Arcadia to give kites"


@pytest.mark.parametrize(
    "left_out",
    [
        '<div class="related-articles"><p>Read more of the ten other kites that flew over the harbour this year.</p></div>',
        '<aside><p>The harbour of Harbourton has had a kite league since the great storm of the last century.</p></aside>',
        '<ul><li><a href="/a">Ten kites that flew over the harbour</a></li><li><a href="/b">Twelve kegs of tar</a></li></ul>',
        '<p aria-hidden="true">Ten kites that flew over the harbour this year and the last.</p>',
    ],
)  # fmt: skip
def test_boxes_inside_an_article_stay_out_of_its_text(left_out):
    text = extract(a_page(f"{LINES.splitlines()[0]}{left_out}")).text
    assert "harbour" not in text.replace("Harbourton, officials", "")


def test_paragraphs_inside_an_article_are_not_lost():
    content = (
        "<p>First of all there was a kite in the yard of the palace.</p><!-- note -->Then there were ten kites in the same yard."
        "<p>Last came the wind.</p>"
    )
    assert "palace.\nThen there were ten kites in the same yard.\nLast came the wind." in text_of(content)


def test_bytes_of_windows_are_read_as_browsers_do():
    assert decode_text(b"8 kites \x96 no \x93more\x94", "ISO-8859-1") == ("8 kites – no “more”", "windows-1252")


@pytest.mark.parametrize("content", ["<q>" * 1_500 + "kites" + "</q>" * 1_500, "<div>" * 250 + "kites" + "</div>" * 250])
def test_a_page_of_unusual_depth_is_taken_or_refused(content):
    try:
        assert "kites" in extract(a_page(content)).text
    except UnreadableDocument as refusal:
        assert "Open it in a browser" in str(refusal)


@pytest.mark.parametrize("piece", ["40<sup>1</sup> ", "a<del>b</del>", "<p>kites in the yard</p>", "a<!-- b -->"])
def test_twice_a_page_takes_some_twice_the_steps(piece):
    assert_linear(lambda count: extract(a_page(piece * count)), 800)
