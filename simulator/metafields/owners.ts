import type { RequestContext } from "#simulator/graphql/resolver-map.ts";
import { parseGid } from "#simulator/resolvers/gids.ts";
import { gid, type SimMetafield, type SimOrder, type SimShop } from "#simulator/state.ts";

/** Something that can hold metafields. */
export type Owner = {
  type: "Customer" | "Order" | "Shop" | "AppInstallation";
  gid: string;
  /** What the API returns as the metafield's owner. */
  object: object;
  metafields: Map<string, SimMetafield>;
};

const ownerTypes = {
  Customer: "CUSTOMER",
  Order: "ORDER",
  Shop: "SHOP",
  AppInstallation: "API_PERMISSION",
} as const;

export function ownerTypeOf(owner: Owner): (typeof ownerTypes)[Owner["type"]] {
  return ownerTypes[owner.type];
}

/** By owner type; owners of other types (the shop, the installation) need none. */
const writeScopes: Readonly<Record<string, string>> = {
  CUSTOMER: "write_customers",
  ORDER: "write_orders",
  DRAFTORDER: "write_draft_orders",
  PRODUCT: "write_products",
  PRODUCTVARIANT: "write_products",
  COLLECTION: "write_products",
  COMPANY: "write_customers",
  COMPANY_LOCATION: "write_customers",
  LOCATION: "write_locations",
  MARKET: "write_markets",
  ARTICLE: "write_content",
  BLOG: "write_content",
  PAGE: "write_content",
  DISCOUNT: "write_discounts",
  VALIDATION: "write_validations",
  PAYMENT_CUSTOMIZATION: "write_payment_customizations",
  DELIVERY_CUSTOMIZATION: "write_delivery_customizations",
  CARTTRANSFORM: "write_cart_transforms",
};

/** Scope to write to owners of a type, and to define their metafields. */
export function writeScopeOf(ownerType: string): string | undefined {
  return writeScopes[ownerType];
}

/** The owner behind a gid; undefined if there is none. Owners of other types are not simulated. */
export function findOwner(ownerId: string, { shop }: RequestContext): Owner | undefined {
  const parsed = parseGid(ownerId);
  if (parsed?.type === "Customer") {
    const customer = shop.customers.get(parsed.id);
    if (customer === undefined) return undefined;
    return { type: "Customer", gid: ownerId, object: customer, metafields: customer.metafields };
  }
  if (parsed?.type === "Order") {
    const order = shop.orders.get(parsed.id);
    return order === undefined ? undefined : orderOwner(shop, order);
  }
  if (parsed?.type === "Shop" && parsed.id === shop.id) return shopOwner(shop);
  if (parsed?.type === "AppInstallation" && parsed.id === shop.id) return installationOwner(shop);
  return undefined;
}

export function orderOwner(shop: SimShop, order: SimOrder): Owner {
  const id = gid("Order", order.id);
  // Orders are many and hardly ever have any.
  const metafields = shop.otherMetafields.get(id) ?? new KeptOnWrite(shop, id);
  return { type: "Order", gid: id, object: order, metafields };
}

export function shopOwner(shop: SimShop): Owner {
  const id = gid("Shop", shop.id);
  return { type: "Shop", gid: id, object: shop, metafields: kept(shop, id) };
}

export function installationOwner(shop: SimShop): Owner {
  const id = gid("AppInstallation", shop.id);
  return { type: "AppInstallation", gid: id, object: { id }, metafields: kept(shop, id) };
}

/** Metafields of an owner that has none yet: the shop stores them once there is one. */
class KeptOnWrite extends Map<string, SimMetafield> {
  constructor(
    private readonly shop: SimShop,
    private readonly ownerId: string,
  ) {
    super();
  }

  override set(key: string, metafield: SimMetafield): this {
    this.shop.otherMetafields.set(this.ownerId, this);
    return super.set(key, metafield);
  }
}

function kept(shop: SimShop, ownerId: string): Map<string, SimMetafield> {
  let metafields = shop.otherMetafields.get(ownerId);
  if (metafields === undefined) shop.otherMetafields.set(ownerId, (metafields = new Map()));
  return metafields;
}

/** All maps of metafields of a shop for owners of a type. */
export function* metafieldsOfType(
  shop: SimShop,
  ownerType: string,
): Iterable<Map<string, SimMetafield>> {
  if (ownerType === "CUSTOMER")
    for (const { metafields } of shop.customers.values()) yield metafields;
  const prefix = otherPrefixes[ownerType];
  if (prefix === undefined) return;
  for (const [id, metafields] of shop.otherMetafields) {
    if (id.startsWith(gid(prefix, ""))) yield metafields;
  }
}

const otherPrefixes: Readonly<Record<string, string>> = {
  ORDER: "Order",
  SHOP: "Shop",
  API_PERMISSION: "AppInstallation",
};
