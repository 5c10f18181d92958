"""The part of pulumi_aws that meshkit uses.

The real package names some 250 services, and mypy reads every one of them for a single import.
Naming only these makes a cold check several times faster; each submodule still resolves to the
installed package, so nothing is retyped here. To use another service, add a line.
"""

from pulumi_aws import acm as acm
from pulumi_aws import acmpca as acmpca
from pulumi_aws import appmesh as appmesh
from pulumi_aws import cfg as cfg
from pulumi_aws import cloudformation as cloudformation
from pulumi_aws import cloudtrail as cloudtrail
from pulumi_aws import cloudwatch as cloudwatch
from pulumi_aws import ec2 as ec2
from pulumi_aws import ecs as ecs
from pulumi_aws import eks as eks
from pulumi_aws import iam as iam
from pulumi_aws import kms as kms
from pulumi_aws import lambda_ as lambda_
from pulumi_aws import organizations as organizations
from pulumi_aws import ram as ram
from pulumi_aws import route53 as route53
from pulumi_aws import s3 as s3
from pulumi_aws import servicediscovery as servicediscovery
from pulumi_aws import ssm as ssm
from pulumi_aws import vpc as vpc
from pulumi_aws import vpclattice as vpclattice
from pulumi_aws._inputs import ProviderAssumeRoleArgs as ProviderAssumeRoleArgs
from pulumi_aws._inputs import ProviderDefaultTagsArgs as ProviderDefaultTagsArgs
from pulumi_aws._inputs import ProviderEndpointArgs as ProviderEndpointArgs
from pulumi_aws.get_caller_identity import get_caller_identity as get_caller_identity
from pulumi_aws.get_caller_identity import get_caller_identity_output as get_caller_identity_output
from pulumi_aws.get_partition import get_partition as get_partition
from pulumi_aws.get_partition import get_partition_output as get_partition_output
from pulumi_aws.get_region import get_region as get_region
from pulumi_aws.get_region import get_region_output as get_region_output
from pulumi_aws.provider import Provider as Provider
