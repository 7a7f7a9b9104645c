"""What an app asks of the apps above it, which it may not import.

The lower app declares an extension point in its ``ports`` and the protocol of its
implementations; each app above registers its own in ``wiring.connect``, which its AppConfig
calls when all models are loaded.
"""


class ExtensionPoint[T]:
    """The registered implementations of one protocol, in the order of INSTALLED_APPS."""

    def __init__(self) -> None:
        self._registered: list[T] = []

    def register(self, *implementations: T) -> None:
        self._registered.extend(implementations)

    def all(self) -> tuple[T, ...]:
        return tuple(self._registered)
