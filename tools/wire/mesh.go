package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/appmesh"
	"github.com/aws/aws-sdk-go-v2/service/appmesh/types"
)

var (
	mesh  = aws.String("shop")
	ports = &types.PortMapping{Port: aws.Int32(8080), Protocol: types.PortProtocolHttp}
	tags  = []types.TagRef{{Key: aws.String("team"), Value: aws.String("mesh")}}
)

// world is what the steps work on.
type world struct {
	owner, consumer *clients
	meshArn         *string
	share           *string
	association     *string
}

// checked fails unless metadata is complete and has this version.
func checked(metadata *types.ResourceMetadata, version int64) error {
	if metadata == nil || metadata.CreatedAt == nil || metadata.LastUpdatedAt == nil {
		return errors.New("no times in the metadata")
	}
	if metadata.CreatedAt.Year() < 2020 || aws.ToString(metadata.Uid) == "" {
		return fmt.Errorf("odd metadata: %v %s", metadata.CreatedAt, aws.ToString(metadata.Uid))
	}
	return want("version", aws.ToInt64(metadata.Version), version)
}

func (w *world) meshSteps() []step {
	return []step{
		{"identity", w.identity},
		{"mesh", w.makeMesh},
		{"virtual node", w.makeNode},
		{"virtual router", w.makeRouter},
		{"route", w.makeRoute},
		{"virtual service", w.makeService},
		{"virtual gateway", w.makeGateway},
		{"gateway route", w.makeGatewayRoute},
		{"lists", w.lists},
		{"tags", w.tag},
		{"errors", w.meshErrors},
	}
}

func (w *world) makeMesh(ctx context.Context) error {
	made, err := w.owner.mesh.CreateMesh(ctx, &appmesh.CreateMeshInput{MeshName: mesh, Tags: tags})
	if err != nil {
		return err
	}
	w.meshArn = made.Mesh.Metadata.Arn
	spec := &types.MeshSpec{EgressFilter: &types.EgressFilter{Type: types.EgressFilterTypeAllowAll}}
	changed, err := w.owner.mesh.UpdateMesh(ctx, &appmesh.UpdateMeshInput{MeshName: mesh, Spec: spec})
	if err != nil {
		return err
	}
	if err := checked(changed.Mesh.Metadata, 2); err != nil {
		return err
	}
	seen, err := w.owner.mesh.DescribeMesh(ctx, &appmesh.DescribeMeshInput{MeshName: mesh})
	if err != nil {
		return err
	}
	return want("egress filter", seen.Mesh.Spec.EgressFilter.Type, types.EgressFilterTypeAllowAll)
}

func nodeSpec() *types.VirtualNodeSpec {
	return &types.VirtualNodeSpec{
		Listeners: []types.Listener{{
			PortMapping: ports,
			HealthCheck: &types.HealthCheckPolicy{
				HealthyThreshold:   aws.Int32(2),
				UnhealthyThreshold: aws.Int32(3),
				IntervalMillis:     aws.Int64(5000),
				TimeoutMillis:      aws.Int64(2000),
				Protocol:           types.PortProtocolHttp,
				Path:               aws.String("/healthz"),
			},
			Timeout: &types.ListenerTimeoutMemberHttp{Value: types.HttpTimeout{
				Idle: &types.Duration{Unit: types.DurationUnitS, Value: aws.Int64(30)},
			}},
		}},
		Backends: []types.Backend{&types.BackendMemberVirtualService{
			Value: types.VirtualServiceBackend{VirtualServiceName: aws.String("web.local")},
		}},
		ServiceDiscovery: &types.ServiceDiscoveryMemberDns{
			Value: types.DnsServiceDiscovery{Hostname: aws.String("web.local")},
		},
	}
}

