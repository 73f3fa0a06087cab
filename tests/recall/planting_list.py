"""What is planted: every class of fault of the issue, in the forms that people write it in."""

from __future__ import annotations

from tests.recall.planted_checks import CHECKS
from tests.recall.planted_elsewhere import ELSEWHERE
from tests.recall.planted_order import ORDER, ROUTES
from tests.recall.planted_ports import PORTS, ranges
from tests.recall.planted_rest import BASES, IMAGES, REST
from tests.recall.planted_secrets import PLANTED_SECRETS, SECRETS

__all__ = ["PLANTED_SECRETS", "PLANTINGS"]

PLANTINGS = (*PORTS, *ranges(), *CHECKS, *ORDER, *ROUTES, *SECRETS, *IMAGES, *BASES, *REST, *ELSEWHERE)
