"""A plan as the files of one kind of deployment: pure functions that give ``{path: text}``. Refuses to write anything."""
