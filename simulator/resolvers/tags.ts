import { accessDenied, resourceNotFound } from "#simulator/graphql/errors.ts";
import { ofType, type RequestContext, type ResolverMap } from "#simulator/graphql/resolver-map.ts";
import { parseGid } from "#simulator/resolvers/gids.ts";
import { beforeChange } from "#simulator/segments/lag.ts";
import type { SimCustomer, SimOrder } from "#simulator/state.ts";
import { inCaseOfShop, normalizeTags, splitTags, tagsError, withoutTags } from "#simulator/tags.ts";
import { customerTagsEvent } from "#simulator/webhooks/customer-events.ts";

type TagArguments = { id: string; tags: string[] };
type Taggable = { kind: "customer"; item: SimCustomer } | { kind: "order"; item: SimOrder };

const ownerScopes: Record<string, string> = { Customer: "write_customers", Order: "write_orders" };

/** What Shopify can tag; the simulator has customers and orders of these. */
const taggable = new Set(["Customer", "Order", "DraftOrder", "Product", "Article"]);

function payload(node: object | null, errors: { field: string[]; message: string }[] = []) {
  return { node, userErrors: errors };
}

function find(type: string, id: string, { shop }: RequestContext): Taggable | undefined {
  const customer = type === "Customer" ? shop.customers.get(id) : undefined;
  if (customer !== undefined) return { kind: "customer", item: customer };
  const order = type === "Order" ? shop.orders.get(id) : undefined;
  return order === undefined ? undefined : { kind: "order", item: order };
}

/** Both mutations: find the owner, compute its tags, check, save, send webhooks. */
function change(
  name: "tagsAdd" | "tagsRemove",
  { id, tags }: TagArguments,
  context: RequestContext,
): ReturnType<typeof payload> {
  const parsed = parseGid(id);
  if (parsed === undefined || !taggable.has(parsed.type)) throw resourceNotFound("invalid id");
  const scope = ownerScopes[parsed.type];
  if (scope !== undefined && !context.scopes.has(scope)) {
    throw accessDenied(name, `\`${scope}\` access scope.`);
  }
  const owner = find(parsed.type, parsed.id, context);
  if (owner === undefined) {
    return payload(null, [{ field: ["id"], message: `${parsed.type} does not exist` }]);
  }
  const { item, kind } = owner;
  const next =
    name === "tagsAdd"
      ? normalizeTags([...item.tags, ...newTags(owner, tags, context)])
      : withoutTags(item.tags, tags, { exactCase: kind === "order" });
  const wrong = tagsError(next);
  if (wrong !== undefined) return payload(null, [{ field: ["tags"], message: wrong }]);
  save(owner, next, context);
  return payload(ofType(item, owner.kind === "customer" ? "Customer" : "Order"));
}

function newTags({ kind }: Taggable, tags: readonly string[], { shop }: RequestContext): string[] {
  return kind === "customer" ? inCaseOfShop(shop, splitTags(tags)) : splitTags(tags);
}

/** Writing existing tags changes nothing, not even `updatedAt`. */
function save(owner: Taggable, next: string[], { store, shop }: RequestContext): void {
  const before = owner.item.tags;
  if (before.length === next.length && before.every((tag, index) => tag === next[index])) return;
  if (owner.kind === "customer") beforeChange({ store, shop }, owner.item);
  owner.item.tags = next;
  owner.item.updatedAt = store.clock.isoNow();
  if (owner.kind === "customer") customerTagsEvent({ store, shop }, owner.item, before);
}

export const tags: ResolverMap = {
  Mutation: {
    tagsAdd: (_: null, args: TagArguments, context) => change("tagsAdd", args, context),
    tagsRemove: (_: null, args: TagArguments, context) => change("tagsRemove", args, context),
  },
};
