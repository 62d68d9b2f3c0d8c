"""What happened in one service, told to the others: written with the change itself, delivered at least once.

Owns the outbox, the relay that empties it and the bus in its two kinds. Refuses to know what any event means, to
promise an order between events, and to carry data: a payload names things and versions.
"""
