"""The screens of the counter, for officers with a live post and a second factor."""
