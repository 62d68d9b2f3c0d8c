"""The use cases. Owns what is checked and in which order; refuses to know any technology."""
