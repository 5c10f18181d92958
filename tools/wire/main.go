// Wire drives a served local cloud with the AWS SDK for Go v2, the SDK inside Terraform's and
// Pulumi's AWS provider. It decodes answers more strictly than boto3 does.
//
// Usage: wire ENDPOINT. It prints a line for each step and ends with 1 at the first one that fails.
package main

import (
	"context"
	"fmt"
	"os"
)

const (
	owner    = "111111111111"
	consumer = "222222222222"
	region   = "eu-west-1"
)

// step is one thing that must work; the steps run in their order.
type step struct {
	name string
	run  func(context.Context) error
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: wire ENDPOINT")
		os.Exit(2)
	}
	if err := drive(context.Background(), os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func drive(ctx context.Context, endpoint string) error {
	ours, err := newClients(ctx, endpoint, owner)
	if err != nil {
		return err
	}
	theirs, err := newClients(ctx, endpoint, consumer)
	if err != nil {
		return err
	}
	w := &world{owner: ours, consumer: theirs}
	steps := append(w.meshSteps(), w.shareSteps()...)
	steps = append(steps, w.identitySteps()...)
	for _, s := range append(steps, w.deleteSteps()...) {
		if err := s.run(ctx); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		fmt.Println("ok", s.name)
	}
	return nil
}
