"""What lies in `deploy/` names only what the bot really has: settings, addresses, figures, files and commands."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.http.server import Meters, health
from bot.settings import Settings

REPOSITORY = Path(__file__).parents[2]
DEPLOY = REPOSITORY / "deploy"
SETTINGS = {str(field.alias) for field in Settings.model_fields.values()}
REQUIRED = {"SLACK_BOT_TOKEN", "DESKAUDIT_DATABASE_URL", "DESKAUDIT_EVIDENCE_URL"}
STORE = {"AWS_ENDPOINT_URL", "AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}
FILES = sorted(DEPLOY.iterdir())


def content(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def manifests() -> dict[str, Any]:
    return {each["kind"]: each for each in yaml.safe_load_all(content("kubernetes.yaml"))}


def pod() -> dict[str, Any]:
    spec: dict[str, Any] = manifests()["Deployment"]["spec"]["template"]["spec"]
    return spec


def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(content("compose.yaml"))["services"]
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_setting_that_is_named_is_one(file: Path) -> None:
    named = set(re.findall(r"\b(?:DESKAUDIT|SLACK)_[A-Z_]+\b", file.read_text(encoding="utf-8")))
    assert named <= SETTINGS


def test_every_surrounding_gives_what_the_bot_needs() -> None:
    compose = services()["bot"]["environment"]
    assert set(compose) >= REQUIRED | STORE
    assert set(manifests()["ConfigMap"]["data"]) <= SETTINGS | STORE


def test_nothing_that_is_secret_stands_in_a_file() -> None:
    secrets = [name for name in services()["bot"]["environment"] if re.search("TOKEN|SECRET|KEY", name)]
    assert all(services()["bot"]["environment"][name].startswith("${") for name in secrets)
    assert "Secret" not in manifests()


def test_the_bot_may_write_wherever_a_volume_of_its_own_is_mounted() -> None:
    ours = [each for each in services().values() if each["image"] == "deskaudit"]
    mounted = {volume.partition(":")[2] for each in ours for volume in each.get("volumes", ())}
    made = set(re.findall(r"install --directory --owner=deskaudit (\S+)", content("Containerfile")))
    assert mounted == made == {"/backup"}


def test_a_restore_begins_before_the_bot_is_first_started() -> None:
    guide = (REPOSITORY / "docs" / "administrator.md").read_text(encoding="utf-8")
    steps = re.findall(
        r"^docker compose --env-file deskaudit.env --file deploy/compose.yaml (.*)$", guide, re.MULTILINE
    )
    assert steps == [
        "up --detach database store",
        "build bot",
        "run --rm backup restore /backup/2026-11-30",
        "up --detach",
    ]
    assert set(steps[0].split()[2:]) | {"bot", "backup"} == set(services())


def grace_periods() -> Iterator[float]:
    yield float(services()["bot"]["stop_grace_period"].removesuffix("s"))
    yield float(pod()["terminationGracePeriodSeconds"])
    yield float(re.findall(r"^TimeoutStopSec=(\d+)$", content("deskaudit.service"), re.MULTILINE)[0])


def test_everywhere_the_bot_has_time_to_stop() -> None:
    assert min(grace_periods()) > 2 * Settings.model_fields["stop_seconds"].default


def test_everywhere_the_bot_is_started_again() -> None:
    assert services()["bot"]["restart"] == "always"
    assert re.search(r"^Restart=always$", content("deskaudit.service"), re.MULTILINE)
    assert re.search(r"^StartLimitIntervalSec=0$", content("deskaudit.service"), re.MULTILINE)


def addresses() -> set[str]:
    async def never() -> Any:
        raise AssertionError

    return {route.path for route in health(never, never, Meters())}


def test_probes_ask_addresses_that_are_served_on_the_port_that_is_open() -> None:
    container = pod()["containers"][0]
    asked = [container[probe]["httpGet"] for probe in ("startupProbe", "livenessProbe", "readinessProbe")]
    assert {each["path"] for each in asked} <= addresses()
    [port] = container["ports"]
    assert {each["port"] for each in asked} == {port["name"]}
    [checked] = re.findall(r"urlopen\('http://127.0.0.1:(\d+)(/\w+)'", content("Containerfile"))
    assert checked[1] in addresses()
    default = Settings.model_fields["port"].default
    assert {int(checked[0]), port["containerPort"]} == {default}
    assert manifests()["Deployment"]["spec"]["template"]["metadata"]["annotations"]["prometheus.io/path"] in addresses()


def test_selectors_find_the_pods() -> None:
    found = manifests()
    labels = found["Deployment"]["spec"]["template"]["metadata"]["labels"]
    assert found["Service"]["spec"]["selector"] == labels
    assert found["Deployment"]["spec"]["selector"]["matchLabels"] == labels
    assert found["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"] == labels


def test_the_image_takes_along_what_the_package_is_made_of() -> None:
    copied = re.findall(r"^COPY (.+) \S+$", content("Containerfile"), re.MULTILINE)
    sources = {source for line in copied for source in line.split()}
    assert all((REPOSITORY / source).exists() for source in sources)
    floors = {each.parent.name for each in REPOSITORY.glob("*/__init__.py")} - {"tests", "benchmarks", "docs"}
    assert floors <= sources


# --- the dashboard ---


def expressions() -> list[str]:
    dashboard = json.loads(content("grafana.json"))
    return [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]


def figures() -> dict[str, set[str]]:
    """Every figure as Prometheus knows it, with its labels."""
    meters = Meters()
    meters.interaction("press", "done", 0.1)
    meters.delivery("task.nudge", "sent")
    meters.tick("done")
    found: dict[str, set[str]] = {}
    for family in meters.registry.collect():
        for sample in family.samples:
            found.setdefault(sample.name, {"job", "instance"}).update(sample.labels)
    return found


@pytest.mark.parametrize("expression", expressions())
def test_the_dashboard_shows_figures_that_there_are(expression: str) -> None:
    [name] = re.findall(r"deskaudit_\w+", expression)
    assert name in figures()
    used = re.findall(r"(\w+)=", expression)
    grouped = [label.strip() for each in re.findall(r"by \(([^)]+)\)", expression) for label in each.split(",")]
    assert set(used + grouped) <= figures()[name]


def test_no_two_panels_lie_on_each_other() -> None:
    places = [panel["gridPos"] for panel in json.loads(content("grafana.json"))["panels"]]
    squares = [
        (x, y)
        for place in places
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(squares) == len(set(squares))
    assert max(x for x, _ in squares) < 24
