"""The command line of interfaces: options from the same fields as forms."""
