"""What runs, described once: the components, what each needs, may use and may reach. Refuses anything of one target."""
