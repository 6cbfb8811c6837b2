"""Rules of a component that concern more than the grammar of one field."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.model.component import Component, Kind
from generator.schema import needs

if TYPE_CHECKING:
    from generator.model.component import Autoscaling, ConfigFile, EnvVar, Probe
    from generator.schema.report import Place

KEY = re.compile(r"(?!\.\.?$)[A-Za-z0-9._-]{1,253}")
GATEWAY = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?/[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")


def _cron(unit: str) -> str:
    one = rf"(\*|\?|{unit}(-{unit})?)(/[1-9][0-9]?)?"
    return rf"{one}(,{one})*"


_UNITS = (
    "[0-5]?[0-9]",
    "(1?[0-9]|2[0-3])",
    "([12][0-9]|3[01]|[1-9])",
    "(1[0-2]|[1-9]|[A-Za-z]{3})",
    "([0-7]|[A-Za-z]{3})",
)
CRON = re.compile(rf"@(hourly|daily|weekly|monthly|yearly)|{' '.join(map(_cron, _UNITS))}")
ZONE = re.compile(r"Etc/UTC|UTC|[A-Za-z_]+(/[A-Za-z0-9_+-]+){1,2}")

# The beginnings that issuers give their tokens so that they can be found, and the head of a private key.
_SECRET = re.compile(
    r"AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{30}|github_pat_[A-Za-z0-9_]{30}|glpat-[A-Za-z0-9_-]{20}"
    r"|://[^/\s:@$]{1,100}:[^/\s@$]{1,200}@"  # a user with a password in a URL
    r"|xox[abprs]-[A-Za-z0-9-]{10}|-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----"
    r"|(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,5000}\.eyJ[A-Za-z0-9_-]{10}"
)


def refuse_secret(text: str, place: Place, field: str) -> None:
    """A definition names Secrets and never holds them; the message does not repeat what it found."""
    if _SECRET.search(text):
        hint = "take it back from its issuer, for Git keeps it; put the new one into a Secret and name that"
        place.add(f"{place.full(field)} looks like a credential", hint, at=field)


def env(one: EnvVar, place: Place) -> None:
    """A value must not be a credential."""
    refuse_secret(one.value, place, "value")


def file(one: ConfigFile, place: Place) -> None:
    """Nor must a file hold one."""
    refuse_secret(one.text, place, "text")


def autoscaling(one: Autoscaling, place: Place) -> None:
    """Bounds in order, and something to go by."""
    if one.least > one.most:
        place.add(f"{place.full('min')} is {one.least}, more than max, which is {one.most}", at="min")
    if not (place.has("cpu") or place.has("memory")):
        place.add(f"{place.where} needs cpu or memory", "say what the number of pods goes by")


def component(one: Component, place: Place) -> None:
    """What the fields of a component ask of one another."""
    if one.image and not _is_fixed(one.image):
        message = f"{place.full('image')} has neither a tag nor a digest"
        place.add(message, "name a version, so that a release stays the same", at="image")
    if one.image.endswith(":latest"):
        place.add(f"{place.full('image')} is :latest", "name a version, so that a release stays the same", at="image")
    if one.kind is Kind.CRON_JOB and not one.schedule:
        place.add(f"{place.full('schedule')} is missing", "say when the CronJob runs, such as 30 3 * * *")
    if one.autoscaling and place.has("replicas"):
        place.add(f"{place.where} has both replicas and autoscaling", "leave replicas out", at="replicas")
    _check_update(one, place)
    _check_ports(one, place)
    _check_offers(one, place)
    _check_mounts(one, place)
    needs.check(one, place)


def _is_fixed(image: str) -> bool:
    return ":" in image.rpartition("/")[2]  # of a digest too


def _check_update(one: Component, place: Place) -> None:
    wrong = {Kind.STATEFUL_SET: "startFirst", Kind.DEPLOYMENT: "parallel", Kind.DAEMON_SET: "parallel"}.get(one.kind)
    if one.update.order and one.update.order == wrong:
        place.add(f"{place.full('update.order')} cannot be {wrong} for a {one.kind.value}", at="update")
    if one.update.at_once and one.kind is Kind.STATEFUL_SET:
        place.add(f"{place.full('update.atOnce')} is not for a StatefulSet, which goes one by one", at="update")


def _check_ports(one: Component, place: Place) -> None:
    known = [port.name for port in one.ports if port.protocol == "TCP"]
    for field, needed in (("service", one.ports), ("route", known)):
        if place.has(field) and not needed:
            place.add(f"{place.full(field)} needs ports", at=field)
    if one.route and one.route.port and one.route.port not in known:
        _unknown_port(place, "route", "route.port", one.route.port, known)
    probes = {"startup": one.probes.startup, "readiness": one.probes.readiness, "liveness": one.probes.liveness}
    for name, probe in probes.items():
        if probe:
            _check_probe(name, probe, known, place)


def _check_offers(one: Component, place: Place) -> None:
    """A Service tells its ports apart by number and protocol."""
    first: dict[tuple[int, str], str] = {}
    for index, port in enumerate(one.ports):
        number = port.service or port.port
        other = first.setdefault((number, port.protocol), port.name)
        if other != port.name:
            message = f"{place.full(f'ports[{index}]')} offers {number} ({port.protocol}) like port '{other}'"
            place.add_at(("ports", index), message, "give one of them another service")


def _check_probe(name: str, probe: Probe, known: list[str], place: Place) -> None:
    wanted = probe.http.port if probe.http else probe.tcp
    if wanted and wanted not in known:
        _unknown_port(place, "probes", f"probes.{name}", wanted, known)
    elif probe.http and not known:
        place.add(f"{place.full(f'probes.{name}.http')} needs ports", at="probes")


def _unknown_port(place: Place, field: str, full: str, port: str, known: list[str]) -> None:
    place.add(f"{place.full(full)} names the port '{port}'; there is {', '.join(known) or 'none'}", at=field)


def _check_mounts(one: Component, place: Place) -> None:
    names = [*{each.name for each in one.storage}, *{each.name for each in one.volumes}]  # each list told its own
    paths = [*{each.path for each in one.files}, *(each.path for each in one.storage)]
    paths += [each.path for each in one.volumes]
    for what, found, at in (("volume", names, "volumes"), ("path", paths, "volumes")):
        for double in sorted({each for each in found if each and found.count(each) > 1}):
            place.add(f"{place.where} has two of the {what} '{double}'", at=at)
