"""Resources of requests to the services around a mesh, as templates over their parameters.

``{name}`` is a parameter; a list gives a resource each. ``{name=text}`` has a default. A parameter
that is an ARN already is the resource where it ends the template, and gives its last part where it
does not. A template that begins with ``arn:`` is taken as a whole; else it ends an ARN of the
caller's account and the request's region. An operation that is not here is decided on ``*``.
Source: Service Authorization Reference, the page of each service.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from typing import Final

from meshkit.local.enforcement.need import Asked

_HOLE: Final = re.compile(r"\{(?P<name>\w+)(?:=(?P<default>[^}]*))?\}")

_CLUSTER: Final = "cluster/{cluster=default}"
_EKS: Final = "cluster/{clusterName}"
_GROUP: Final = "log-group:{logGroupName}:log-stream:"
_PARAMETER: Final = "parameter/{Name}"
_POD: Final = "podidentityassociation/{clusterName}/{associationId}"
_QUOTA: Final = "{ServiceCode}/{QuotaCode}"
_SERVICE: Final = "service/{cluster=default}/{service}"
_STACK: Final = "stack/{StackName}/*"
_STACK_SET: Final = "stackset/{StackSetName}:*"

OPERATIONS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "acm": {
        "ImportCertificate": ("certificate/{CertificateArn=*}",),
        "RequestCertificate": ("certificate/*",),
        **dict.fromkeys(
            (
                *("AddTagsToCertificate", "DeleteCertificate", "DescribeCertificate"),
                *("ExportCertificate", "GetCertificate", "ListTagsForCertificate"),
                *("RemoveTagsFromCertificate", "RenewCertificate", "UpdateCertificateOptions"),
            ),
            ("{CertificateArn}",),
        ),
    },
    "acm-pca": {
        **dict.fromkeys(
            (
                *("DeleteCertificateAuthority", "DescribeCertificateAuthority"),
                *("GetCertificate", "GetCertificateAuthorityCertificate"),
                *("GetCertificateAuthorityCsr", "ImportCertificateAuthorityCertificate"),
                *("IssueCertificate", "ListTags", "TagCertificateAuthority"),
                *("UntagCertificateAuthority", "UpdateCertificateAuthority"),
            ),
            ("{CertificateAuthorityArn}",),
        ),
        "GetPolicy": ("{ResourceArn}",),
        "PutPolicy": ("{ResourceArn}",),
    },
    "autoscaling": dict.fromkeys(
        ("CreateAutoScalingGroup", "DeleteAutoScalingGroup", "UpdateAutoScalingGroup"),
        ("autoScalingGroup:*:autoScalingGroupName/{AutoScalingGroupName}",),
    ),
    "cloudformation": {
        **dict.fromkeys(
            ("CreateStack", "DeleteStack", "DescribeStackEvents", "GetTemplate", "UpdateStack"),
            (_STACK,),
        ),
        **dict.fromkeys(
            (
                *("CreateStackInstances", "DeleteStackInstances", "DeleteStackSet"),
                *("DescribeStackSet", "DescribeStackSetOperation", "ListStackInstances"),
                *("ListStackSetOperations", "UpdateStackInstances", "UpdateStackSet"),
            ),
            (_STACK_SET,),
        ),
    },
    "cloudtrail": {
        **dict.fromkeys(
            ("CreateTrail", "DeleteTrail", "GetTrail", "GetTrailStatus", "UpdateTrail"),
            ("trail/{Name}",),
        ),
        **dict.fromkeys(("StartLogging", "StopLogging"), ("trail/{Name}",)),
        **dict.fromkeys(
            (
                *("GetEventSelectors", "GetInsightSelectors", "PutEventSelectors"),
                "PutInsightSelectors",
            ),
            ("trail/{TrailName}",),
        ),
        **dict.fromkeys(("AddTags", "RemoveTags"), ("{ResourceId}",)),
        "ListTags": ("{ResourceIdList}",),
    },
    "cloudwatch": {
        "DeleteAlarms": ("alarm:{AlarmNames}",),
        "DescribeAlarms": ("alarm:{AlarmNames}",),
        "PutMetricAlarm": ("alarm:{AlarmName}",),
        "SetAlarmState": ("alarm:{AlarmName}",),
        **dict.fromkeys(
            ("ListTagsForResource", "TagResource", "UntagResource"), ("{ResourceARN}",)
        ),
    },
    "config": dict.fromkeys(("DeleteConfigRule", "PutConfigRule"), ("config-rule/*",)),
    "ecs": {
        "CreateCluster": ("cluster/{clusterName=default}",),
        "CreateService": ("service/{cluster=default}/{serviceName}",),
        "DeleteCluster": (_CLUSTER,),
        "DeleteService": (_SERVICE,),
        "DescribeClusters": ("cluster/{clusters=default}",),
        "DescribeServices": ("service/{cluster=default}/{services}",),
        "PutClusterCapacityProviders": (_CLUSTER,),
        "RegisterTaskDefinition": ("task-definition/{family}:*",),
        "RunTask": ("task-definition/{taskDefinition}",),
        "StopTask": ("task/{cluster=default}/{task}",),
        "UpdateCluster": (_CLUSTER,),
        "UpdateService": (_SERVICE,),
        **dict.fromkeys(
            ("ListTagsForResource", "TagResource", "UntagResource"), ("{resourceArn}",)
        ),
    },
    "eks": {
        **dict.fromkeys(
            ("DeleteCluster", "DescribeCluster", "UpdateClusterConfig", "UpdateClusterVersion"),
            ("cluster/{name}",),
        ),
        **dict.fromkeys(
            (
                *("AssociateIdentityProviderConfig", "CreateAccessEntry", "CreateAddon"),
                *("CreateFargateProfile", "CreateNodegroup", "CreatePodIdentityAssociation"),
                *("ListAddons", "ListAccessEntries", "ListFargateProfiles", "ListNodegroups"),
                "ListPodIdentityAssociations",
            ),
            (_EKS,),
        ),
        **dict.fromkeys(
            ("DeleteAddon", "DescribeAddon", "UpdateAddon"), ("addon/{clusterName}/{addonName}/*",)
        ),
        **dict.fromkeys(
            ("DeleteNodegroup", "DescribeNodegroup", "UpdateNodegroupConfig"),
            ("nodegroup/{clusterName}/{nodegroupName}/*",),
        ),
        **dict.fromkeys(
            (
                *("DeletePodIdentityAssociation", "DescribePodIdentityAssociation"),
                "UpdatePodIdentityAssociation",
            ),
            (_POD,),
        ),
        **dict.fromkeys(
            ("ListTagsForResource", "TagResource", "UntagResource"), ("{resourceArn}",)
        ),
    },
    "elasticloadbalancing": {
        "CreateRule": ("{ListenerArn}",),
        "CreateTargetGroup": ("targetgroup/{Name}/*",),
        **dict.fromkeys(("AddTags", "RemoveTags"), ("{ResourceArns}",)),
        **dict.fromkeys(("DeleteRule", "ModifyRule"), ("{RuleArn}",)),
        **dict.fromkeys(
            (
                *("AddListenerCertificates", "DeleteListener", "ModifyListener"),
                *("ModifyListenerAttributes", "RemoveListenerCertificates"),
            ),
            ("{ListenerArn}",),
        ),
        **dict.fromkeys(
            (
                *("CreateListener", "DeleteLoadBalancer", "ModifyLoadBalancerAttributes"),
                *("SetIpAddressType", "SetSecurityGroups", "SetSubnets"),
            ),
            ("{LoadBalancerArn}",),
        ),
        **dict.fromkeys(
            (
                *("DeleteTargetGroup", "DeregisterTargets", "ModifyTargetGroup"),
                *("ModifyTargetGroupAttributes", "RegisterTargets"),
            ),
            ("{TargetGroupArn}",),
        ),
    },
    "kms": {
        **dict.fromkeys(
            (
                *("CancelKeyDeletion", "CreateGrant", "Decrypt", "DescribeKey", "DisableKey"),
                *("DisableKeyRotation", "EnableKey", "EnableKeyRotation", "Encrypt"),
                *("GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "GetKeyPolicy"),
                *("GetKeyRotationStatus", "GetPublicKey", "ListGrants", "ListKeyPolicies"),
                *("ListResourceTags", "PutKeyPolicy", "RevokeGrant", "ScheduleKeyDeletion"),
                *("Sign", "TagResource", "UntagResource", "UpdateKeyDescription", "Verify"),
            ),
            ("key/{KeyId}",),
        ),
        "CreateAlias": ("{AliasName}", "key/{TargetKeyId}"),
        "DeleteAlias": ("{AliasName}",),
        "UpdateAlias": ("{AliasName}", "key/{TargetKeyId}"),
    },
    "lambda": {
        **dict.fromkeys(
            (
                *("AddPermission", "CreateAlias", "CreateFunction", "CreateFunctionUrlConfig"),
                *("DeleteAlias", "DeleteFunction", "DeleteFunctionConcurrency"),
                *("DeleteFunctionUrlConfig", "GetAlias", "GetFunction"),
                *("GetFunctionCodeSigningConfig", "GetFunctionConcurrency"),
                *("GetFunctionConfiguration", "GetFunctionUrlConfig", "GetPolicy", "Invoke"),
                *("ListAliases", "ListVersionsByFunction", "PublishVersion"),
                *("PutFunctionConcurrency", "RemovePermission", "UpdateAlias"),
                *("UpdateFunctionCode", "UpdateFunctionConfiguration"),
                "UpdateFunctionUrlConfig",
            ),
            ("function:{FunctionName}",),
        ),
        **dict.fromkeys(("ListTags", "TagResource", "UntagResource"), ("{Resource}",)),
    },
    "logs": {
        "CreateLogStream": ("log-group:{logGroupName}:log-stream:{logStreamName}",),
        "DeleteLogStream": ("log-group:{logGroupName}:log-stream:{logStreamName}",),
        "DescribeLogGroups": ("log-group::log-stream:",),
        "GetLogEvents": ("log-group:{logGroupName}:log-stream:{logStreamName}",),
        "PutLogEvents": ("log-group:{logGroupName}:log-stream:{logStreamName}",),
        **dict.fromkeys(
            (
                *("AssociateKmsKey", "CreateLogGroup", "DeleteLogGroup", "DeleteMetricFilter"),
                *("DeleteRetentionPolicy", "DescribeLogStreams", "DisassociateKmsKey"),
                *("DescribeMetricFilters", "FilterLogEvents", "PutMetricFilter"),
                *("DescribeSubscriptionFilters", "PutRetentionPolicy"),
                *("PutSubscriptionFilter", "DeleteSubscriptionFilter", "TagLogGroup"),
                *("UntagLogGroup", "ListTagsLogGroup"),
            ),
            (_GROUP,),
        ),
        **dict.fromkeys(
            ("ListTagsForResource", "TagResource", "UntagResource"), ("{resourceArn}",)
        ),
    },
    "secretsmanager": {
        "CreateSecret": ("secret:{Name}",),
        **dict.fromkeys(
            (
                *("DeleteResourcePolicy", "DeleteSecret", "DescribeSecret", "GetResourcePolicy"),
                *("GetSecretValue", "PutResourcePolicy", "PutSecretValue", "RestoreSecret"),
                *("TagResource", "UntagResource", "UpdateSecret"),
            ),
            ("secret:{SecretId}",),
        ),
    },
    "servicediscovery": {
        "CreateService": ("namespace/{NamespaceId}", "service/*"),
        **dict.fromkeys(
            (
                *("DeleteNamespace", "GetNamespace", "UpdateHttpNamespace"),
                *("UpdatePrivateDnsNamespace", "UpdatePublicDnsNamespace"),
            ),
            ("namespace/{Id}",),
        ),
        **dict.fromkeys(("DeleteService", "GetService", "UpdateService"), ("service/{Id}",)),
        **dict.fromkeys(("DeregisterInstance", "RegisterInstance"), ("service/{ServiceId}",)),
        **dict.fromkeys(
            ("ListTagsForResource", "TagResource", "UntagResource"), ("{ResourceARN}",)
        ),
    },
    "servicequotas": {
        "DeleteServiceQuotaIncreaseRequestFromTemplate": (_QUOTA,),
        "PutServiceQuotaIncreaseRequestIntoTemplate": (_QUOTA,),
        "RequestServiceQuotaIncrease": (_QUOTA,),
        **dict.fromkeys(
            ("ListTagsForResource", "TagResource", "UntagResource"), ("{ResourceARN}",)
        ),
    },
    "sns": {
        "CreateTopic": ("{Name}",),
        **dict.fromkeys(
            (
                *("DeleteTopic", "GetTopicAttributes", "ListSubscriptionsByTopic", "Publish"),
                *("SetTopicAttributes", "Subscribe"),
            ),
            ("{TopicArn}",),
        ),
        **dict.fromkeys(
            ("ListTagsForResource", "TagResource", "UntagResource"), ("{ResourceArn}",)
        ),
    },
    "ssm": {
        **dict.fromkeys(
            ("DeleteParameter", "GetParameter", "GetParameterHistory", "PutParameter"),
            (_PARAMETER,),
        ),
        "DeleteParameters": ("parameter/{Names}",),
        "GetParameters": ("parameter/{Names}",),
    },
}
"""By service and operation, what a request is decided on: all of it must be allowed."""

RENAMED: Final[Mapping[tuple[str, str], str]] = {("lambda", "Invoke"): "InvokeFunction"}
"""The actions of operations that have not their name."""


def action(asked: Asked) -> str:
    """Return the action that a request is."""
    prefix = asked.incoming.prefix
    return f"{prefix}:{RENAMED.get((prefix, asked.name), asked.name)}"


def resources(asked: Asked) -> Iterator[str]:
    """Return the resources of a request that the templates tell."""
    prefix = asked.incoming.prefix
    for text in OPERATIONS.get(prefix, {}).get(asked.name, ()):
        for filled in _filled(text, asked):
            tail = filled.replace("parameter//", "parameter/")
            yield tail if tail.startswith("arn:") else asked.arn(prefix, tail)


@cache
def holes(text: str) -> tuple[tuple[str, str | None], ...]:
    """Return the parameters in a template with their defaults."""
    return tuple((hole["name"], hole["default"]) for hole in _HOLE.finditer(text))


def _filled(text: str, asked: Asked) -> Iterator[str]:
    names = holes(text)
    values = [asked.given(name) or [default or "*"] for name, default in names]
    for chosen in product(*values):
        if chosen and chosen[-1].startswith("arn:") and text.endswith("}"):
            yield chosen[-1]
            continue
        short = iter(
            each.rpartition("/")[2] if each.startswith("arn:") else each for each in chosen
        )
        yield _HOLE.sub(lambda _, parts=short: next(parts), text)  # type: ignore[misc]
