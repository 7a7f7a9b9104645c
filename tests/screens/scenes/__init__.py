"""Who and what is on the stage beyond the demonstration, one module a subject."""
