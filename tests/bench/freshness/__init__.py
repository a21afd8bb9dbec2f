"""How soon a publish reaches the calls in progress, what it costs their sound, how it is proved."""
