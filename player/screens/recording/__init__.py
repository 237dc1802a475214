"""The screen on which a counsellor records a script in their own voice."""