func (w *world) makeNode(ctx context.Context) error {
	name := aws.String("web")
	made, err := w.owner.mesh.CreateVirtualNode(ctx, &appmesh.CreateVirtualNodeInput{
		MeshName: mesh, VirtualNodeName: name, Spec: nodeSpec(), Tags: tags,
	})
	if err != nil {
		return err
	}
	if err := checked(made.VirtualNode.Metadata, 1); err != nil {
		return err
	}
	changed, err := w.owner.mesh.UpdateVirtualNode(ctx, &appmesh.UpdateVirtualNodeInput{
		MeshName: mesh, VirtualNodeName: name, Spec: nodeSpec(),
	})
	if err != nil {
		return err
	}
	if err := checked(changed.VirtualNode.Metadata, 2); err != nil {
		return err
	}
	seen, err := w.owner.mesh.DescribeVirtualNode(ctx, &appmesh.DescribeVirtualNodeInput{
		MeshName: mesh, VirtualNodeName: name,
	})
	if err != nil {
		return err
	}
	dns, ok := seen.VirtualNode.Spec.ServiceDiscovery.(*types.ServiceDiscoveryMemberDns)
	if !ok {
		return fmt.Errorf("service discovery is %T", seen.VirtualNode.Spec.ServiceDiscovery)
	}
	return want("hostname", aws.ToString(dns.Value.Hostname), "web.local")
}

func (w *world) makeRouter(ctx context.Context) error {
	name := aws.String("web")
	spec := &types.VirtualRouterSpec{Listeners: []types.VirtualRouterListener{{PortMapping: ports}}}
	_, err := w.owner.mesh.CreateVirtualRouter(ctx, &appmesh.CreateVirtualRouterInput{
		MeshName: mesh, VirtualRouterName: name, Spec: spec,
	})
	if err != nil {
		return err
	}
	changed, err := w.owner.mesh.UpdateVirtualRouter(ctx, &appmesh.UpdateVirtualRouterInput{
		MeshName: mesh, VirtualRouterName: name, Spec: spec,
	})
	if err != nil {
		return err
	}
	if err := checked(changed.VirtualRouter.Metadata, 2); err != nil {
		return err
	}
	_, err = w.owner.mesh.DescribeVirtualRouter(ctx, &appmesh.DescribeVirtualRouterInput{
		MeshName: mesh, VirtualRouterName: name,
	})
	return err
}

func routeSpec(weight int32) *types.RouteSpec {
	return &types.RouteSpec{
		Priority: aws.Int32(1),
		HttpRoute: &types.HttpRoute{
			Match: &types.HttpRouteMatch{
				Prefix: aws.String("/"),
				Headers: []types.HttpRouteHeader{{
					Name:  aws.String("x-user"),
					Match: &types.HeaderMatchMethodMemberRange{Value: types.MatchRange{Start: aws.Int64(1), End: aws.Int64(9)}},
				}},
			},
			Action: &types.HttpRouteAction{WeightedTargets: []types.WeightedTarget{
				{VirtualNode: aws.String("web"), Weight: weight},
			}},
		},
	}
}

func (w *world) makeRoute(ctx context.Context) error {
	router, name := aws.String("web"), aws.String("all")
	_, err := w.owner.mesh.CreateRoute(ctx, &appmesh.CreateRouteInput{
		MeshName: mesh, VirtualRouterName: router, RouteName: name, Spec: routeSpec(1),
	})
	if err != nil {
		return err
	}
	changed, err := w.owner.mesh.UpdateRoute(ctx, &appmesh.UpdateRouteInput{
		MeshName: mesh, VirtualRouterName: router, RouteName: name, Spec: routeSpec(100),
	})
	if err != nil {
		return err
	}
	if err := checked(changed.Route.Metadata, 2); err != nil {
		return err
	}
	seen, err := w.owner.mesh.DescribeRoute(ctx, &appmesh.DescribeRouteInput{
		MeshName: mesh, VirtualRouterName: router, RouteName: name,
	})
	if err != nil {
		return err
	}
	return want("weight", seen.Route.Spec.HttpRoute.Action.WeightedTargets[0].Weight, int32(100))
}

func (w *world) makeService(ctx context.Context) error {
	name := aws.String("web.local")
	spec := &types.VirtualServiceSpec{Provider: &types.VirtualServiceProviderMemberVirtualRouter{
		Value: types.VirtualRouterServiceProvider{VirtualRouterName: aws.String("web")},
	}}
	_, err := w.owner.mesh.CreateVirtualService(ctx, &appmesh.CreateVirtualServiceInput{
		MeshName: mesh, VirtualServiceName: name, Spec: spec,
	})
	if err != nil {
		return err
	}
	changed, err := w.owner.mesh.UpdateVirtualService(ctx, &appmesh.UpdateVirtualServiceInput{
		MeshName: mesh, VirtualServiceName: name, Spec: spec,
	})
	if err != nil {
		return err
	}
	if err := checked(changed.VirtualService.Metadata, 2); err != nil {
		return err
	}
	_, err = w.owner.mesh.DescribeVirtualService(ctx, &appmesh.DescribeVirtualServiceInput{
		MeshName: mesh, VirtualServiceName: name,
	})
	return err
}

