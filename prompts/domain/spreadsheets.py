"""Cells that a spreadsheet shows and never runs."""

# What makes a cell a formula, in the wide letters of East Asian keyboards too.
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(cell: object) -> str:
    """The cell as text; an apostrophe stands before what would be a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(STARTS) else text
