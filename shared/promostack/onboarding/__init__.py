"""The way from a new workspace to its first posted picture: how far somebody is, and the one next thing to do."""
