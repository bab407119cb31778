import { notImplemented, resourceNotFound } from "#simulator/graphql/errors.ts";
import { ofType, type RequestContext, type ResolverMap } from "#simulator/graphql/resolver-map.ts";
import { parseGid } from "#simulator/resolvers/gids.ts";
import { orderVisible } from "#simulator/resolvers/orders.ts";
import { membersQuery } from "#simulator/segments/members-queries.ts";
import { gid } from "#simulator/state.ts";

/** What `node` returns, by the type in the gid. */
function find(type: string, id: string, context: RequestContext): object | undefined {
  const { shop } = context;
  switch (type) {
    case "Customer":
      return shop.customers.get(id);
    case "Order": {
      const order = shop.orders.get(id);
      return order !== undefined && orderVisible(order, context) ? order : undefined;
    }
    case "Segment":
      return shop.segments.get(id);
    case "CustomerSegmentMembersQuery":
      return membersQuery(gid(type, id), context) ?? undefined;
    case "BulkOperation":
      return shop.bulkOperations.get(id);
    case "MetafieldDefinition":
      return shop.metafieldDefinitions.get(id);
    case "Shop":
      return shop;
    default:
      throw notImplemented("QueryRoot", `node for ${type}`);
  }
}

function node(id: string, context: RequestContext): object | null {
  const parsed = parseGid(id);
  if (parsed === undefined) throw resourceNotFound(`Invalid id: ${id}`);
  const found = find(parsed.type, parsed.id, context);
  return found === undefined ? null : ofType(found, parsed.type);
}

export const nodes: ResolverMap = {
  QueryRoot: {
    node: (_: null, { id }: { id: string }, context) => node(id, context),
    nodes: (_: null, { ids }: { ids: string[] }, context) => ids.map((id) => node(id, context)),
  },
};
