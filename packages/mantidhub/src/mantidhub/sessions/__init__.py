"""The vocabulary that hub, edge and controller share: what a session is called and what it consists of."""
