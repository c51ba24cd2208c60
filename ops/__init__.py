"""How the product is installed, started, shared, tested and shipped; nothing of the domain."""
