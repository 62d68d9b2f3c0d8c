"""The main job on the real flights out of New York in 2013: one file a step, every answer checked.

Owns the sample data's whereabouts, the steps, the known answers and how it is told. Refuses to know the platform in any
other way than through its client.
"""
