"""Stand-ins for the model and for Twilio that speak the real wire formats."""
