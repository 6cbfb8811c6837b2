"""An API server that is asked what it would do."""

from __future__ import annotations

from urllib.parse import urlencode

from generator.cluster.api import Api, Object, ref_of
from generator.model.names import FIELD_MANAGER


class DryRun(Api):
    """One API server, in which nothing is changed by an apply."""

    def apply(self, item: Object, *, force: bool) -> Object:
        """The object as server-side apply would leave it: defaulted, validated and admitted, but not stored."""
        query = urlencode({"fieldManager": FIELD_MANAGER, "force": str(force).lower(), "dryRun": "All"})
        path = f"{self._path(ref_of(item))}?{query}"
        found: Object = self.transport.request("PATCH", path, item, content_type="application/apply-patch+yaml")
        return found
