"""The verbs of a voice document; importing this package makes them known."""

from simulator.verbs import dial, enqueue, flow, gather, record, sound, start

__all__ = ["dial", "enqueue", "flow", "gather", "record", "sound", "start"]
