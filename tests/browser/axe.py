"""What axe finds on a page that is open, with scripts: without them it never ends."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe

SERIOUS = {"serious", "critical"}
_axe = Axe()


def faults(page) -> list[str]:
    """What axe calls serious or critical, one line each."""
    found = _axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{page.url}: {one['id']} {one['help']}: {[node['target'] for node in one['nodes']][:4]}"
        for one in found
        if one["impact"] in SERIOUS
    ]
