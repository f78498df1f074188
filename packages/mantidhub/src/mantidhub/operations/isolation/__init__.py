"""Whether a session can do what it must not: the harmless attacks, tried from inside a throw-away session."""
