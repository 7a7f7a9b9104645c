"""What the pages of booking and of the rooms above it show of a visit, ready for templates.

It reads through selectors and knows no request.
"""
