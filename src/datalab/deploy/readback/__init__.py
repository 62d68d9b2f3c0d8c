"""What a target's own reader says of rendered files, compared with the topology. Refuses to trust the renderers."""
