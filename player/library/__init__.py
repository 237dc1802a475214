"""Music on disk: what is known of it, how it is measured, what it is called."""
