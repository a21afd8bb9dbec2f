"""The main job, shown from end to end without any account."""
