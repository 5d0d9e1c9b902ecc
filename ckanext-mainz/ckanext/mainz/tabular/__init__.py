"""How a table file is read: encoding, dialect, header, types. Pure: knows nothing of CKAN and writes nothing.

``read(path)`` looks at a file and gives a ``Table``; ``NotATable`` says why it is none.
"""

from .kinds import FileKind
from .messages import FINDINGS, MESSAGES, REASONS, REFUSALS
from .model import (
    Column,
    ColumnType,
    Dialect,
    Finding,
    Guess,
    Header,
    HeaderKind,
    Line,
    Marker,
    NotATable,
    NumberFormat,
    Reason,
    Row,
    SheetInfo,
    Suppressed,
    Value,
)
from .options import ReadOptions
from .table import Table, read, sheets

__all__ = [
    "FINDINGS",
    "MESSAGES",
    "REASONS",
    "REFUSALS",
    "Column",
    "ColumnType",
    "Dialect",
    "FileKind",
    "Finding",
    "Guess",
    "Header",
    "HeaderKind",
    "Line",
    "Marker",
    "NotATable",
    "NumberFormat",
    "ReadOptions",
    "Reason",
    "Row",
    "SheetInfo",
    "Suppressed",
    "Table",
    "Value",
    "read",
    "sheets",
]
