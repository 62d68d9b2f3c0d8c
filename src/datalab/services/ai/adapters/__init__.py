"""What touches the world: the tables, the model files, training and serving. Nothing here decides a rule."""
