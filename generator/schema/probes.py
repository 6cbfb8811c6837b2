"""Probes, field by field."""

from generator.model import component as model
from generator.schema import patterns
from generator.schema.collections import ListOf, OrWord
from generator.schema.object import Field, Object
from generator.schema.types import Duration, Integer, Text

_HTTP = Object(
    model.HttpCheck,
    (
        Field("path", patterns.PROBE_PATH, "What is asked for.", example="/healthz"),
        Field("port", patterns.PORT_NAME, "The name of a port.", default="the first one", example="http"),
    ),
)
_PROBE = Object(
    model.Probe,
    (
        Field("http", _HTTP, "A GET that must answer with 200 to 399.", example="{path: /healthz}"),
        Field("tcp", patterns.PORT_NAME, "The name of a port that must accept a connection.", example="sql"),
        Field("grpc", Integer(1, 65535), "A port with the gRPC health service.", example="9090"),
        Field("command", ListOf(Text(), least=1), "A command that must end with 0.", example="[redis-cli, ping]"),
        Field("period", Duration(), "How often.", example="5s"),
        Field("timeout", Duration(), "How long an answer may take.", example="3s"),
        Field("failures", Integer(1, 1000), "How many noes in a row count.", example="5"),
    ),
    one_of=(("http", "tcp", "grpc", "command"),),
)
_EACH = OrWord(_PROBE, "none", model.NO_PROBE)
_DERIVED = "derived from `ports`"

PROBES = Object(
    model.Probes,
    (
        Field("startup", _EACH, "Until it says yes the others wait.", default=_DERIVED, example="none"),
        Field(
            "readiness",
            _EACH,
            "While it says no the Service sends nothing here.",
            default=_DERIVED,
            example="{http: {path: /ready}}",
        ),
        Field(
            "liveness",
            _EACH,
            "When it says no the container is restarted. Never derived: a guess that restarts does more harm than "
            "good.",
            example="{tcp: sql, failures: 6}",
        ),
    ),
)
