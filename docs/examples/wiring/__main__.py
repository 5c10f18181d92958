"""Everything that workloads take from the mesh, as stack outputs."""

import pulumi

import meshkit

mesh = meshkit.SharedMesh("shop", "mesh.yaml")
task, pod, instance = (mesh.nodes[name] for name in ("task", "pod", "instance"))
edge = mesh.gateways["edge"]

pulumi.export("container_definition", task.container_definition)
pulumi.export("xray_container", task.xray_container)
pulumi.export("proxy_configuration", task.proxy_configuration)
pulumi.export("service_account_annotations", pod.service_account_annotations)
pulumi.export("namespace_labels", pod.namespace_labels)
pulumi.export("pod_annotations", pod.pod_annotations)
pulumi.export("user_data", instance.user_data)
pulumi.export("gateway_container", edge.container)
