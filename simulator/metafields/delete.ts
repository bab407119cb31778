import { accessDenied } from "#simulator/graphql/errors.ts";
import type { RequestContext } from "#simulator/graphql/resolver-map.ts";
import {
  canonicalNamespace,
  metafieldKey,
  ofAnotherApp,
} from "#simulator/metafields/namespaces.ts";
import { findOwner, ownerTypeOf, writeScopeOf } from "#simulator/metafields/owners.ts";
import { notAllowed, willChange } from "#simulator/metafields/set.ts";
import { customerUpdated } from "#simulator/webhooks/customer-events.ts";

export type MetafieldIdentifier = { ownerId: string; namespace?: string | null; key: string };

type Deleted = { ownerId: string; namespace: string; key: string };

type DeletePayload = {
  deletedMetafields: (Deleted | null)[];
  userErrors: { field: string[]; message: string }[];
};

const writeAccess =
  "access defined by each metafield input `ownerId` scalar's type in a `MetafieldsSetInput` field.\n" +
  "For example, setting a metafield on a `PRODUCT` requires the same access as mutating a `PRODUCT`.\n";

/** Null for a metafield that did not exist. */
export function deleteMetafields(
  identifiers: readonly MetafieldIdentifier[],
  context: RequestContext,
): DeletePayload {
  const { app } = context.store;
  const wanted = identifiers.map((one) => ({
    ...one,
    namespace: canonicalNamespace(app, one.namespace),
  }));
  for (const { ownerId } of wanted) {
    const owner = findOwner(ownerId, context);
    const scope = owner && writeScopeOf(ownerTypeOf(owner));
    if (scope !== undefined && !context.scopes.has(scope)) {
      throw accessDenied("metafieldsDelete", writeAccess);
    }
  }
  if (wanted.some(({ namespace }) => ofAnotherApp(app, namespace))) {
    return { deletedMetafields: [], userErrors: [{ field: ["metafields"], message: notAllowed }] };
  }
  return { deletedMetafields: wanted.map((one) => deleteOne(one, context)), userErrors: [] };
}

function deleteOne({ ownerId, namespace, key }: Deleted, context: RequestContext): Deleted | null {
  const { store, shop } = context;
  const owner = findOwner(ownerId, context);
  willChange(ownerId, context);
  if (owner?.metafields.delete(metafieldKey(namespace, key)) !== true) return null;
  const customer = shop.customers.get(ownerId.replace("gid://shopify/Customer/", ""));
  if (customer !== undefined) {
    customer.updatedAt = store.clock.isoNow();
    customerUpdated({ store, shop }, customer);
  }
  return { ownerId, namespace, key };
}
