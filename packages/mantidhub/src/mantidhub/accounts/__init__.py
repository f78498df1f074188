"""Local accounts: who may sign in, with which password, and how the first one is set."""
