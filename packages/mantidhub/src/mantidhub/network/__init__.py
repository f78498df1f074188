"""What sessions reach beyond themselves: a relay that knows whose request it is, and squid, which decides."""
