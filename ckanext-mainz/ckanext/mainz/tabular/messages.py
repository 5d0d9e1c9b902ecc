"""Every sentence that a reason, a finding or a refusal says, by its code.

The sentences are English; whoever shows them translates the template (``gettext(MESSAGES[code])``) and fills it with
the parameters afterwards, so that each sentence is translated once and not once for every file.
"""

from __future__ import annotations

from collections.abc import Mapping

REASONS: Mapping[str, str] = {
    # any guess
    "given": "The options say so.",
    # kind of file
    "kind_text": "The bytes are text.",
    "kind_workbook": "The archive holds the part {part} of a workbook.",
    "kind_ole": "The bytes are those of an older Office workbook.",
    # encoding
    "bom": "The file begins with the byte order mark of {encoding}.",
    "ascii": "Every byte is ASCII, so each of the usual encodings reads the same.",
    "utf8": "All {size} bytes are valid UTF-8.",
    "utf8_mixed": "{valid} characters are valid UTF-8, {invalid} are not; those are read as Windows-1252.",
    "utf16_nul": "Every second byte of the sample is zero, as in UTF-16 without a byte order mark.",
    "bytes_same": "Not UTF-8 (byte {offset}); the {count} other bytes read alike in Windows-1252, Latin-1 and Latin-9.",
    "bytes_score": "Not UTF-8 (byte {offset}); read as {encoding}, the {count} other bytes make the most sensible "
    "German text ({score} points, next best {other} with {other_score}).",
    # dialect
    "one_terminator": "All {count} line ends are {name}.",
    "main_terminator": "{count} of {total} line ends are {name}.",
    "strict_terminator": "Rows are even when only {name} ends a row; the other line breaks lie inside cells.",
    "no_terminator": "The file has one line and no line end.",
    "sep_line": "Line 1 says so ('sep=').",
    "even_rows": "{percent} % of {rows} rows have {width} cells when split at {name}.",
    "one_column": "No delimiter splits the lines into even rows, so each line is one cell.",
    "quoted_cells": "Cells of the sample that are enclosed in it: {count} (first in line {line}).",
    "quote_assumed": "The sign occurs, but no cell of the sample is enclosed in it; it is the usual one.",
    "no_quotes": "No cell of the sample is enclosed in quotes and the file has no double quote.",
    # sheet
    "only_sheet": "It is the only sheet that can be seen.",
    "first_table_sheet": "It is the first sheet that can be seen and holds a table.",
    # layout
    "header_types": "Line {line} holds words where the lines below hold numbers, dates or codes (columns: {columns}).",
    "header_years": "Line {line} holds the years {first} to {last} above other numbers.",
    "header_unlike": "The words of line {line} do not occur again in their columns.",
    "header_only": "The only line holds words.",
    "header_assumed": "All columns are text; line {line} is taken as names because no two of its cells are alike.",
    "no_header_types": "Line {line} already holds numbers, dates or codes, like the lines below (columns: {columns}).",
    "no_header_repeated": "Words of line {line} occur again in their columns, as values do.",
    "no_header_alike": "Line {line} has empty or equal cells, as names have not.",
    # columns
    "all_values": "All {count} values fit.",
    "most_values": "{count} of {total} values fit; the others are listed as findings.",
    "leading_zeros": "Values begin with zeros (first in line {line}): a code, not a number.",
    "too_long": "Values have more than 18 digits (first in line {line}): a code, not a number.",
    "code_name": "The column's name says that its digits are a code.",
    "open_class": "Numbers and open classes such as {example!r} (line {line}): names of classes, not numbers.",
    "mixed_values": "Values are of several kinds; {example!r} (line {line}) is neither a number nor a date.",
    "words": "Values are words, such as {example!r} (line {line}).",
    "no_values": "The column has no value.",
    "only_markers": "The column holds only signs for missing or suppressed values.",
    "year_name": "All values are whole numbers from {first} to {last}, and the name says year.",
    "year_values": "All values are whole numbers from {first} to {last}.",
    "workbook_type": "The workbook says so for {count} of {total} values.",
    "decimal_seen": "Values that can be read in no other way: {count} (first in line {line}).",
    "decimal_mixed": "Values that use it: {count}; that use {mark!r}: {other}. Each is read by its own sign.",
    "decimal_table": "This column does not tell; the table's other columns do.",
    "decimal_name": "This column does not tell; its name says that it is a coordinate.",
    "decimal_plain": "Values of four and more digits stand without the sign, so it does not group thousands.",
    "no_marks": "The column's numbers have neither a decimal nor a thousands sign.",
    "decimal_custom": "This column does not tell; it is the German custom.",
    "day_first": "A day above 12 occurs (first in line {line}).",
    "day_first_assumed": "No day above 12 occurs; the German order is assumed.",
    "date_pattern": "Values of this form: {count}.",
    "fused": "Different values that are a code and a label in one cell, such as {example!r}: {count}.",
}

