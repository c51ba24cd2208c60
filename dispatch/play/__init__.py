"""The scenario player: what would the system say? The real actions, on a seeded clock, rolled back."""
