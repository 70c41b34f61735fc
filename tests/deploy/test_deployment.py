"""What people deploy: every setting in it exists, the schemas are kept, and nobody is cut off in the middle of a word."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from bot.settings import PLATFORM_NAMES, load

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
MANIFESTS = list(yaml.safe_load_all((ROOT / "deploy" / "kubernetes.yaml").read_text()))
DOCKERFILE = (ROOT / "Dockerfile").read_text()
SERVICES = ["bot", "bot-on-postgres", "serve", "worker"]


def settings_of(environment, tmp_path):
    """Return the settings of such an environment, variables of compose filled in."""
    filled = {name: re.sub(r"\$\{\w+(?::-([^}]*))?\}", r"\1", str(value)) for name, value in environment.items()}
    assert all(name in PLATFORM_NAMES or name.startswith("ROAST_") for name in filled)
    return load(filled | {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}, cwd=tmp_path)


def pods():
    """Return the pods of the manifests by component."""
    found = {}
    for one in MANIFESTS:
        if one["kind"] == "Deployment":
            found[one["metadata"]["labels"]["app.kubernetes.io/component"]] = one["spec"]
    return found


def environment_of(spec):
    """Return a pod's environment, the secret left out."""
    (shared,) = [one["data"] for one in MANIFESTS if one["kind"] == "ConfigMap"]
    container = spec["template"]["spec"]["containers"][0]
    store = {"ROAST_STORE__URL": "postgresql+psycopg://roast@host/roast"}
    return shared | store | {one["name"]: one["value"] for one in container.get("env", [])}


@pytest.mark.parametrize("service", SERVICES)
def test_compose_settings(service, tmp_path):
    """Every variable that compose sets is a setting with a good value"""
    settings = settings_of(COMPOSE["services"][service]["environment"], tmp_path)
    assert settings.queue.engine == ("procrastinate" if service in {"serve", "worker"} else "embedded")


def test_compose_cluster():
    """The profile cluster has PostgreSQL, two that hear, three that work, and a load balancer; the default has none"""
    services = COMPOSE["services"]
    cluster = {name for name, one in services.items() if "cluster" in one.get("profiles", [])}
    assert cluster == {"postgres", "serve", "worker", "balancer"}
    assert [services[name]["deploy"]["replicas"] for name in ("serve", "worker")] == [2, 3]
    assert [name for name, one in services.items() if not one.get("profiles")] == ["bot"]
    needed = {need for name in cluster for need in services[name].get("depends_on", [])}
    assert needed <= cluster
    assert {volume.split(":")[0] for name in ("bot", "postgres") for volume in services[name]["volumes"]} == set(
        COMPOSE["volumes"]
    )


@pytest.mark.parametrize("service", SERVICES)
def test_compose_drains(service, tmp_path):
    """A container has longer to end than its jobs may run on"""
    one = COMPOSE["services"][service]
    assert int(one["stop_grace_period"].rstrip("s")) > settings_of(one["environment"], tmp_path).queue.drain + 4


def test_manifests_keep_the_schema():
    """The manifests are what Kubernetes' own schemas describe"""
    checker = pytest.importorskip("kubernetes_validate", reason="kubernetes-validate is not installed")
    for one in MANIFESTS:
        checker.validate(one, "1.33", strict=True)


@pytest.mark.parametrize("component", ["serve", "worker"])
def test_manifest_settings(component, tmp_path):
    """Every variable of a pod is a setting, it drains within its grace, and its probes ask what is answered"""
    spec = pods()[component]
    settings = settings_of(environment_of(spec), tmp_path)
    pod = spec["template"]["spec"]
    container = pod["containers"][0]
    assert container["args"] == [component]
    assert settings.queue.drain + 3 + 4 < pod["terminationGracePeriodSeconds"]
    assert (settings.queue.workers == 0) == (component == "serve")
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
    labels = spec["template"]["metadata"]["labels"]
    assert spec["selector"]["matchLabels"].items() <= labels.items()


def test_connections_are_within_the_servers(tmp_path):
    """All pods together stay below PostgreSQL's usual 100 connections"""
    each = {name: settings_of(environment_of(spec), tmp_path).store.connections + 4 for name, spec in pods().items()}
    assert sum(each[name] * spec["replicas"] for name, spec in pods().items()) < 97


def test_nothing_runs_as_root():
    """No container runs as root, and none may write outside of its own folders"""
    for spec in pods().values():
        pod = spec["template"]["spec"]
        assert pod["securityContext"]["runAsNonRoot"]
        assert pod["containers"][0]["securityContext"]["readOnlyRootFilesystem"]
    assert re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE) == ["10001"]


def test_dockerfile():
    """The image serves by default, tells its health by /healthz, and hadolint finds nothing in it"""
    assert 'CMD ["serve"]' in DOCKERFILE
    assert "/healthz" in DOCKERFILE.partition("HEALTHCHECK")[2]
    hadolint = shutil.which("hadolint", path=str(Path(sys.executable).parent)) or shutil.which("hadolint")
    if hadolint is None:
        pytest.skip("hadolint is not installed")
    done = subprocess.run([hadolint, ROOT / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_health_check_of_the_image(tmp_path):
    """The image's health check is a program that fails where nobody answers"""
    words = re.search(r'HEALTHCHECK .*CMD \["python", "-c", \\\n\s*"(.+)"\]', DOCKERFILE)
    done = subprocess.run(
        [sys.executable, "-c", words[1]], env={"ROAST_WEB__PORT": "9"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "refused" in done.stderr
