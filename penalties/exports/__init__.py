"""The month as files that leave the system."""
