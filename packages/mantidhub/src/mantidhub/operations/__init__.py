"""Running MantidHub: starting and supervising its processes, checking the host."""
