"""What the two commands share: a new enough Python, `.venv`, and one line a step.

Runs before anything is installed, so it uses the standard library alone and must be readable by
Python 3.8: an old Python has to get as far as saying that it is old.
"""
