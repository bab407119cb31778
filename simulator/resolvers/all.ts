import type { ResolverMap } from "#simulator/graphql/resolver-map.ts";
import { mergeResolverMaps } from "#simulator/graphql/schema.ts";
import { metafieldReads } from "#simulator/metafields/reads.ts";
import { appInstallation } from "#simulator/resolvers/app.ts";
import { bulkOperations } from "#simulator/resolvers/bulk-operations.ts";
import { customerMutations } from "#simulator/resolvers/customer-mutations.ts";
import { customers } from "#simulator/resolvers/customers.ts";
import { metafields } from "#simulator/resolvers/metafields.ts";
import { nodes } from "#simulator/resolvers/node.ts";
import { orderMutations } from "#simulator/resolvers/order-mutations.ts";
import { orders } from "#simulator/resolvers/orders.ts";
import { shop } from "#simulator/resolvers/shop.ts";
import { stagedUploads } from "#simulator/resolvers/staged-uploads.ts";
import { tags } from "#simulator/resolvers/tags.ts";
import { segments } from "#simulator/segments/resolvers.ts";

/** All resolvers. Discounts, products, marketing, billing and Flow have none. */
export const resolvers: ResolverMap = mergeResolverMaps([
  appInstallation,
  bulkOperations,
  customerMutations,
  customers,
  metafieldReads,
  metafields,
  nodes,
  orderMutations,
  orders,
  segments,
  shop,
  stagedUploads,
  tags,
]);
