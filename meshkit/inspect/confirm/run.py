"""The whole confirmation: every proxy of a mesh, and again while IAM may not have settled."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from meshkit.inspect.confirm import access, ec2, ecs, eks, functions
from meshkit.inspect.confirm.remark import CantTellError, Remark, Row
from meshkit.inspect.confirm.workload import Proxy, Seen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from meshkit.inspect.confirm.remark import Kind
    from meshkit.inspect.confirm.workload import Site
    from meshkit.topology.model import Compute, Endpoint

WORKERS = 8
"""How many proxies are looked at side by side: nearly all of the time is spent on waiting."""
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 15.0
"""Seconds between two looks; each pause is twice the one before."""

_LOOKS: dict[Compute, Callable[[Proxy], Seen]] = {
    "ecs": ecs.look,
    "irsa": eks.look,
    "pod-identity": eks.look,
    "node-role": eks.look,
    "ec2": ec2.look,
    "lambda": functions.look,
}


_ORDER: tuple[Kind, ...] = ("missing", "unknown", "unseen", "note")


class Watcher:
    """Told how a confirmation goes on. This one does not care."""

    def looked(self, done: int, total: int) -> None:
        """``done`` of ``total`` proxies were looked at in this round."""

    def waiting(self, rows: tuple[Row, ...], seconds: float) -> None:
        """Some proxies will be looked at again, for at most so many seconds."""


def confirm(
    site: Site,
    endpoints: Iterable[Endpoint],
    *,
    wait: float = 0.0,
    watcher: Watcher | None = None,
    workers: int = WORKERS,
) -> tuple[Row, ...]:
    """Look at the proxies of some endpoints, and return what was found, in their order.

    A proxy that lacks something which IAM may be about to show is looked at again for up to
    ``wait`` seconds.
    """
    watching = watcher or Watcher()
    rows = _round(site, list(endpoints), watching, workers)
    end, pause = time.monotonic() + wait, FIRST_PAUSE
    while (left := end - time.monotonic()) > 0:
        again = tuple(row for row in rows.values() if row.settling)
        if not again:
            break
        watching.waiting(again, left)
        time.sleep(min(pause, left))
        pause = min(2 * pause, LONGEST_PAUSE)
        known = _endpoints(site)
        rows |= _round(site, [known[row.arn] for row in again], watching, workers)
    return tuple(rows.values())


def _endpoints(site: Site) -> dict[str, Endpoint]:
    found: tuple[Endpoint, ...] = (*site.mesh.nodes.values(), *site.mesh.gateways.values())
    return {each.arn: each for each in found}


def _round(
    site: Site, endpoints: list[Endpoint], watching: Watcher, workers: int
) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    with ThreadPoolExecutor(workers) as pool:
        for row in pool.map(lambda each: row_of(site, each), endpoints):
            rows[row.arn] = row
            watching.looked(len(rows), len(endpoints))
    return rows


def row_of(site: Site, endpoint: Endpoint) -> Row:
    """What is found out about the proxy of one endpoint."""
    role = site.mesh.roles[endpoint.role]
    filled = site.texts.filled(role.arn, role.owner.context)
    arn = filled if isinstance(filled, str) else None
    remarks: tuple[Remark, ...]
    try:
        account = site.accounts.of(endpoint.owner)
    except CantTellError as error:
        seen, remarks = Seen(""), (error.remark,)
    else:
        proxy = Proxy(site, endpoint, role, arn, account)
        seen = _seen(proxy)
        remarks = (*seen.remarks, *access.look(proxy, seen))
    return Row(
        endpoint=endpoint.name,
        kind=endpoint.kind,
        arn=endpoint.arn,
        account=endpoint.owner.key,
        account_id=endpoint.owner.id,
        compute=role.compute,
        workload=site.texts.hide(seen.where),
        role=arn,
        remarks=_merged(_hidden(site, each) for each in remarks),
    )


def _seen(proxy: Proxy) -> Seen:
    try:
        return _LOOKS[proxy.role.compute](proxy)
    except CantTellError as error:
        return Seen("", remarks=(error.remark,))


def _merged(remarks: Iterable[Remark]) -> tuple[Remark, ...]:
    """The remarks, each text once, with all that belongs to it."""
    found: dict[str, Remark] = {}
    for each in remarks:
        known = found.setdefault(each.text, each)
        look = tuple(dict.fromkeys((*known.look, *each.look)))
        found[each.text] = replace(known, look=look)
    return tuple(sorted(found.values(), key=lambda each: _ORDER.index(each.kind)))


def _hidden(site: Site, remark: Remark) -> Remark:
    hide = site.texts.hide
    return replace(
        remark,
        text=hide(remark.text),
        mend=tuple(map(hide, remark.mend)),
        look=tuple(map(hide, remark.look)),
    )
