"""The caller's side of the simulator: what Twilio does around one telephone call."""
