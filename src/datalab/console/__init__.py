"""Serves the web console's built assets, which the wheel carries. Refuses to hold any rule about data or permission."""
