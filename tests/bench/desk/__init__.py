"""How long staff wait for a page when years of history lie behind it."""
