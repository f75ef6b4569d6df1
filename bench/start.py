"""From the start of the server to its first answer."""

from typing import Final

from bench import servers
from bench.databases import Cluster
from bench.rounds import Figure
from bench.table import Line

GOAL: Final = 2.0  # seconds


def to_the_first_answer(cluster: Cluster, count: int) -> list[Line]:
    """Start the server *count* times, after one start that nobody counts."""
    database = cluster.new("sqlite", "start")
    servers.flask(database, "db", "upgrade")
    seconds = []
    for _ in range(count + 1):
        with servers.hotline(database) as server:
            seconds.append(server.seconds_to_answer)
    return [Line("start to the first answer", Figure(seconds[1:]), "s", goal=GOAL)]