FINDINGS: Mapping[str, str] = {
    # bytes
    "undecodable_bytes": "Bytes without a meaning in {encoding}, kept as control characters: {count}.",
    "mixed_encoding": "Bytes that are not UTF-8 in a file that else is, read as Windows-1252: {count}.",
    "replacement_character": "Cells with the sign that stands for lost characters: {count}.",
    "question_marks": "Cells with a question mark inside a word, where an umlaut was lost earlier: {count}.",
    "mojibake": "Cells with umlauts that were encoded twice, such as {example!r}: {count}.",
    "decomposed": "Cells that spell umlauts as a letter and separate dots: {count}.",
    "html_entity": "Cells with HTML, such as {example!r}: {count}.",
    "dos_end": "The file ends with the old end-of-file sign (0x1A).",
    # lines
    "mixed_line_ends": "Line ends are mixed: {crlf} CRLF, {lf} LF, {cr} CR.",
    "no_final_newline": "The last line has no line end.",
    "sep_line": "The first line tells a spreadsheet the delimiter; it is no data.",
    "stray_quote": "Lines with quotes that are not closed or not doubled, read as plain signs: {count}.",
    "multi_line_cell": "Rows with cells of several lines: {count}.",
    "blank_line": "Blank lines left out: {count}.",
    "row_short": "Rows with fewer cells than columns, filled up with empty ones: {count}.",
    "row_long": "Rows with more cells than columns, kept at their end: {count}.",
    "trailing_delimiter": "Rows that end with a delimiter too many: {count}.",
    "header_repeated": "Rows that repeat the header, left out: {count}.",
    "number_row": "A row that only counts the columns was left out.",
    "total_row": "Rows that are totals or subtotals: {count}.",
    "duplicate_row": "Rows that are the same as an earlier one: {count}.",
    "preamble": "Lines above the table: {count}.",
    "footnote": "Lines below the table: {count}.",
    "unlike_rows": "Only {percent} % of the rows have {width} cells.",
    # header
    "no_header": "The table has no header row; columns are numbered.",
    "header_uncertain": "Whether line {line} is a header cannot be told for certain.",
    "header_merged": "{count} header rows were merged into one name for each column.",
    "duplicate_name": "The name {name!r} occurs more than once.",
    "empty_name": "The column has no name.",
    "long_name": "The name has {length} characters.",
    "names_given": "Names given: {given}; columns: {width}.",
    "no_rows": "The table has a header and no rows.",
    "one_column": "The table has a single column.",
    # columns
    "padding": "Cells padded with blanks (up to {width} characters): {count}.",
    "value_unfit": "Values that are not of the column's type ({type}) and stay text, such as {example!r}: {count}.",
    "mixed_numbers": "Numbers are written in several ways, such as {first!r} and {second!r}.",
    "mixed_units": "Numbers have several units: {units}.",
    "ambiguous_number": "{example!r} may be read in two ways; it is read as {value}.",
    "ambiguous_date": "{example!r} may be read in two ways; the day is taken to come first.",
    "mixed_dates": "Dates are written in several ways, such as {first!r} and {second!r}.",
    "missing_values": "Values missing, marked {marker!r}: {count}.",
    "suppressed_values": "Values suppressed, marked {marker!r}: {count}.",
    "learned_marker": "{marker!r} stands among other values and is read as a sign for a value not given: {count}.",
    "repeat_dots": "Cells that are a single dot, which may mean 'as above': {count}.",
    "rounded_to_five": "All values are multiples of 5: maybe rounded for confidentiality, so that sums do not add up.",
    "open_class": "The column mixes numbers and open classes such as {example!r}.",
    "fused_code": "Codes and labels share cells, such as {example!r}.",
    "numbers_as_text": "Numbers stored as text in the workbook: {count}.",
    "formula_error": "Cells with a spreadsheet's error, such as {example!r}: {count}.",
    # workbook
    "more_sheets": "The workbook has other sheets: {sheets}.",
    "formula_uncached": "Formulas without a stored result, read as empty cells: {count}.",
    "hidden_sheet": "The workbook has hidden sheets: {sheets}.",
    "macros": "The workbook has macros; they were not looked at.",
    "sheet_not_at_a1": "The table begins in column {letters} of the sheet.",
}

REFUSALS: Mapping[str, str] = {
    "empty": "The file is empty.",
    "blank": "The file holds nothing but blanks.",
    "binary": "The file is not text and no known kind of workbook.",
    "pdf": "The file is a PDF document. Please give the table itself, as CSV or XLSX.",
    "image": "The file is an image ({format}).",
    "html": "The file is a web page, not a table. Probably the address leads to a page instead of a file.",
    "login_page": "The file is the login page of a website, not a table.",
    "json": "The file is JSON, not a table.",
    "xml": "The file is XML, not a table.",
    "rtf": "The file is a text document (RTF), not a table.",
    "document": "The file is a {format}, not a table.",
    "archive": "The file is an archive ({format}). Please unpack it and give the table itself.",
    "zip_no_workbook": "The file is a ZIP archive and no workbook. Please unpack it and give the table itself.",
    "fixed_width": "The columns are set by position, without a delimiter between them. Please export with a delimiter.",
    "no_table": "The file is text, but its lines form no table.",
    "line_too_long": "A line is longer than {limit} bytes.",
    "encrypted": "The workbook is protected by a password.",
    "broken_workbook": "The workbook is damaged and cannot be read ({detail}).",
    "workbook_too_large": "The workbook unpacks to more than {limit} MB.",
    "no_sheet": "The workbook has no sheet {sheet!r}. It has: {sheets}.",
    "empty_sheet": "The sheet {sheet!r} is empty.",
    "not_a_workbook": "A sheet is asked for, but the file is not a workbook.",
}

MESSAGES: Mapping[str, Mapping[str, str]] = {"reason": REASONS, "finding": FINDINGS, "refusal": REFUSALS}
