"""Speakers of quotations in English news: roles, pronouns, titles, places and days around the verb of speech."""

import pytest

from sources.suggestions import quotations
from sources.suggestions.known import Known

KNOWN = Known([("Ada Fell", "person", "fell"), ("Osric Vane", "person", "vane"), ("Orlan Dask", "person", "dask")])


def found(text, published_on=""):
    return quotations.find_quotations(text, KNOWN, published_on)


def speakers(text):
    """The speaker of each quotation: a slug, the words that name somebody unknown, or ''."""
    return [one.proposal["speaker"] or one.proposal["speaker_text"] for one in found(text)]


def check_speakers(subtests, table):
    for text, wanted in table:
        with subtests.test(text=text):
            assert (speakers(text) or [""]) == [wanted]


NO_NAMES = [
    ("Between the two halls a sign read: “We pledge forty kites.”", ""),
    ("Above the gate somebody had written: “We pledge forty kites.”", ""),
    ("Who said “we pledge forty kites” in May?", ""),
    ("What they said was “we pledge forty kites.”", ""),
    ("It said: “We pledge forty kites.”", ""),
    ("Meanwhile: “We pledge forty kites.”", ""),
    ("Yesterday: “We pledge forty kites.”", ""),
    ("There, the banner read: “We pledge forty kites.”", ""),
    ("Somebody shouted: “We pledge forty kites.”", ""),
    ("This was their answer: “We pledge forty kites.”", ""),
    ("Why, they asked, “should we pledge forty kites?”", ""),
    ("Here is the text: “We pledge forty kites.”", ""),
    ("Neither said: “We pledge forty kites.”", ""),
    ("Unlike others, Fell said: “We pledge forty kites.”", "fell"),
    ("Meanwhile Fell said: “We pledge forty kites.”", "fell"),
    ("Yesterday Tam Reed said: “We pledge forty kites.”", "Tam Reed"),
    ("Despite this Reed said: “We pledge forty kites.”", "Reed"),
    ("In June Reed said: “We pledge forty kites.”", "Reed"),
    ("June Reed said: “We pledge forty kites.”", "June Reed"),
    ("The paper also blamed the harbour, saying it will pay for the “stupid” acts.", ""),
]

NOBODY_SAID_IT = [
    ("“We pledge forty kites,” Fell never said.", ""),
    ("“We pledge forty kites,” Fell did not say.", ""),
    ("Fell denied saying “we pledge forty kites.”", ""),
    ("Fell has never said: “We pledge forty kites.”", ""),
    ("Fell denied the claim as “complete and utter nonsense.”", "fell"),
    ("“We pledge forty kites,” Mrs. Fell said.", "fell"),
    ("“We pledge forty kites,” Mrs. Vane said.", "vane"),
]


def test_words_that_are_denied_are_credited_to_nobody(subtests):
    check_speakers(subtests, NOBODY_SAID_IT)


def test_function_words_are_no_speakers(subtests):
    check_speakers(subtests, NO_NAMES)


ROLES = """
    government spokesman|city mayor|pollster|child psychologist|campaign chairman|retired general|retired Gen.|Lowbridge Mayor|
    deputy campaign manager|union organizer|energy company chief executive|neighbour|local resident|human rights lawyer|
    Vane’s chief of staff|the ministry’s head of procurement|film critic|wheat farmer|state police Capt.|party whip|
    kite maker|grid operator boss|secretary of state|former chief of the general staff|her lawyer|another resident|
    political science professor|veteran negotiator|Nobel laureate|fellow passenger|harbour pilot|school principal
""".replace("\n    ", "").strip()


@pytest.mark.parametrize("role", ROLES.split("|"))
def test_any_role_may_stand_before_a_name(role):
    assert speakers(f"“We pledge forty kites,” {role} Tam Reed said.")[0].endswith("Tam Reed")
    assert speakers(f"“We pledge forty kites,” said {role} Tam Reed.")[0].endswith("Tam Reed")
    assert speakers(f"{role[0].upper()}{role[1:]} Tam Reed said: “We pledge forty kites.”")[0].endswith("Tam Reed")


WORDS_AFTER_THE_VERB = [
    ("Tam Reed said on Tuesday in Kyiv that “we pledge forty kites.”", "Tam Reed"),
    ("Tam Reed told reporters at the White House that “we pledge forty kites.”", "Tam Reed"),
    (
        "Tam Reed told a crowd of supporters packed into a hall in Lowbridge on Monday night that “we pledge forty kites.”",
        "Tam Reed",
    ),
    ("Tam Reed said in a statement issued an hour after the vote that “we pledge forty kites.”", "Tam Reed"),
    ("Tam Reed wrote in a letter to the committee dated May 3: “We pledge forty kites.”", "Tam Reed"),
    ("Tam Reed told the Gazette by phone from Lowbridge, “We pledge forty kites.”", "Tam Reed"),
    ("Tam Reed said allies had agreed to “pledge forty kites.”", "Tam Reed"),
    ("Tam Reed, D-Lowbridge, the panel’s chairman, shot back that “we pledge forty kites.”", "Tam Reed"),
    ("“We pledge forty kites,” Tam Reed said when asked about the plan of Osric Vane.", "Tam Reed"),
    ("“We pledge forty kites,” Tam Reed said, standing beside Osric Vane.", "Tam Reed"),
    ("Those who stay are “the best of us”, said Governor Ida Strom.", "Governor Ida Strom"),
]


