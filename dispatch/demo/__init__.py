"""The demo: a made-up city's week, played through the real actions on a simulated clock."""
