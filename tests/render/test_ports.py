from __future__ import annotations

from compiler.model.host import Listener
from compiler.model.manifest import PortSettings
from compiler.model.registry import Registry
from compiler.ownership.registry import Edited
from compiler.render.claims import claims_text, moves_text
from compiler.render.ports import NEW, PortReport, Published, ports_text

SETTINGS = PortSettings("127.0.0.1", 8000, 8009, "PORTS.json", ("ports",))
WEB = Published(8000, "web", "web", "default", "WEB_PORT", only_dev=False, source=NEW)


def report(registry: Registry, *listeners: Listener) -> PortReport:
    """A project with one port, and who listens."""
    return PortReport("shop", SETTINGS, registry, (WEB,), {one.port: [one] for one in listeners})


def test_a_range_that_does_not_meet_ours_is_told() -> None:
    text = ports_text(report(Registry("PORTS.json", ranges={"shop": range(3000, 3100)})))
    assert "PORTS.json means 3000-3099 for shop: write it as `ports.range`\n" in text


def test_what_is_meant_for_us_and_others_is_ours() -> None:
    shared = report(Registry("PORTS.json", ranges={"shop": range(8000, 8003), "bank": range(8002, 8006)}))
    assert shared.free() == [range(8001, 8003), range(8006, 8010)]
    assert "meant for others: 8002-8005 bank\n" in ports_text(shared)


def test_listeners_and_owners_are_told_without_moving_the_cursor() -> None:
    registry = Registry("PORTS.json", {8005: "a\x1b[31mb", 8006: ""})
    text = ports_text(report(registry, Listener(8000, "0.0.0.0", "we\nb", 7), Listener(8006, "::1")))
    assert "  8000  web      new   -         we\\nb, process 7, at 0.0.0.0\n" in text
    assert "  8005  a\\x1b[31mb\n" in text
    assert "  8006  somebody    another program, at ::1\n" in text


def test_a_port_that_somebody_listens_on_is_not_free() -> None:
    assert report(Registry(), Listener(8004, "127.0.0.1", "x", 1)).free() == [range(8001, 8004), range(8005, 8010)]


def test_what_was_claimed_and_released() -> None:
    edited = Edited("", claimed={8000: "shop/web", 80: "shop/api"}, released={8000: "shop/old", 8001: "shop/web"})
    assert claims_text(edited, "PORTS.json", 3, check=False) == (
        "  + 80     shop/api\n  ~ 8000   shop/web, was shop/old\n  - 8001   shop/web\n"
        "PORTS.json: 2 claimed, 1 released, 3 unchanged\n"
    )
    assert claims_text(edited, "PORTS.json", 3, check=True).endswith(
        "PORTS.json: would be 2 claimed, 1 released, 3 unchanged\n"
    )
    assert claims_text(Edited(""), "PORTS.json", 3, check=True) == "PORTS.json: 3 unchanged\n"


def test_what_moves() -> None:
    before, after = {"web": 8000, "api": 8001, "gone": 8002, "same": 8003}, {"web": 8004, "api": 8005, "same": 8003}
    assert moves_text(before, after, {8000: "bank/web"}) == (
        "`web` moves from host port 8000 to 8004 with the next `periplus compile`: the registry gives 8000 to `bank/web`\n"
        "`api` moves from host port 8001 to 8005 with the next `periplus compile`\n"
    )
