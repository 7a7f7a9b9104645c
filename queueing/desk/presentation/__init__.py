"""What the pages of the counter and of planning show of a closing, ready for templates."""
