"""The domain: names, what a row must hold and how it becomes numbers. Refuses any I/O and any numeric library."""
