"""What people see and press: the Textual app, its screens, and the plain twin."""
