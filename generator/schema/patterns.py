"""The grammars of names and references that people write."""

import re

from generator.model.names import LABEL, LABEL_WHAT, MAX_APP
from generator.schema.types import Text

NAME = re.compile(rf"(?={LABEL.pattern}$)(?=.{{1,{MAX_APP}}}$)[a-z].*")
NAME_WHAT = f"at most {MAX_APP} lower-case letters, digits and hyphens, starting with a letter"
# Reference grammar of the OCI distribution specification, with a registry's host and port before it.
_PART = r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*"
_TAG = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"
_IMAGE = re.compile(
    rf"([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{{1,5}})?/)?{_PART}(/{_PART})*(:{_TAG})?(@sha256:[0-9a-f]{{64}})?"
)
# Prefixed keys of our own and of Kubernetes' are not people's to set.
_DOMAIN = r"([a-z0-9]([-a-z0-9]*[a-z0-9])?\.)*[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_KEY = r"[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?"
LABEL_KEY = re.compile(
    rf"(?!([a-z0-9.-]*\.)?(pushboat\.dev|kubernetes\.io|k8s\.io)/)((?=.{{1,253}}/){_DOMAIN}/)?{_KEY}"
)
ANNOTATION_KEY = re.compile(rf"(?!([a-z0-9.-]*\.)?pushboat\.dev/)((?=.{{1,253}}/){_DOMAIN}/)?{_KEY}")
RESOURCE = re.compile(rf"cpu|memory|ephemeral-storage|hugepages-[0-9]+[KMG]i|{_DOMAIN}/{_KEY}")
_HOST = r"(\*\.)?[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)+"
_RELATIVE = r"(?!.*(^|/)\.\.?(/|$))[A-Za-z0-9._@+-]+(/[A-Za-z0-9._@+-]+)*"
_NUMBER_OR_SHARE = re.compile(r"[1-9][0-9]{0,3}|([1-9][0-9]?|100)%")

APP_NAME = Text(NAME, NAME_WHAT, word="name")
OBJECT_NAME = Text(LABEL, LABEL_WHAT, word="name")
DOTTED_NAME = Text(
    re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?"),
    "a name of lower-case letters, digits, hyphens and dots",
    word="name",
)
IMAGE = Text(_IMAGE, "an image reference such as registry.example/team/app:1.0", most=512, word="image")
QUANTITY = Text(
    re.compile(r"[0-9]+(\.[0-9]+)?(m|k|Ki|M|Mi|G|Gi|T|Ti)?"), "a quantity such as 250m or 128Mi", word="quantity"
)
SIZE = Text(re.compile(r"[1-9][0-9]{0,8}(\.[0-9]+)?(k|Ki|M|Mi|G|Gi|T|Ti)?"), "a size such as 10Gi", word="quantity")
# Neither of the kernel's own trees nor of the token that a pod speaks to the API server with.
_TAKEN = r"(?!/(proc|sys|(var/)?run/secrets/kubernetes\.io)(/|$))"
ABSOLUTE = Text(
    re.compile(rf"{_TAKEN}(?!.*(/\.\.?(/|$)|//))/[A-Za-z0-9._/@+-]*[A-Za-z0-9._@+-]"),
    "an absolute path of letters, digits and ._@+- without a slash at its end, and not below /proc, /sys or the "
    "service account's token",
    most=1024,
    word="path",
)
BESIDE = Text(re.compile(_RELATIVE), "a file beside app.yaml", most=400, word="path")
BESIDE_FOLDER = Text(re.compile(rf"\.|{_RELATIVE}"), "a file or folder beside app.yaml", most=400, word="path")
HOST = Text(re.compile(_HOST), "a host name such as shop.example.com", most=253, word="host name")
NUMBER_OR_SHARE = Text(_NUMBER_OR_SHARE, "a number of pods or a percentage such as 25%", word="number or percentage")
LABEL_VALUE = Text(
    re.compile(r"([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?"), "a label value of at most 63 characters"
)
PORT_NAME = Text(
    re.compile(r"(?!.*--)(?=.*[a-z])[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?"),
    "at most 15 lower-case letters, digits and hyphens",
    word="name",
)
ENV_NAME = Text(re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*"), "letters, digits, '_', '.' and '-'", most=253, word="name")
PROBE_PATH = Text(re.compile(r"/[A-Za-z0-9._~!&'()*+,;=:@%/?-]*"), "a path such as /healthz", most=1024, word="path")
URL_PATH = Text(re.compile(r"/[A-Za-z0-9._~!&'()*+,;=:@%/-]*"), "a path such as /healthz", most=1024, word="path")
