"""What a container sees of files and volumes, field by field."""

from generator.model import component as model
from generator.schema import patterns, rules
from generator.schema.object import Field, Object
from generator.schema.types import Flag, Text

_PATH = Field("path", patterns.ABSOLUTE, "Where the container sees it.", required=True, example="/var/lib/data")

FILE = Object(
    model.ConfigFile,
    (
        _PATH,
        Field("text", Text(most=262144), "The content.", example="colour = blue"),
        Field("from", patterns.BESIDE, "A file beside `app.yaml` instead.", example="conf/app.conf", to="source"),
    ),
    one_of=(("text", "from"),),
    check=rules.file,
)
STORAGE = Object(
    model.Storage,
    (
        Field("name", patterns.OBJECT_NAME, "The template's name.", required=True, example="data"),
        _PATH,
        Field("size", patterns.SIZE, "How much.", required=True, example="20Gi"),
        Field("storageClass", patterns.DOTTED_NAME, "A StorageClass.", default="the cluster's default", example="fast"),
    ),
)
_TEMPORARY = Object(
    model.Temporary,
    (
        Field("size", patterns.SIZE, "How much it may hold.", default="no bound of its own", example="1Gi"),
        Field("memory", Flag(), "Keep it in memory; it counts against the container's limit."),
    ),
)
VOLUME = Object(
    model.Volume,
    (
        Field("name", patterns.OBJECT_NAME, "The volume's name.", required=True, example="cache"),
        _PATH,
        Field("temporary", _TEMPORARY, "Space that goes with the pod.", example="{size: 1Gi}"),
        Field("claim", patterns.DOTTED_NAME, "A PersistentVolumeClaim that is there.", example="shared-media"),
        Field("configMap", patterns.DOTTED_NAME, "A ConfigMap that is there.", example="shared-settings"),
        Field("secret", patterns.DOTTED_NAME, "A Secret that is there, only named here.", example="orders-tls"),
        Field("readOnly", Flag(), "Mount it for reading only."),
    ),
    one_of=(("temporary", "claim", "configMap", "secret"),),
)
