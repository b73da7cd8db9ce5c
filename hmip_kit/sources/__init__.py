"""Ways in: what reads data into an `Inspection`."""
