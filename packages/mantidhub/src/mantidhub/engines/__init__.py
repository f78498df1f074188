"""What runs sessions. Used by the controller alone; each engine is one module or folder behind one protocol."""
