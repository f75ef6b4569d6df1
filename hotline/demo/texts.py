"""What the demo's workers write, taken in as the carrier's webhook would."""

from hotline.demo import outbox
from hotline.demo.stage import Stage
from hotline.intake.service import receive_sms
from hotline.telephony.port import InboundSms

FIRST_NUMBER = "+861380000"


def phone(number: int) -> str:
    """Return the invented telephone number with the last four digits *number*."""
    return f"{FIRST_NUMBER}{number:04d}"


def send(stage: Stage, number: int, body: str) -> None:
    """Let an SMS of a worker arrive now; what was sent to them before has arrived."""
    outbox.settle(stage.session, stage.chance, stage.now)
    sms = InboundSms(
        sid=stage.sid("SM"),
        from_=phone(number),
        to=stage.rules.own_number,
        body=body,
        raw_from=phone(number),
    )
    receive_sms(stage.session, sms, stage.now)
