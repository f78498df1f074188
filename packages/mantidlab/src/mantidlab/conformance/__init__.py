"""Does the Mantid of this environment answer as the adapter expects? ``python -m mantidlab.conformance`` says so.

``expectations`` is the list, used by the command on a real Mantid and by the tests on what one answered; ``subjects``
makes the workspaces that it speaks of; ``report`` compares and prints.
"""
