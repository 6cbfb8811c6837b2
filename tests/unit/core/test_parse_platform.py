from __future__ import annotations

import pytest

from generator.core.parse_platform import parse_platform
from generator.model.platform import Kinds, Limits, Platform, Repository, Target

MINIMAL = """\
apiVersion: pushboat.dev/v1alpha1
kind: Platform
spec:
  namespace: pushboat
  image: step:1
  repositories:
    - {name: shop, forge: gitea, url: "https://git.example.com/team/shop"}
  targets:
    - {name: default, namespace: shop}
"""


def test_defaults() -> None:
    platform, problems = parse_platform(MINIMAL.encode(), "p.yaml")
    assert problems == ()
    shop = Repository(
        "shop", "https://git.example.com/team/shop", "gitea", "shop-webhook", "shop-git", "shop-git", "shop-git"
    )
    assert platform == Platform("pushboat", "step:1", (shop,), (Target("default", "shop"),))


def test_every_field() -> None:
    text = """\
apiVersion: pushboat.dev/v1alpha1
kind: Platform
spec:
  namespace: deliveries
  image: registry.example:5000/step@sha256:%s
  catchUp: "0 */2 * * 1-5"
  limits: {pods: 9}
  egressPorts: [8443, 6444]
  repositories:
    - name: shop
      forge: github
      url: http://127.0.0.1:3000/Team/shop.git
      branch: release/1.x
      path: deploy/apps
      webhookSecret: a
      credential: b
      statusCredential: c
      writeCredential: d
      targets: [two]
  targets:
    - {name: one, namespace: ns-one}
    - {name: two, namespace: ns-two, kinds: [{group: example.com, resources: [widgets, gadgets]}]}
""" % ("a" * 64)
    platform, problems = parse_platform(text.encode(), "p.yaml")
    assert problems == ()
    url = "http://127.0.0.1:3000/Team/shop"
    shop = Repository("shop", url, "github", "a", "b", "c", "d", "release/1.x", "deploy/apps", ("two",))
    targets = (Target("one", "ns-one"), Target("two", "ns-two", (Kinds(("widgets", "gadgets"), "example.com"),)))
    image = f"registry.example:5000/step@sha256:{'a' * 64}"
    assert platform == Platform(
        "deliveries", image, (shop,), targets, egress_ports=(8443, 6444), catch_up="0 */2 * * 1-5", limits=Limits(9)
    )
    assert platform
    assert platform.targets_of(platform.repositories[0]) == ("two",)


