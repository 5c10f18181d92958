package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/appmesh"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/ram"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
)

// clients are those of one account, reached through a role in it.
type clients struct {
	mesh *appmesh.Client
	ram  *ram.Client
	iam  *iam.Client
	eks  *eks.Client
	sts  *sts.Client
}

func newClients(ctx context.Context, endpoint, account string) (*clients, error) {
	cfg, err := config.LoadDefaultConfig(ctx,
		config.WithRegion(region),
		config.WithBaseEndpoint(endpoint),
		config.WithCredentialsProvider(credentials.NewStaticCredentialsProvider("local", "local", "")),
		config.WithSharedConfigFiles(nil),
		config.WithSharedCredentialsFiles(nil),
		config.WithRetryMaxAttempts(1),
	)
	if err != nil {
		return nil, err
	}
	role := fmt.Sprintf("arn:aws:iam::%s:role/deploy", account)
	cfg.Credentials = aws.NewCredentialsCache(stscreds.NewAssumeRoleProvider(sts.NewFromConfig(cfg), role))
	return &clients{
		mesh: appmesh.NewFromConfig(cfg),
		ram:  ram.NewFromConfig(cfg),
		iam:  iam.NewFromConfig(cfg),
		eks:  eks.NewFromConfig(cfg),
		sts:  sts.NewFromConfig(cfg),
	}, nil
}

// wantCode fails unless err is the AWS error of this code.
func wantCode(err error, code string) error {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return fmt.Errorf("want %s, got %v", code, err)
	}
	if api.ErrorCode() != code {
		return fmt.Errorf("want %s, got %s: %s", code, api.ErrorCode(), api.ErrorMessage())
	}
	if api.ErrorMessage() == "" {
		return fmt.Errorf("%s has no message", code)
	}
	return nil
}

func want(what string, got, wanted any) error {
	if got != wanted {
		return fmt.Errorf("%s: want %v, got %v", what, wanted, got)
	}
	return nil
}
