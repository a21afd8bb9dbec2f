"""What keeps an installation from taking calls, and what to do about it."""