func (w *world) makeGateway(ctx context.Context) error {
	name := aws.String("in")
	spec := &types.VirtualGatewaySpec{Listeners: []types.VirtualGatewayListener{{
		PortMapping: &types.VirtualGatewayPortMapping{
			Port: aws.Int32(8443), Protocol: types.VirtualGatewayPortProtocolHttp,
		},
	}}}
	_, err := w.owner.mesh.CreateVirtualGateway(ctx, &appmesh.CreateVirtualGatewayInput{
		MeshName: mesh, VirtualGatewayName: name, Spec: spec,
	})
	if err != nil {
		return err
	}
	changed, err := w.owner.mesh.UpdateVirtualGateway(ctx, &appmesh.UpdateVirtualGatewayInput{
		MeshName: mesh, VirtualGatewayName: name, Spec: spec,
	})
	if err != nil {
		return err
	}
	if err := checked(changed.VirtualGateway.Metadata, 2); err != nil {
		return err
	}
	_, err = w.owner.mesh.DescribeVirtualGateway(ctx, &appmesh.DescribeVirtualGatewayInput{
		MeshName: mesh, VirtualGatewayName: name,
	})
	return err
}

func (w *world) makeGatewayRoute(ctx context.Context) error {
	gateway, name := aws.String("in"), aws.String("all")
	spec := &types.GatewayRouteSpec{HttpRoute: &types.HttpGatewayRoute{
		Match: &types.HttpGatewayRouteMatch{Prefix: aws.String("/")},
		Action: &types.HttpGatewayRouteAction{Target: &types.GatewayRouteTarget{
			VirtualService: &types.GatewayRouteVirtualService{VirtualServiceName: aws.String("web.local")},
		}},
	}}
	_, err := w.owner.mesh.CreateGatewayRoute(ctx, &appmesh.CreateGatewayRouteInput{
		MeshName: mesh, VirtualGatewayName: gateway, GatewayRouteName: name, Spec: spec,
	})
	if err != nil {
		return err
	}
	changed, err := w.owner.mesh.UpdateGatewayRoute(ctx, &appmesh.UpdateGatewayRouteInput{
		MeshName: mesh, VirtualGatewayName: gateway, GatewayRouteName: name, Spec: spec,
	})
	if err != nil {
		return err
	}
	if err := checked(changed.GatewayRoute.Metadata, 2); err != nil {
		return err
	}
	_, err = w.owner.mesh.DescribeGatewayRoute(ctx, &appmesh.DescribeGatewayRouteInput{
		MeshName: mesh, VirtualGatewayName: gateway, GatewayRouteName: name,
	})
	return err
}

func (w *world) lists(ctx context.Context) error {
	api := w.owner.mesh
	meshes, err := api.ListMeshes(ctx, &appmesh.ListMeshesInput{})
	if err != nil {
		return err
	}
	nodes, err := api.ListVirtualNodes(ctx, &appmesh.ListVirtualNodesInput{MeshName: mesh})
	if err != nil {
		return err
	}
	routers, err := api.ListVirtualRouters(ctx, &appmesh.ListVirtualRoutersInput{MeshName: mesh})
	if err != nil {
		return err
	}
	routes, err := api.ListRoutes(ctx, &appmesh.ListRoutesInput{MeshName: mesh, VirtualRouterName: aws.String("web")})
	if err != nil {
		return err
	}
	services, err := api.ListVirtualServices(ctx, &appmesh.ListVirtualServicesInput{MeshName: mesh})
	if err != nil {
		return err
	}
	gateways, err := api.ListVirtualGateways(ctx, &appmesh.ListVirtualGatewaysInput{MeshName: mesh})
	if err != nil {
		return err
	}
	gatewayRoutes, err := api.ListGatewayRoutes(ctx, &appmesh.ListGatewayRoutesInput{MeshName: mesh, VirtualGatewayName: aws.String("in")})
	if err != nil {
		return err
	}
	counts := [7]int{
		len(meshes.Meshes), len(nodes.VirtualNodes), len(routers.VirtualRouters), len(routes.Routes),
		len(services.VirtualServices), len(gateways.VirtualGateways), len(gatewayRoutes.GatewayRoutes),
	}
	return want("entries", counts, [7]int{1, 1, 1, 1, 1, 1, 1})
}

