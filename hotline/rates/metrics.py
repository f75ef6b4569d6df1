"""The rates that are published, and each by its code."""

from typing import Final

from hotline.rates.call_metrics import CALLS
from hotline.rates.survey_metrics import SURVEYS
from hotline.rates.ticket_metrics import TICKETS

METRICS: Final = (*CALLS, *TICKETS, *SURVEYS)
BY_CODE: Final = {metric.code: metric for metric in METRICS}
