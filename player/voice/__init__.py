"""Speech: scripts, what is made from text, and a counsellor's own recordings."""
