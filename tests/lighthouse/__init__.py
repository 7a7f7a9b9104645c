"""`make lighthouse`: the citizen's pages as Google's Lighthouse rates them on a simulated phone."""
