#!/bin/bash
set -euo pipefail
docker run --detach --name envoy --restart always --network host --ulimit nofile=15000:15000 --user 1337 --env APPMESH_RESOURCE_ARN=arn:aws:appmesh:eu-west-1:111111111111:mesh/shop/virtualNode/instance public.ecr.aws/appmesh/aws-appmesh-envoy:v1.34.13.3-prod
iptables -t nat -N APPMESH_INGRESS
iptables -t nat -A APPMESH_INGRESS -p tcp --dport 8080 -j REDIRECT --to-port 15000
iptables -t nat -A PREROUTING -p tcp -m addrtype ! --src-type LOCAL -j APPMESH_INGRESS
iptables -t nat -N APPMESH_EGRESS
iptables -t nat -A APPMESH_EGRESS -m owner --uid-owner 1337 -j RETURN
iptables -t nat -A APPMESH_EGRESS -p tcp --dport 22 -j RETURN
iptables -t nat -A APPMESH_EGRESS -p tcp -d 169.254.170.2 -j RETURN
iptables -t nat -A APPMESH_EGRESS -p tcp -d 169.254.169.254 -j RETURN
iptables -t nat -A APPMESH_EGRESS -p tcp -j REDIRECT --to-port 15001
iptables -t nat -A OUTPUT -p tcp -m addrtype ! --dst-type LOCAL -j APPMESH_EGRESS
