"""What a run is told."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """How long and how hard the bot is tortured.

    `seed` decides what is done to it and what people do, not how the machine mixes the two. `kills` and half as many
    freezes come in `seconds`, and as many faults of Slack, jumps of the clock and restarts of servers beside them.
    `transport` is `socket` or `http`. `quiet_within` is after how many seconds without anything done the bot has not
    finished what it owes.
    """

    seed: int
    database: str = "sqlite"
    replicas: int = 1
    transport: str = "socket"
    kills: int = 4
    seconds: float = 30.0
    quiet_within: float = 60.0

    @property
    def command(self) -> str:
        """The command line that does the same again."""
        return (
            f"python -m tests.torture --seed {self.seed} --database {self.database} --replicas {self.replicas} "
            f"--transport {self.transport} --kills {self.kills} --seconds {self.seconds:g}"
        )
