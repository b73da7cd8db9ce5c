"""Frame in, frame out: what is counted and estimated. Nothing here draws, and nothing here knows of widgets."""
