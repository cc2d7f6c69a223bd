"""How tables are laid out in a file, which its writer and :mod:`reading_back` agree on."""

CONTENTS, WORDS = "Contents", "Words"
"""The names of the sheets of a workbook that have no table of the pack."""

HEADER_ROW = 3
"""The row of a table's header on its sheet, counted from 0."""

CONTINUED = "(continued)"
"""What a title, a row or a column ends in that goes on from another one.

A table goes on from another slide, and a text from another cell if it is too long for one.
"""