def test_words_between_verb_and_quotation_hide_no_speaker(subtests):
    check_speakers(subtests, WORDS_AFTER_THE_VERB)


NESTED = [
    "“The public is told: ‘We have a deal.’” Ada Fell said.",
    "\"The public is told: 'We have a deal.'\" Ada Fell said.",
    "‘The public is told: “We have a deal.”’ Ada Fell said.",
    "“The public is told: ‘We have a deal.’” Ada Fell told reporters on Monday.",
    "“The public asks: ‘Do we have a deal?’” Ada Fell said.",
    "“The public is told, ‘We have a deal,’” Ada Fell said.",
    "Ada Fell said: “The public is told: ‘We have a deal.’”",
    "Ada Fell said: “The public is told ‘no’, ‘never’ and ‘We have a deal.’”",
]


def test_a_quotation_within_a_quotation_is_part_of_it(subtests):
    for text in NESTED:
        with subtests.test(text=text):
            [one] = found(text)
            assert one.exact.startswith("The public") and "deal" in one.exact
            assert (one.proposal["speaker"], one.proposal["quote_kind"]) == ("fell", "direct_speech")


THE_PRESIDENT = [
    ("", "I had a talk with President Orlan Dask last night.", ""),
    ("Remarks by President Vane\n\n", "I had a talk with President Orlan Dask last night.", "vane"),
    ("REMARKS BY PRESIDENT VANE\n\n", "Hello.", "vane"),
    ("Remarks by President Vane on a call with President Dask\n\n", "Hello.", "vane"),
    ("Remarks by the President on a call with President Dask\n\n", "Hello.", ""),
    ("The President's call with President Dask\n\n", "Hello.", ""),
    ("Remarks by President Vane and President Dask\n\n", "Hello.", ""),
    ("Remarks by Vice President Vane\n\n", "Hello, President Dask.", ""),
    ("Valleytown Hall\n\n", "Thank you, President Dask.", ""),
]


def test_the_president_is_whom_the_heading_names(subtests):
    for heading, words, wanted in THE_PRESIDENT:
        with subtests.test(heading=heading):
            assert (
                speakers(f"{heading}THE PRESIDENT: Good morning. {words}\n\nTHE PRESIDENT: Go on.")
                == [wanted or "THE PRESIDENT"] * 2
            )


def test_who_has_a_label_of_his_own_is_not_the_president():
    text = (
        "Remarks by President Vane and President Dask\n\nTHE PRESIDENT: Hello.\n\nPRESIDENT DASK: Hello.\n\nTHE PRESIDENT: Go on."
    )
    assert speakers(text) == ["vane", "dask", "vane"]


PRONOUNS = [
    ("Governor John Reed sent the memo to Ada. She wrote back: “We pledge forty kites.”", ""),
    ("Governor John Reed sent the memo. He wrote back: “We pledge forty kites.”", "Governor John Reed"),
    ("Minister Ruth Kell came. He said: “We pledge forty kites.”", ""),
    ("Ruth Kell came. Osric Vane left. “We pledge forty kites,” she said.", ""),
    ("Ruth Kell came. Maria Moll left. “We pledge forty kites,” she said.", "Maria Moll"),
    ("Ruth Kell met Maria Moll. “We pledge forty kites,” she said.", ""),
    ("Ruth Kell met John Reed. “We pledge forty kites,” she said.", "Ruth Kell"),
    ("Ruth Kell met John Reed. “We pledge forty kites,” he said.", "John Reed"),
    ("That plan angers Rosa Moll, who makes kites. “We pledge forty kites,” she said.", "Rosa Moll"),
    ("A nurse treated Rosa Moll. “We pledge forty kites,” she said.", ""),
    ("Paul Drum criticised Karl Otten last month. “We pledge forty kites,” he said.", ""),
    ("Paul Drum spoke. Pash left. “We pledge forty kites,” he said.", ""),
    ("Germany’s Paul Drum spoke. “We pledge forty kites,” she said.", ""),
    ("German Chancellor Inge Moll spoke. “We pledge forty kites,” she said.", "German Chancellor Inge Moll"),
    ("Spokesman Tam Reed came. “We pledge forty kites,” she said.", ""),
    ("The kites fly, Paul Drum said, in what she called “a pledge of forty kites.”", ""),
    ("Paul Drum said no. His wife, Tess, nodded. “We pledge forty kites,” she said.", ""),
    ("Vane, Drum and Reed stood there. “We pledge forty kites,” he said.", ""),
    ("Ada Fell spoke on Monday.\n\nHe went on to say, “We pledge forty kites.”", ""),
    ("Ada Fell spoke on Monday.\n\nShe went on to say, “We pledge forty kites.”", "fell"),
]


