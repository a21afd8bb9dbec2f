"""The model's side of the simulator: a server shaped like the OpenAI Realtime interface."""