PROBLEMS = [
    ("kind: Platform", "kind: Platfrom", "2:7: error: kind is 'Platfrom'; did you mean Platform?"),
    ("  namespace: pushboat\n", "", "4:3: error: spec.namespace is missing"),
    ("namespace: pushboat", "namespace: Push_boat", "4:14: error: spec.namespace is 'Push_boat'; it must be a name"),
    ("namespace: pushboat", f"namespace: {'a' * 64}", "4:14: error: spec.namespace is"),
    ("image: step:1", "image: step", "5:10: error: spec.image is 'step'; it must be an image with a tag or digest"),
    ("image: step:1", "image: step:latest", "5:10: error: spec.image is :latest (name a version"),
    ("image: step:1", "image: step:1\n  catchUp: often", "6:12: error: spec.catchUp is 'often'; it must be a cron"),
    (
        "image: step:1",
        "image: step:1\n  limits: {pods: 1}",
        "6:18: error: spec.limits.pods must be a whole number from 5",
    ),
    (
        "image: step:1",
        "image: step:1\n  limits: {pod: 9}",
        "6:12: error: spec.limits.pod is not a field; did you mean p",
    ),
    ("image: step:1", "image: step:1\n  repos: []", "6:3: error: spec.repos is not a field"),
    (
        "name: shop,",
        "name: Shop,",
        "7:14: error: spec.repositories[0].name is 'Shop'; it must be at most 24 lower-case",
    ),
    ("name: shop,", f"name: {'a' * 25},", "spec.repositories[0].name is 'aaaa"),
    ("forge: gitea", "forge: gite", "7:27: error: spec.repositories[0].forge is 'gite'; did you mean gitea?"),
    (
        "https://git.example.com/team/shop",
        "https://user:x@git.example.com/team/shop",
        "it must be https://HOST/OWNER/REPOS",
    ),
    (
        "https://git.example.com/team/shop",
        "git@git.example.com:team/shop",
        "it must be https://HOST/OWNER/REPOSITORY, wi",
    ),
    ("https://git.example.com/team/shop", "file:///team/shop", "it must be https://HOST/OWNER/REPOSITORY, wi"),
    ("https://git.example.com/team/shop", "https://git.example.com:99999/team/shop", "repositories[0].url"),
    ("https://git.example.com/team/shop", "https://git.example.com:65536/team/shop", "repositories[0].url"),
    ("https://git.example.com/team/shop", "https://git.example.com:0/team/shop", "repositories[0].url"),
    (
        "image: step:1",
        "image: step:1\n  egressPorts: [65536]",
        "spec.egressPorts[0] must be a whole number from",
    ),
    (
        'team/shop"}',
        'team/shop", branch: "--upload-pack=x"}',
        "branch is '--upload-pack=x'; it must be the name of a b",
    ),
    ('team/shop"}', 'team/shop", branch: "a..b"}', "branch is 'a..b'"),
    ('team/shop"}', 'team/shop", branch: "a b"}', "branch is 'a b'"),
    ('team/shop"}', 'team/shop", path: "../x"}', "path is '../x'; it must be a folder of the repository, or '.'"),
    ('team/shop"}', 'team/shop", credential: "A b"}', "credential is 'A b'; it must be a name of"),
    ('team/shop"}', 'team/shop", targets: [moon]}', "repositories[0].targets: there is no target 'moon'"),
    (
        "  targets:\n",
        "    - {name: shop, forge: gitea, url: 'https://a/b/c'}\n  targets:\n",
        "8:7: error: spec.repositories names 'shop' twice",
    ),
    (
        "namespace: shop}",
        "namespace: shop}\n    - {name: default, namespace: b}",
        "10:7: error: spec.targets names 'default' twice",
    ),
    ("namespace: shop}", "namespace: pushboat}", "9:34: error: target default is the bundle's own namespace"),
    (
        "namespace: shop}",
        "namespace: shop}\n    - {name: other, namespace: shop}",
        "two targets have the namespace 'shop'",
    ),
    (
        "image: step:1",
        "image: step:1\n  egressPorts: [a]",
        "6:17: error: spec.egressPorts[0] must be a whole number from 1",
    ),
    ("    - {name: default, namespace: shop}\n", "", "4:3: error: spec.targets is missing"),
    (
        "namespace: shop}",
        "namespace: shop, kinds: [{group: x, resources: [A]}]}",
        "targets[0].kinds[0].resources[0] is 'A'; it must be a plural",
    ),
    (MINIMAL, "a: [\n", "p.yaml:2:1: error: not valid YAML"),
    (MINIMAL, "--- {}\n--- {}\n", "a platform is one document; this file has 2"),
]


@pytest.mark.parametrize(("old", "new", "said"), PROBLEMS, ids=[new[:60] for _, new, _ in PROBLEMS])
def test_each_problem_is_told_with_its_place(old: str, new: str, said: str) -> None:
    assert old in MINIMAL
    platform, problems = parse_platform(MINIMAL.replace(old, new, 1).encode(), "p.yaml")
    assert platform is None
    texts = [str(problem) for problem in problems]
    assert any(said in text for text in texts), texts


@pytest.mark.parametrize("port", [1, 9, 80, 3000, 9999, 10000, 59999, 60000, 64999, 65499, 65529, 65530, 65535])
def test_every_port_is_taken(port: int) -> None:
    text = MINIMAL.replace("git.example.com", f"git.example.com:{port}").replace(
        "step:1", f"step:1\n  egressPorts: [{port}]"
    )
    platform, problems = parse_platform(text.encode(), "p.yaml")
    assert problems == ()
    assert platform
    assert platform.egress_ports == (port,)
