"""SISTIK's wall: the nation on one screen. It reads every app, so it stands above them."""
