"""What a process knows of its own end."""

from datalab.contracts.errors import Unavailable


class Stopping:
    """Told to stop, a process first tells whoever asks to go elsewhere, and answers on; then it drains.

    ``begun``: it was told. ``draining``: it accepts nothing new. ``hurried``: somebody waits for its end.
    """

    def __init__(self) -> None:
        self.begun = False
        self.draining = False
        self.hurried = False

    async def check(self) -> None:
        """For readiness, once it has begun. Raises Unavailable."""
        raise Unavailable("told to stop: it answers what still comes, but is to be asked no more")
