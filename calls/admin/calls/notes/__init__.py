"""Notes and tags on the pages of calls."""
