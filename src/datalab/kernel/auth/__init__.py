"""Who calls: verifying access tokens and declaring what a route needs.

Owns the verifier, the key sources and the route requirement. Refuses to mint: only the gateway signs.
"""
