"""The rates that are published, and each by its code."""

from typing import Final

from hotline.rates.call_metrics import CALLS
from hotline.rates.money_metrics import MONEY
from hotline.rates.presence_metrics import PRESENCE
from hotline.rates.survey_metrics import SURVEYS
from hotline.rates.ticket_metrics import TICKETS

METRICS: Final = (*CALLS, *PRESENCE, *TICKETS, *MONEY, *SURVEYS)
BY_CODE: Final = {metric.code: metric for metric in METRICS}
