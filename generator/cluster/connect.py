"""Connections to an API server: from inside a pod, or from a person's kubeconfig."""

from __future__ import annotations

import os
import ssl
from pathlib import Path

from generator.cluster.api import Api
from generator.model.errors import UserError
from generator.transport import Transport

ENV_ACCOUNT = "PUSHBOAT_ACCOUNT"


def _account() -> Path:
    """Where the kubelet mounts the service account's token and the cluster's own authority."""
    return Path(os.environ.get(ENV_ACCOUNT, "/var/run/secrets/kubernetes.io/serviceaccount"))


def in_cluster() -> Api:
    """The API server of the pod's own cluster, as the pod's service account."""
    host, port = os.environ.get("KUBERNETES_SERVICE_HOST"), os.environ.get("KUBERNETES_SERVICE_PORT", "443")
    if not host:
        raise UserError("this is not a pod: KUBERNETES_SERVICE_HOST is not set")
    name = f"[{host}]" if ":" in host else host
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # only the cluster's own authority: loading the system's costs 30 ms
    tls.load_verify_locations(cafile=str(_account() / "ca.crt"))
    return Api(Transport(f"https://{name}:{port}", _account_headers, tls=tls))


def _account_headers() -> dict[str, str]:
    token = (_account() / "token").read_text().strip()
    return {"Authorization": f"Bearer {token}"}


def from_kubeconfig(path: str | None = None, context: str | None = None) -> Api:
    """The API server a kubeconfig names, with whatever way of logging in it names."""
    from kubernetes import client, config  # noqa: PLC0415 - 280 ms, and only the command line needs it

    settings = client.Configuration()
    try:
        config.load_kube_config(config_file=path, context=context, client_configuration=settings)  # type: ignore[no-untyped-call]
    except config.ConfigException as error:
        raise UserError(f"no cluster to ask: {error}; give --kubeconfig or set KUBECONFIG") from error
    tls = ssl.create_default_context(cafile=settings.ssl_ca_cert)
    if settings.cert_file:
        tls.load_cert_chain(settings.cert_file, settings.key_file)
    if not settings.verify_ssl:
        tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
    return Api(Transport(settings.host, lambda: _login_headers(settings), tls=tls, patience=5.0))


def _login_headers(settings: object) -> dict[str, str]:
    token = settings.get_api_key_with_prefix("BearerToken", alias="authorization")  # type: ignore[attr-defined]
    return {"Authorization": token} if token else {}
