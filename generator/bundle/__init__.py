"""From a platform and the sources in tasks/, pipelines/ and triggers/ to the bundle: a pure function, no network."""
