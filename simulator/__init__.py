"""A carrier and its callers, for tests and for the demo; knows nothing of the hotline."""

from simulator.carrier import Carrier
from simulator.clock import RealClock, VirtualClock
from simulator.faults import Faults
from simulator.inbound_sms import SimMessage
from simulator.phones import Phone, Sms
from simulator.simcall import SimCall
from simulator.webhook import Answer, Webhook

__all__ = [
    "Answer",
    "Carrier",
    "Faults",
    "Phone",
    "RealClock",
    "SimCall",
    "SimMessage",
    "Sms",
    "VirtualClock",
    "Webhook",
]
