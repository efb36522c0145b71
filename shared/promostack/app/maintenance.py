"""All sweeping on one screen: what work/maintenance clears away, and the re-keying of secrets.

Each job takes small batches, each batch transactions of its own, and none has a memory: what is left is found again by
its state, so that a run may be killed anywhere and two may run at once.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from promostack.auth import retention as auth
from promostack.core import clock, ids, log
from promostack.core.errors import PromoError
from promostack.coupons import retention as coupons
from promostack.delivery import retention as delivery
from promostack.integrations import spaces
from promostack.publishing import expiry
from promostack.telegram import retention as telegram
from promostack.tenants import invitations, limits, listing, secrets

BATCH = 200
_TENANTS_A_PAGE = 500
_log = log.get("maintenance")

# (tenant, now, most) → how many it dealt with; fewer than `most` means that nothing is left.
TenantSweep = Callable[[str, datetime, int], int]
PlatformSweep = Callable[[datetime, int], int]


@dataclass(frozen=True)
class Job:
    """One kind of leftover; the name is what the log counts."""

    name: str
    of_tenant: TenantSweep | None = None
    of_platform: PlatformSweep | None = None


def jobs() -> tuple[Job, ...]:
    """What is done, in this order, each with a fair share of the time."""
    private, public = spaces.private_bucket(), spaces.public_bucket()
    return (
        Job("resealed", rekey),
        Job("uploads_unfinished", partial(expiry.sweep_uploads, private=private, public=public)),
        Job("logos_replaced", partial(expiry.sweep_logos, public=public)),
        Job("renders_unused", partial(expiry.sweep_renders, public=public)),
        Job("rate_limits_over", limits.sweep),
        Job("coupon_checks_expired", coupons.sweep_checks),
        Job("coupon_misses_old", coupons.sweep_misses),
        Job("invitations_ended", invitations.sweep),
        Job("updates_finished", telegram.sweep_updates),
        Job("messages_finished", telegram.sweep_messages),
        Job("chats_idle", delivery.sweep_chats),
        Job("login_tries_over", of_platform=auth.sweep_tries),
        Job("auth_failures_old", of_platform=auth.sweep_failures),
    )


def run(seconds: float) -> dict[str, int]:
    """Does every job within its share of the time left; returns counts by job, and how many batches failed."""
    counts, failed = {}, 0
    deadline = time.monotonic() + seconds
    todo = jobs()
    for number, job in enumerate(todo):
        share = (deadline - time.monotonic()) / (len(todo) - number)
        counts[job.name], failures = _run(job, time.monotonic() + share)
        failed += failures
    return {**counts, "failed": failed}


def rekey(tenant_id: str, now: datetime, most: int) -> int:
    """Seals anew what an older key seals, all of the tenant's: what cannot be opened is stepped over."""
    done, position = 0, ("", "")
    while True:
        batch = secrets.rekey(tenant_id, most=most, after=position)
        done += batch.done
        if batch.position is None:
            return done
        position = batch.position


def _run(job: Job, until: float) -> tuple[int, int]:
    """(how many were dealt with, how many batches failed); one tenant's failure keeps no other waiting."""
    now = clock.SystemClock().now()
    count = failures = 0
    for batch in _batches(job, now):
        try:
            done = batch(BATCH)
            while done:
                count += done
                done = batch(BATCH) if done == BATCH and time.monotonic() < until else 0
        except PromoError as error:
            failures += 1
            _log.error("sweep_failed", job=job.name, code=error.code, cause=repr(error.__cause__))
        except Exception as error:  # a bug in one job must not stop the clearing away of everything else
            failures += 1
            _log.error("sweep_failed", job=job.name, kind=type(error).__name__, detail=log.trace(error))
        if time.monotonic() >= until:
            _log.warning("out_of_time", job=job.name, count=count)
            break
    return count, failures


def _batches(job: Job, now: datetime) -> Iterator[Callable[[int], int]]:
    if job.of_platform is not None:
        yield partial(job.of_platform, now)
    if job.of_tenant is not None:
        for tenant_id in _tenants_from_anywhere():
            yield partial(job.of_tenant, tenant_id, now)


def _tenants_from_anywhere() -> Iterator[str]:
    """Every tenant once, beginning at a random one: a run that ends early must not always leave out the same ones."""
    start = ids.new_id()
    yield from _pages(start, None)
    yield from _pages(None, start)


def _pages(after: str | None, last: str | None) -> Iterator[str]:
    while page := listing.list_ids(after=after, most=_TENANTS_A_PAGE):
        for tenant_id in page:
            if last is not None and tenant_id > last:
                return
            yield tenant_id
        after = page[-1]
