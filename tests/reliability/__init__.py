"""The kill table: what dies at random moments while people work, and what is lost. `make test-reliability` runs it."""
