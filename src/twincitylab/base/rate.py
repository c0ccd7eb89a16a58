"""How many requests one address may send within a minute: counted exactly among the threads of a process."""

import ipaddress
import threading
import time
from collections import OrderedDict, deque

from django.conf import settings
from django.http import HttpRequest

WINDOW_SECONDS = 60.0
MOST_ADDRESSES = 20_000
IPV6_NETWORK_BITS = 64


class PerMinute:
    """A sliding minute per client address; the last requests of each are remembered in this process.

    Several processes count each for themselves. An IPv6 client is its /64 network, which is one household.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()
        self._answers = threading.local()

    def allow_request(self, request: HttpRequest) -> bool:
        """Count this request; False when the address has used up its minute."""
        most = settings.API_RATE_PER_MINUTE
        if most <= 0:
            return True
        now = time.monotonic()
        with self._lock:
            times = self._times(client_address(request))
            while times and times[0] <= now - WINDOW_SECONDS:
                times.popleft()
            if len(times) < most:
                times.append(now)
                return True
            self._answers.wait = times[0] + WINDOW_SECONDS - now
            return False

    def wait(self) -> float:
        """Seconds until the address may ask again."""
        return float(self._answers.wait)

    def forget(self) -> None:
        """Start afresh."""
        with self._lock:
            self._seen.clear()

    def _times(self, address: str) -> deque[float]:
        times = self._seen.setdefault(address, deque())
        self._seen.move_to_end(address)
        while len(self._seen) > MOST_ADDRESSES:
            self._seen.popitem(last=False)
        return times


def client_address(request: HttpRequest) -> str:
    """The address of the peer. A header could be forged, so behind a proxy it must set REMOTE_ADDR right."""
    text = str(request.META.get("REMOTE_ADDR", ""))
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    if address.version == 4:
        return text
    return str(ipaddress.ip_network((int(address), IPV6_NETWORK_BITS), strict=False))


class TooManyRequests(Exception):
    """One address asked for more than its share of what takes long."""


def admit(request: HttpRequest) -> None:
    """Count what is computed for one visitor alone against the minute of the address."""
    if not per_minute.allow_request(request):
        raise TooManyRequests


per_minute = PerMinute()