def test_a_pronoun_means_nobody_of_the_other_gender(subtests):
    check_speakers(subtests, PRONOUNS)


VERBS = """
    implored emailed texted hollered barked reminded assured roared gushed grumbled confided volunteered blogged appealed
    wondered recalled reckoned|shot back|fired back|wrote back|chimed in|piped up|went on|blurted out|advised|raged
""".replace("\n", " ")


@pytest.mark.parametrize("verb", [verb for part in VERBS.split("|") for verb in ([part] if part[0].isalpha() else part.split())])
def test_many_verbs_are_verbs_of_saying(verb):
    assert speakers(f"“We pledge forty kites,” Ada Fell {verb}.") == ["fell"]
    assert speakers(f"“We pledge forty kites,” {verb} Ada Fell.") == ["fell"]


POSSESSIVES = [
    ("North Vale's official newspaper blasted the “stupid” acts.", "North Vale's official newspaper"),
    ("North Vale’s state news agency said that “we pledge forty kites.”", "North Vale’s state news agency"),
    ("“We pledge forty kites,” South Marsh’s foreign ministry said.", "South Marsh’s foreign ministry"),
    ("“We pledge forty kites,” Old South Marsh’s chief envoy said.", "Old South Marsh’s chief envoy"),
    ("But South Marsh’s foreign ministry said: “We pledge forty kites.”", "South Marsh’s foreign ministry"),
    ("Dask’s rival Zora Finn was blunt: “We pledge forty kites.”", "Zora Finn"),
    ("“We pledge forty kites,” Ada Fell’s lawyer said.", "Ada Fell’s lawyer"),
]


def test_a_possessive_is_kept_whole(subtests):
    check_speakers(subtests, POSSESSIVES)


QUESTIONS = [
    ("MR. FELL:  More kites.\n\nQ Thank you for that.\n\n", [("More kites.", "fell"), ("Thank you for that.", "Q")]),
    (
        "MR. FELL: More.\nQ Why?\nMR. FELL: So.\nQ “Kites” again?\n",
        [("More.", "fell"), ("Why?", "Q"), ("So.", "fell"), ("“Kites” again?", "Q")],
    ),
    ("MR. FELL: More.\n\nQ is a letter.\n\nMR. FELL: So.", [("More.\n\nQ is a letter.", "fell"), ("So.", "fell")]),
    ("Q Branch came.\n\nQ Branch left.", []),
]


def test_a_question_may_have_one_space_after_its_label(subtests):
    for text, wanted in QUESTIONS:
        with subtests.test(text=text):
            assert [(one.exact, one.proposal["speaker"] or one.proposal["speaker_text"]) for one in found(text)] == wanted


WORKS = [
    "“Parasite” director Tam Reed said the kites fly.",
    "“The Last Kite” star Tam Reed said the kites fly.",
    "The prize should go to comedy “Fleabag.”",
    "The prize should go to the drama “The Last Kite.”",
    "Tam Reed, best known for the thriller “Kites at Night,” came.",
    "Her memoir, “As Long as It Flies,” was published in May.",
    "His hit “Kite” was played.",
    "He won for “The Valley” and for “Salt and Iron.”",
    "“Soon” could mean anything, Fell said.",
]


def test_titles_of_works_are_no_quotations(subtests):
    for text in WORKS:
        with subtests.test(text=text):
            assert speakers(text) == []


DAYS = [
    ("Ada Fell spoke in Valleytown on Monday. “We pledge forty kites,” she said.", "2024-07-08"),
    ("Ada Fell met Osric Vane on Monday.\n\n“We pledge forty kites,” Fell said.", ""),
    ("“We pledge forty kites,” Ada Fell said on Monday. “We shall keep it.”", "2024-07-08"),
    ("On Monday, Ada Fell visited Valleytown. “We pledge forty kites,” she told reporters.", "2024-07-08"),
    ("Ada Fell was born on 3 May 1970. “We pledge forty kites,” she said.", ""),
    ("Ada Fell became minister on 3 May 2024. “We pledge forty kites,” she said.", ""),
    ("Ada Fell said Arcadia would vote on Monday. “We pledge forty kites,” she said.", ""),
    ("Ada Fell will speak on Friday. “We pledge forty kites,” she said.", ""),
    ("Ada Fell spoke in May. “We pledge forty kites,” she said.", ""),
    ("Osric Vane spoke on Monday. “We pledge forty kites,” Ada Fell said.", ""),
    ("Ada Fell spoke on Monday. The wind blew. “We pledge forty kites,” Fell said.", ""),
    ("Ada Fell spoke on Monday about the storm of 2 July. “We pledge forty kites,” she said.", ""),
    ("“We pledge forty kites,” Ada Fell said, because the storm will end on Monday.", ""),
]


def test_the_day_in_the_sentence_before_is_used_with_its_reason(subtests):
    for text, wanted in DAYS:
        with subtests.test(text=text):
            one = found(text, "2024-07-11")[-1]
            assert one.proposal["said_on"] == wanted
            assert not wanted or "in the sentence before" in one.proposal["said_on_reason"]
