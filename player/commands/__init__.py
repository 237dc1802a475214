"""Commands with a module of their own. Each imports what it needs when it is called."""
