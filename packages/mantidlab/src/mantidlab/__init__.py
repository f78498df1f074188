"""What lives inside a MantidHub session."""
