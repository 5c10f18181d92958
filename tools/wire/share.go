package main

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/appmesh"
	meshtypes "github.com/aws/aws-sdk-go-v2/service/appmesh/types"
	"github.com/aws/aws-sdk-go-v2/service/ram"
	"github.com/aws/aws-sdk-go-v2/service/ram/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

const permission = "arn:aws:ram::aws:permission/AWSRAMDefaultPermissionAppMesh"

func (w *world) shareSteps() []step {
	return []step{
		{"a stranger is refused", w.stranger},
		{"share", w.makeShare},
		{"what a provider reads of a share", w.readShare},
		{"accept", w.accept},
		{"a consumer's node", w.consumerNode},
		{"unshare", w.unshare},
	}
}

func (w *world) identity(ctx context.Context) error {
	for account, each := range map[string]*clients{owner: w.owner, consumer: w.consumer} {
		who, err := each.sts.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
		if err != nil {
			return err
		}
		if err := want("account", aws.ToString(who.Account), account); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) stranger(ctx context.Context) error {
	_, err := w.consumer.mesh.DescribeMesh(ctx, &appmesh.DescribeMeshInput{
		MeshName: mesh, MeshOwner: aws.String(owner),
	})
	return wantCode(err, "ForbiddenException")
}

func (w *world) makeShare(ctx context.Context) error {
	made, err := w.owner.ram.CreateResourceShare(ctx, &ram.CreateResourceShareInput{
		Name:                    aws.String("mesh"),
		AllowExternalPrincipals: aws.Bool(true),
		Tags:                    []types.Tag{{Key: aws.String("team"), Value: aws.String("mesh")}},
	})
	if err != nil {
		return err
	}
	w.share = made.ResourceShare.ResourceShareArn
	if made.ResourceShare.CreationTime == nil {
		return fmt.Errorf("no creation time")
	}
	_, err = w.owner.ram.AssociateResourceShare(ctx, &ram.AssociateResourceShareInput{
		ResourceShareArn: w.share,
		ResourceArns:     []string{aws.ToString(w.meshArn)},
		Principals:       []string{consumer},
	})
	return err
}

// readShare makes the calls of Terraform's and Pulumi's provider when it refreshes a share.
func (w *world) readShare(ctx context.Context) error {
	api, arns := w.owner.ram, []string{aws.ToString(w.share)}
	shares, err := api.GetResourceShares(ctx, &ram.GetResourceSharesInput{
		ResourceOwner: types.ResourceOwnerSelf, ResourceShareArns: arns,
	})
	if err != nil {
		return err
	}
	if err := want("shares", len(shares.ResourceShares), 1); err != nil {
		return err
	}
	permissions, err := api.ListResourceSharePermissions(ctx, &ram.ListResourceSharePermissionsInput{ResourceShareArn: w.share})
	if err != nil {
		return err
	}
	if err := want("permission", aws.ToString(permissions.Permissions[0].Arn), permission); err != nil {
		return err
	}
	for _, kind := range types.ResourceShareAssociationType("").Values() {
		if kind == "SOURCE" {
			continue
		}
		found, err := api.GetResourceShareAssociations(ctx, &ram.GetResourceShareAssociationsInput{
			AssociationType: kind, ResourceShareArns: arns,
		})
		if err != nil {
			return err
		}
		if err := want(string(kind), len(found.ResourceShareAssociations), 1); err != nil {
			return err
		}
	}
	_, err = api.GetPermission(ctx, &ram.GetPermissionInput{PermissionArn: aws.String(permission)})
	return err
}

func (w *world) accept(ctx context.Context) error {
	found, err := w.consumer.ram.GetResourceShareInvitations(ctx, &ram.GetResourceShareInvitationsInput{})
	if err != nil {
		return err
	}
	if err := want("invitations", len(found.ResourceShareInvitations), 1); err != nil {
		return err
	}
	accepted, err := w.consumer.ram.AcceptResourceShareInvitation(ctx, &ram.AcceptResourceShareInvitationInput{
		ResourceShareInvitationArn: found.ResourceShareInvitations[0].ResourceShareInvitationArn,
		ClientToken:                aws.String("accept"),
	})
	if err != nil {
		return err
	}
	status := accepted.ResourceShareInvitation.Status
	if err := want("status", status, types.ResourceShareInvitationStatusAccepted); err != nil {
		return err
	}
	resources, err := w.consumer.ram.ListResources(ctx, &ram.ListResourcesInput{ResourceOwner: types.ResourceOwnerOtherAccounts})
	if err != nil {
		return err
	}
	return want("resources", len(resources.Resources), 1)
}

func (w *world) consumerNode(ctx context.Context) error {
	name := aws.String("theirs")
	made, err := w.consumer.mesh.CreateVirtualNode(ctx, &appmesh.CreateVirtualNodeInput{
		MeshName: mesh, MeshOwner: aws.String(owner), VirtualNodeName: name, Spec: &meshtypes.VirtualNodeSpec{},
	})
	if err != nil {
		return err
	}
	arn := fmt.Sprintf("arn:aws:appmesh:%s:%s:mesh/shop@%s/virtualNode/theirs", region, consumer, owner)
	if err := want("ARN", aws.ToString(made.VirtualNode.Metadata.Arn), arn); err != nil {
		return err
	}
	_, err = w.owner.mesh.UpdateVirtualNode(ctx, &appmesh.UpdateVirtualNodeInput{
		MeshName: mesh, VirtualNodeName: name, Spec: &meshtypes.VirtualNodeSpec{},
	})
	if err := wantCode(err, "ForbiddenException"); err != nil {
		return err
	}
	_, err = w.consumer.mesh.ListVirtualGateways(ctx, &appmesh.ListVirtualGatewaysInput{MeshName: mesh, MeshOwner: aws.String(owner)})
	return wantCode(err, "ForbiddenException")
}

// unshare leaves the consumer's node to the owner.
func (w *world) unshare(ctx context.Context) error {
	gone, err := w.owner.ram.DeleteResourceShare(ctx, &ram.DeleteResourceShareInput{ResourceShareArn: w.share})
	if err != nil {
		return err
	}
	if err := want("return value", aws.ToBool(gone.ReturnValue), true); err != nil {
		return err
	}
	node := &appmesh.DeleteVirtualNodeInput{MeshName: mesh, MeshOwner: aws.String(owner), VirtualNodeName: aws.String("theirs")}
	_, err = w.consumer.mesh.DeleteVirtualNode(ctx, node)
	if err := wantCode(err, "ForbiddenException"); err != nil {
		return err
	}
	_, err = w.owner.mesh.DeleteVirtualNode(ctx, node)
	return err
}