func (w *world) tag(ctx context.Context) error {
	api := w.owner.mesh
	more := []types.TagRef{{Key: aws.String("stage"), Value: aws.String("test")}}
	if _, err := api.TagResource(ctx, &appmesh.TagResourceInput{ResourceArn: w.meshArn, Tags: more}); err != nil {
		return err
	}
	_, err := api.UntagResource(ctx, &appmesh.UntagResourceInput{ResourceArn: w.meshArn, TagKeys: []string{"team"}})
	if err != nil {
		return err
	}
	left, err := api.ListTagsForResource(ctx, &appmesh.ListTagsForResourceInput{ResourceArn: w.meshArn})
	if err != nil {
		return err
	}
	if err := want("tags", len(left.Tags), 1); err != nil {
		return err
	}
	return want("tag", aws.ToString(left.Tags[0].Key), "stage")
}

func (w *world) meshErrors(ctx context.Context) error {
	_, err := w.owner.mesh.DeleteMesh(ctx, &appmesh.DeleteMeshInput{MeshName: mesh})
	if err := wantCode(err, "ResourceInUseException"); err != nil {
		return err
	}
	_, err = w.owner.mesh.DescribeMesh(ctx, &appmesh.DescribeMeshInput{MeshName: aws.String("none")})
	var missing *types.NotFoundException
	if !errors.As(err, &missing) {
		return fmt.Errorf("want a NotFoundException, got %v", err)
	}
	_, err = w.owner.mesh.CreateMesh(ctx, &appmesh.CreateMeshInput{MeshName: aws.String("a/b")})
	return wantCode(err, "BadRequestException")
}

func (w *world) deleteSteps() []step {
	api, name := func() *appmesh.Client { return w.owner.mesh }, aws.String
	return []step{
		{"delete gateway route", func(ctx context.Context) error {
			_, err := api().DeleteGatewayRoute(ctx, &appmesh.DeleteGatewayRouteInput{MeshName: mesh, VirtualGatewayName: name("in"), GatewayRouteName: name("all")})
			return err
		}},
		{"delete virtual gateway", func(ctx context.Context) error {
			_, err := api().DeleteVirtualGateway(ctx, &appmesh.DeleteVirtualGatewayInput{MeshName: mesh, VirtualGatewayName: name("in")})
			return err
		}},
		{"delete virtual service", func(ctx context.Context) error {
			_, err := api().DeleteVirtualService(ctx, &appmesh.DeleteVirtualServiceInput{MeshName: mesh, VirtualServiceName: name("web.local")})
			return err
		}},
		{"delete route", func(ctx context.Context) error {
			_, err := api().DeleteRoute(ctx, &appmesh.DeleteRouteInput{MeshName: mesh, VirtualRouterName: name("web"), RouteName: name("all")})
			return err
		}},
		{"delete virtual router", func(ctx context.Context) error {
			_, err := api().DeleteVirtualRouter(ctx, &appmesh.DeleteVirtualRouterInput{MeshName: mesh, VirtualRouterName: name("web")})
			return err
		}},
		{"delete virtual node", func(ctx context.Context) error {
			_, err := api().DeleteVirtualNode(ctx, &appmesh.DeleteVirtualNodeInput{MeshName: mesh, VirtualNodeName: name("web")})
			return err
		}},
		{"delete mesh", func(ctx context.Context) error {
			gone, err := api().DeleteMesh(ctx, &appmesh.DeleteMeshInput{MeshName: mesh})
			if err != nil {
				return err
			}
			return want("status", gone.Mesh.Status.Status, types.MeshStatusCodeDeleted)
		}},
	}
}
