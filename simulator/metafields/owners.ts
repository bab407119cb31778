import type { RequestContext } from "#simulator/graphql/resolver-map.ts";
import { parseGid } from "#simulator/resolvers/gids.ts";
import { gid, type SimMetafield, type SimShop } from "#simulator/state.ts";

/** Something that can hold metafields. */
export type Owner = {
  type: "Customer" | "Shop" | "AppInstallation";
  gid: string;
  /** What the API gives as the metafield's owner. */
  object: object;
  metafields: Map<string, SimMetafield>;
};

export function ownerTypeOf(owner: Owner): "CUSTOMER" | "SHOP" | "API_CLIENT" {
  if (owner.type === "Customer") return "CUSTOMER";
  return owner.type === "Shop" ? "SHOP" : "API_CLIENT";
}

/** Scope to write to owners of a type; the shop and the installation need none. */
export function writeScopeOf(ownerType: string): string | undefined {
  if (ownerType === "Customer" || ownerType === "CUSTOMER") return "write_customers";
  return undefined;
}

/** The owner behind a gid; undefined if there is none. Owners of other types are not simulated. */
export function findOwner(ownerId: string, { shop }: RequestContext): Owner | undefined {
  const parsed = parseGid(ownerId);
  if (parsed?.type === "Customer") {
    const customer = shop.customers.get(parsed.id);
    if (customer === undefined) return undefined;
    return { type: "Customer", gid: ownerId, object: customer, metafields: customer.metafields };
  }
  if (parsed?.type === "Shop" && parsed.id === shop.id) return shopOwner(shop);
  if (parsed?.type === "AppInstallation" && parsed.id === shop.id) return installationOwner(shop);
  return undefined;
}

export function shopOwner(shop: SimShop): Owner {
  const id = gid("Shop", shop.id);
  return { type: "Shop", gid: id, object: shop, metafields: kept(shop, id) };
}

export function installationOwner(shop: SimShop): Owner {
  const id = gid("AppInstallation", shop.id);
  return { type: "AppInstallation", gid: id, object: { id }, metafields: kept(shop, id) };
}

function kept(shop: SimShop, ownerId: string): Map<string, SimMetafield> {
  let metafields = shop.otherMetafields.get(ownerId);
  if (metafields === undefined) shop.otherMetafields.set(ownerId, (metafields = new Map()));
  return metafields;
}

/** Every map of metafields a shop has for owners of a type. */
export function* metafieldsOfType(
  shop: SimShop,
  ownerType: string,
): Iterable<Map<string, SimMetafield>> {
  if (ownerType === "CUSTOMER")
    for (const { metafields } of shop.customers.values()) yield metafields;
  if (ownerType === "SHOP") yield shopOwner(shop).metafields;
  if (ownerType === "API_CLIENT") yield installationOwner(shop).metafields;
}
