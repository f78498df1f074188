"""The edge: Caddy, which finds sessions by name in a folder of symbolic links."""
