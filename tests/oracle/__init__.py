"""A second opinion: the contract's moves, clocks and months, written apart from the product.

It shares no code and no idea with ``tickets.clocks``: clocks here are countdowns that run and stand still while the
log is walked through, and blame is looked up afterwards in the list of who held the ticket when. It reads no
reference data either; the figures are copied by hand from the contract's tables.
"""
