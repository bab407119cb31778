/**
 * Branded ids: strings that were validated. Shopify's numeric ids can exceed 2^53, so they stay
 * text everywhere.
 */
declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** The shop's permanent domain, for example `demo.myshopify.com`. */
export type ShopDomain = Branded<"ShopDomain">;
/** The numeric part of a customer's gid. */
export type CustomerId = Branded<"CustomerId">;
/** The numeric part of an order's gid. */
export type OrderId = Branded<"OrderId">;
/** The id of a scoring run of ours. */
export type RunId = Branded<"RunId">;

const SHOP_DOMAIN = /^[a-z0-9][a-z0-9-]{0,99}\.myshopify\.com$/;
const NUMERIC = /^[0-9]{1,20}$/;

export function isShopDomain(value: string): value is ShopDomain {
  return SHOP_DOMAIN.test(value);
}

/** @throws TypeError naming what was found, when it is not a shop's permanent domain. */
export function shopDomain(value: string): ShopDomain {
  if (!isShopDomain(value)) {
    throw new TypeError(`"${value}" is not a shop domain: expected name.myshopify.com`);
  }
  return value;
}

/** @throws TypeError when the value is not the numeric part of a gid. */
export function customerId(value: string): CustomerId {
  return numeric(value, "customer") as CustomerId;
}

/** @throws TypeError when the value is not the numeric part of a gid. */
export function orderId(value: string): OrderId {
  return numeric(value, "order") as OrderId;
}

export function runId(value: string): RunId {
  return value as RunId;
}

function numeric(value: string, what: string): string {
  if (!NUMERIC.test(value)) {
    throw new TypeError(`"${value}" is not the number of a ${what}: expected digits only`);
  }
  return value;
}

/** `toGid("Customer", "12")` is `gid://shopify/Customer/12`. */
export function toGid(type: string, id: string): string {
  return `gid://shopify/${type}/${id}`;
}

/** The numeric part of a gid of the given type. @throws TypeError when the gid is of another type. */
export function fromGid(type: string, gid: string): string {
  const id = numberIn(type, gid);
  if (id === null) throw new TypeError(`"${gid}" is not the gid of a ${type}`);
  return id;
}

/** Like {@link fromGid}; null for anything but a gid of the given type. */
export function numberIn(type: string, gid: unknown): string | null {
  const prefix = `gid://shopify/${type}/`;
  const id = typeof gid === "string" && gid.startsWith(prefix) ? gid.slice(prefix.length) : "";
  return NUMERIC.test(id) ? id : null;
}
