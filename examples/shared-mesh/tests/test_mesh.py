"""What this program must keep: run `pytest examples/shared-mesh/tests`."""

STREAM = "appmesh:StreamAggregatedResources"


def test_roles_may_do_what_the_file_says_and_nothing_else(meshkit_deploy):
    meshkit_deploy("..").assert_least_privilege()


def test_the_storefront_reads_its_own_configuration_only(meshkit_deploy):
    shop = meshkit_deploy("..")

    shop.assert_can("storefront", STREAM, shop.endpoint("storefront"))
    shop.assert_cannot("storefront", STREAM, shop.endpoint("catalog-v1"))
    shop.assert_cannot("storefront", "s3:GetObject", "*")


def test_policies_are_those_that_were_reviewed(meshkit_deploy, request):
    shop = meshkit_deploy("..")

    shop.assert_policies_match(request.path.with_name("policies.json"))


def test_the_catalog_runs_in_the_billing_account(meshkit_deploy):
    shop = meshkit_deploy("..")
    appmesh = shop.client("appmesh", "billing")

    router = appmesh.describe_virtual_router(
        meshName="shop", meshOwner="111111111111", virtualRouterName="catalog"
    )

    assert router["virtualRouter"]["metadata"]["resourceOwner"] == "333333333333"
