"""hack/dev demo: part one needs no cluster and takes seconds; part two makes one, and delivers for real."""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from generator.model.errors import PushboatError
from hack.demo import live, local, screen
from hack.stage.borrow import borrow

WORK = Path(__file__).resolve().parents[2] / ".work" / "demo"


def main() -> int:
    options = _options()
    try:
        if options.clean:
            _clean(options.kubeconfig)
            return 0
        local.show(WORK / "local")
        if not options.embedded:
            live.show(WORK / "live", options.kubeconfig)
        else:
            screen.put("\nThat was part one. hack/dev demo goes on to a real cluster.")
    except KeyboardInterrupt:
        screen.put("\nstopped; hack/dev demo --clean takes away what was made")
        return 130
    except (RuntimeError, PushboatError, OSError, subprocess.CalledProcessError) as error:
        _failed(error)
        return 1
    return 0


def _options() -> Namespace:
    parser = ArgumentParser(prog="hack/dev demo", description=__doc__)
    parser.add_argument("--embedded", action="store_true", help="only part one, without a cluster")
    parser.add_argument("--kubeconfig", default="", metavar="FILE", help="use this cluster, instead of one of our own")
    parser.add_argument("--clean", action="store_true", help="take away what an earlier demo made on the cluster")
    return parser.parse_args()


def _clean(kubeconfig: str) -> None:
    borrow(kubeconfig, "env")
    live.clear(live.stage_of(WORK / "live"))
    screen.put("the demo's namespaces and its repository are gone")


def _failed(error: Exception) -> None:
    home = os.environ.get("DEVCLUSTER_HOME", f"{Path.home()}/.cache/devcluster")
    screen.put()
    screen.put(f"{screen.paint('The demo failed:', 'red')} {error}")
    screen.fields(
        [
            ("runs", f"kubectl -n {live.NAMESPACE} get pipelineruns,taskruns,pods"),
            ("their logs", f"pushboat logs {local.APP} -n {live.NAMESPACE} --no-follow"),
            ("the listener", f"kubectl -n {live.NAMESPACE} logs deployment/el-pushboat"),
            ("the cluster", f"{home}/state/log, {home}/src/*/build.log, where it is devcluster"),
            ("files", f"{WORK}"),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
