"""Sentences whose numbers can be asked for."""

from irbtrack.domain.figures.sentences import (
    Number,
    Paragraph,
    Part,
    plural,
    sentence,
    series_of,
)

ONE, MANY, BOTH = Number(1, "due"), Number(1200, "due"), Number(2, "due", word="Both")


def test_a_sentence_is_its_parts_and_knows_its_numbers() -> None:
    clause = plural(MANY, " is late", " are late")
    told = sentence("Of all, ", clause, "; ", plural(ONE, " is", " are"), " not; ", BOTH, " count.")
    assert told.text == "Of all, 1,200 are late; 1 is not; Both count."
    assert told.numbers == [MANY, ONE, BOTH]
    assert Paragraph("Late", (told, sentence("So."))).text == f"{told.text} So."


def test_clauses_are_parted_by_commas_and_a_word_before_the_last() -> None:
    def said(*clauses: str, **given: str) -> str:
        parts: list[list[Part]] = [[clause] for clause in clauses]
        return "".join(map(str, series_of(parts, **given)))

    assert [said(), said("a"), said("a", "b")] == ["", "a", "a and b"]
    assert said("a", "b", "c", last=" or ") == "a, b or c"
