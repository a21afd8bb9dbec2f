"""What was live at a moment of the past."""
