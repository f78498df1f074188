"""What tests share: a running MantidHub, people who use it, and notebooks they run."""
