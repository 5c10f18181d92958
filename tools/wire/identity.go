package main

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	ekstypes "github.com/aws/aws-sdk-go-v2/service/eks/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow",` +
	`"Principal":{"Service":"pods.eks.amazonaws.com"},"Action":["sts:AssumeRole","sts:TagSession"]}]}`

func (w *world) identitySteps() []step {
	return []step{
		{"service-linked role", w.linkedRole},
		{"pod identity", w.podIdentity},
		{"delete pod identity", w.deletePodIdentity},
	}
}

// linkedRole finds the role that the mesh made, and that there can't be a second one.
func (w *world) linkedRole(ctx context.Context) error {
	name := aws.String("AWSServiceRoleForAppMesh")
	if _, err := w.owner.iam.GetRole(ctx, &iam.GetRoleInput{RoleName: name}); err != nil {
		return err
	}
	_, err := w.owner.iam.CreateServiceLinkedRole(ctx, &iam.CreateServiceLinkedRoleInput{
		AWSServiceName: aws.String("appmesh.amazonaws.com"),
	})
	return wantCode(err, "InvalidInput")
}

func (w *world) podIdentity(ctx context.Context) error {
	role, err := w.owner.iam.CreateRole(ctx, &iam.CreateRoleInput{
		RoleName: aws.String("web"), AssumeRolePolicyDocument: aws.String(trust),
	})
	if err != nil {
		return err
	}
	cluster := aws.String("main")
	_, err = w.owner.eks.CreateCluster(ctx, &eks.CreateClusterInput{
		Name: cluster, RoleArn: role.Role.Arn, ResourcesVpcConfig: &ekstypes.VpcConfigRequest{},
	})
	if err != nil {
		return err
	}
	made, err := w.owner.eks.CreatePodIdentityAssociation(ctx, &eks.CreatePodIdentityAssociationInput{
		ClusterName: cluster, Namespace: aws.String("shop"), ServiceAccount: aws.String("web"), RoleArn: role.Role.Arn,
	})
	if err != nil {
		return err
	}
	w.association = made.Association.AssociationId
	seen, err := w.owner.eks.DescribePodIdentityAssociation(ctx, &eks.DescribePodIdentityAssociationInput{
		ClusterName: cluster, AssociationId: w.association,
	})
	if err != nil {
		return err
	}
	if seen.Association.CreatedAt == nil || seen.Association.CreatedAt.Year() < 2020 {
		return fmt.Errorf("odd creation time: %v", seen.Association.CreatedAt)
	}
	return want("role", aws.ToString(seen.Association.RoleArn), aws.ToString(role.Role.Arn))
}

func (w *world) deletePodIdentity(ctx context.Context) error {
	cluster := aws.String("main")
	_, err := w.owner.eks.DeletePodIdentityAssociation(ctx, &eks.DeletePodIdentityAssociationInput{
		ClusterName: cluster, AssociationId: w.association,
	})
	if err != nil {
		return err
	}
	left, err := w.owner.eks.ListPodIdentityAssociations(ctx, &eks.ListPodIdentityAssociationsInput{ClusterName: cluster})
	if err != nil {
		return err
	}
	return want("associations", len(left.Associations), 0)
}
