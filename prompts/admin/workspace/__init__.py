"""Where a business's words are written: the editor, its draft, and the way to the calls."""
