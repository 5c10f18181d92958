"""The page of all keys of a mesh file, from its models."""

from __future__ import annotations

from typing import Any, Final

from meshkit.config.schema import json_schema, zone_schema

SECTIONS: Final = (
    ("The file", ("MeshFile", "Mesh", "Defaults", "Quotas", "Lattice")),
    ("Accounts and networks", (
        "Account", "AssumeRole", "Organization", "Cluster", "OidcProvider", "GatewayApi",
        "Namespace", "Connection", "Share",
    )),
    ("Nodes", (
        "Node", "EcsWorkload", "EksWorkload", "Ec2Workload", "LambdaWorkload",
        "NodeOnLattice", "ServiceDiscovery", "Dns", "CloudMap",
        "Backend", "BackendDefaults", "ClientPolicy", "AccessLog", "LogFormat", "Proxy",
    )),
    ("Listeners", (
        "Listener", "GatewayListener", "PortMapping", "HealthCheck", "ConnectionPool",
        "OutlierDetection", "Timeout",
    )),
    ("TLS", (
        "ListenerTls", "ListenerCertificate", "CertificateFile", "ListenerValidation",
        "ListenerTrust", "ClientTls", "ClientCertificate", "ClientValidation", "ClientTrust",
    )),
    ("Roles", ("Role", "Statement")),
    ("Operators", (
        "Operator", "OperatorTrust", "OidcSignIn", "SamlSignIn", "PermissionSetSignIn",
        "AccountSignIn", "OperatorOptions",
    )),
    ("Audit", ("Audit", "ExistingTrail", "ExistingBucket", "ExistingRecorder")),
    ("Routing", (
        "Router", "Route", "HttpRoute", "GrpcRoute", "TcpRoute", "HttpMatch", "GrpcMatch",
        "TcpMatch", "HeaderMatch", "Range", "PathMatch", "QueryMatch", "Target", "Retry",
        "GrpcRetry", "Service", "ServiceOnLattice",
    )),
    ("Gateways", (
        "Gateway", "GatewayRoute", "GatewayHttpRoute", "GatewayGrpcRoute", "GatewayHttpMatch",
        "GatewayGrpcMatch", "HostnameMatch", "GatewayTarget", "HttpRewrite", "GrpcRewrite",
    )),
)  # fmt: skip
"""The models, in the order of the page."""
ZONE: Final = (
    "LandingZoneFile", "Unit", "ZoneAccount", "IdentityProvider", "SamlProvider", "OidcIssuer",
    "FederatedRole", "Statement", "ProjectRoles", "ZoneGuardrails", "GuardedTrail",
    "ZoneBoundary", "BoundedTeam", "Organization",
)  # fmt: skip
"""The models of a landing zone."""
_WORDS: Final = {"null": "", "boolean": "true or false"}
_ENDS: Final = {"minimum": "from", "maximum": "to"}
_ARN: Final = "^arn:aws"


def keys_page() -> str:
    """Every key with its type, its default and what it means."""
    schema = json_schema()
    models = {**schema.pop("$defs"), "MeshFile": schema}
    lines = [
        "# Every key of a mesh file",
        "",
        "Made from the models. A required key is **bold**. Every value may also be a text with a",
        "hole, see [the mesh file](../guide/file.md#holes).",
    ]
    for title, names in SECTIONS:
        lines += ["", f"## {title}"]
        for name in names:
            lines += ["", f"### {name}", "", *_table(models[name])]
    return "\n".join(lines) + "\n"


def zone_keys_page() -> str:
    """Every key of a landing zone, likewise."""
    schema = zone_schema()
    models = {**schema.pop("$defs"), "LandingZoneFile": schema}
    lines = [
        "# Every key of a landing zone",
        "",
        "Made from the models. A required key is **bold**. Every value may also be a text with a",
        "hole, see [the mesh file](../guide/file.md#holes).",
    ]
    for name in ZONE:
        lines += ["", f"## {name}", "", *_table(models[name])]
    return "\n".join(lines) + "\n"


def _table(model: dict[str, Any]) -> list[str]:
    full = _full_form(model)
    lines = [model["description"], "", "| key | value | default | |", "|---|---|---|---|"]
    required = full.get("required") or full.get("anyOf", [{}])[0].get("required", [])
    for key, value in full["properties"].items():
        named = f"**`{key}`**" if key in required else f"`{key}`"
        lines.append(
            f"| {named} | {_cell(_type(value))} | {_default(value)} "
            f"| {_cell(value.get('description', ''))} |"
        )
    return lines


def _full_form(model: dict[str, Any]) -> dict[str, Any]:
    if "properties" in model:
        return model
    full: dict[str, Any] = next(each for each in model["anyOf"] if "properties" in each)
    return full


def _type(value: dict[str, Any]) -> str:
    forms = [_form(each) for each in value.get("anyOf", [value])]
    return " or ".join(dict.fromkeys(form for form in forms if form))


def _form(form: dict[str, Any]) -> str:
    if "$ref" in form:
        name = form["$ref"].rpartition("/")[2]
        return "" if name == "Hole" else f"[{name}](#{name.lower()})"
    if "anyOf" in form:
        return _type(form)
    if "enum" in form or "const" in form:
        return ", ".join(f"`{each}`" for each in form.get("enum", [form.get("const")]))
    kind = str(form.get("type"))
    if kind == "array":
        return f"list of {_type(form['items'])}"
    if kind == "object":
        return f"name: {_type(form['additionalProperties'])}"
    return _WORDS[kind] if kind in _WORDS else _bounded(form, kind)


def _bounded(form: dict[str, Any], kind: str) -> str:
    if form.get("pattern", "").startswith(_ARN):
        return "an ARN"
    name = {"string": "text", "integer": "whole number"}.get(kind, kind)
    limits = [f"{word} {form[key]}" for key, word in _ENDS.items() if key in form]
    pattern = f" `{form['pattern']}`" if "pattern" in form else ""
    return " ".join((name, *limits)) + pattern


def _default(value: dict[str, Any]) -> str:
    default = value.get("default")
    if default in (None, {}, []) or isinstance(default, dict):
        return ""
    shown = str(default).lower() if isinstance(default, bool) else default
    return f"`{shown}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
