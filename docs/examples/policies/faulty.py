"""What is wrong with a policy."""

from meshkit import PolicyDocument

# --8<-- [start:document]
faulty = PolicyDocument.parse(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Look",
                "Effect": "Allow",
                "Action": ["appmesh:DescribeMehs", "appmesh:ListMeshes"],
                "Resource": "arn:aws:appmesh:eu-west-1:111111111111:mesh/shop",
            },
            {
                "Effect": "Allow",
                "Action": "appmesh:UpdateRoute",
                "Resource": "arn:aws:appmesh:eu-west-1:111111111111:mesh/shop/virtualRouter/web",
                "Condition": {"StringEqual": {"aws:PrincipalTag/team": "catalog"}},
            },
        ],
    }
)
for finding in faulty.findings:
    print(finding)
# --8<-- [end:document]
