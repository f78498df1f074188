"""The privileged process: the only one that builds sandboxes. It listens on a Unix socket for the hub alone."""
