"""What became of a change, told to whoever made it and to whoever asks later."""
