"""Phrases, patterns, similar words, ranges."""

from __future__ import annotations

import pytest
from tests.engine_suite.engines import Engine, Refused, dataset


@pytest.fixture
def library(engine: Engine) -> Engine:
    """Documents whose words stand in different order."""
    engine.add(
        dataset("a", title="red apple pie", tags=["apple", "Apple Pie"], views_total=5),
        dataset("b", title="pie with a red apple", tags=["pear", "apricot"], views_total=-2),
        dataset("c", title="apple red", tags=["a*b", "a?b", "axb"], views_total=0),
        dataset("d", title="traffic", res_name=["red", "apple"], tags=["Äpfel", "ä"]),
    )
    return engine


PHRASES = {
    "words in order": ('title:"red apple"', "ab"),
    "not in another order": ('title:"apple pie red"', ""),
    "one word in quotation marks": ('title:"traffic"', "d"),
    "three words": ('title:"red apple pie"', "a"),
    "slop lets words lie between": ('title:"pie apple"~3', "ab"),
    "without slop they have to be neighbours": ('title:"pie apple"', ""),
    "slop of two swaps two words": ('title:"red apple"~2', "abc"),
    "a tilde without a number is no slop": ('title:"apple pie"~', "a"),
    "a boost after slop": ('title:"red apple"~2^3', "abc"),
    "case makes no difference": ('title:"Red APPLE"', "ab"),
    "a phrase in the default field": ('"red apple pie"', "a"),
    "a phrase does not reach over two values": ('res_name:"red apple"', ""),
    "each value by itself": ('res_name:"apple"', "d"),
    "an exact field wants the whole value": ('tags:"Apple Pie"', "a"),
    "and nothing but the whole value": ('tags:"Pie"', ""),
    "slop has no meaning there": ('tags:"Apple"~3', ""),
    "a star in a phrase is no wildcard": ('tags:"a*b"', "c"),
    "an escaped quotation mark": (r'title:"red \"apple\""', "ab"),
}


@pytest.mark.parametrize(("query", "expected"), PHRASES.values(), ids=PHRASES)
def test_phrases(library: Engine, query: str, expected: str) -> None:
    assert library.found(query) == set(expected)


PATTERNS = {
    "the beginning of a word": ("title:tra*", "d"),
    "in words case makes no difference": ("title:TRA*", "d"),
    "the beginning of a value": ("tags:ap*", "ab"),
    "in values case matters": ("tags:Ap*", "a"),
    "the end of a value": ("tags:*ear", "b"),
    "the middle of a value": ("tags:*ppl*", "a"),
    "one letter": ("tags:?ear", "b"),
    "a question mark is exactly one letter": ("tags:p?r", ""),
    "star and question mark": ("tags:?p*t", "b"),
    "any value": ("tags:*", "abcd"),
    "any value, said twice": ("tags:**", "abcd"),
    "any value of a text": ("res_name:*", "d"),
    "no value": ("-res_name:*", "abc"),
    "no value, from all": ("*:* -res_name:*", "abc"),
    "a field that no document has": ("nothing:*", ""),
    "an escaped star": (r"tags:a\*b", "c"),
    "an escaped question mark beside a wildcard": (r"tags:a\?*", "c"),
    "umlauts": ("tags:Ä*", "d"),
    "a pattern has no stem": ("tags:ap", ""),
    "a pattern in the default field": ("traf*", "d"),
    "a boosted pattern": ("title:tra*^2", "d"),
    "an excluded pattern": ("tags:a* -tags:apr*", "ac"),
    "a dot is a dot": ("tags:a.b*", ""),
    "a bracket is a bracket": (r"tags:\[a\]*", ""),
}


@pytest.mark.parametrize(("query", "expected"), PATTERNS.values(), ids=PATTERNS)
def test_patterns(library: Engine, query: str, expected: str) -> None:
    assert library.found(query) == set(expected)


SIMILAR = {
    "one letter missing": ("tags:peer~1", "b"),
    "two letters by default": ("tags:peeer~", "b"),
    "one is not two": ("tags:peeer~1", ""),
    "two letters swapped count as one": ("tags:aplpe~1", "a"),
    "none": ("tags:xyz~1", ""),
    "nought wants the word itself": ("tags:pear~0", "b"),
    "a share of letters, as Lucene had it": ("tags:peer~0.7", "b"),
    "a word of a text": ("title:trafic~1", "d"),
    "in the default field": ("trafffic~1", "d"),
    "case matters in values": ("tags:PEAR~2", ""),
}


@pytest.mark.parametrize(("query", "expected"), SIMILAR.values(), ids=SIMILAR)
def test_similar_words(library: Engine, query: str, expected: str) -> None:
    assert library.found(query) == set(expected)


RANGES = {
    "both ends included": ("tags:[apple TO pear]", "abc"),
    "both ends excluded": ("tags:{apple TO pear}", "bc"),
    "only the upper end excluded": ("tags:[apricot TO pear}", "bc"),
    "only the lower end excluded": ("tags:{apricot TO pear]", "bc"),
    "no lower end": ("tags:[* TO a?b]", "ac"),
    "no upper end": ("tags:[b TO *]", "bd"),
    "no end at all": ("tags:[* TO *]", "abcd"),
    "no value": ("-res_name:[* TO *]", "abc"),
    "umlauts lie behind z": ("tags:{z TO *]", "d"),
    "quoted ends": ('tags:["Apple Pie" TO "Apple Pie"]', "a"),
    "an empty range": ("tags:[q TO r]", ""),
    "ends in the wrong order": ("tags:[pear TO apple]", ""),
    "numbers": ("views_total:[0 TO 10]", "ac"),
    "numbers below nought": ("views_total:[-5 TO 5}", "bc"),
    "numbers without upper end": ("views_total:{0 TO *]", "a"),
    "numbers without lower end": ("views_total:[* TO 0]", "bc"),
    "any number": ("views_total:[* TO *]", "abc"),
    "any number by a star": ("views_total:*", "abc"),
    "one number": ("views_total:5", "a"),
    "nought is a number": ("views_total:0", "c"),
    "a negative number": (r"views_total:\-2", "b"),
    "a quoted number": ('views_total:"-2"', "b"),
    "several numbers": ("views_total:(5 OR 0)", "ac"),
    "a boosted range": ("views_total:[0 TO 10]^2", "ac"),
}


@pytest.mark.parametrize(("query", "expected"), RANGES.values(), ids=RANGES)
def test_ranges(library: Engine, query: str, expected: str) -> None:
    assert library.found(query) == set(expected)


@pytest.mark.parametrize("query", ["views_total:many", "views_total:[a TO b]", "views_total:1.5"])
def test_what_is_not_a_number_is_refused(library: Engine, query: str) -> None:
    with pytest.raises(Refused):
        library.search(query)
