"""How often somebody may do something: token buckets, in the process or shared by all on Redis.

Owns the arithmetic and its two keepers. Refuses to know who is limited, by what policy, or what a refusal looks like.
"""
