import { orFailureResponse } from "#app/http/failure.server.ts";
import { type ShopDomain, shopDomain } from "#app/lib/ids.ts";
import { ensureInstalled } from "#app/shop/install.server.ts";
import { authenticate, withAccess } from "#app/shopify.server.ts";

/**
 * The shop of the request's session token; nothing else in the request is trusted.
 *
 * @throws Response to be returned as it is, when the request has no valid session yet
 */
export async function requireShop(request: Request): Promise<ShopDomain> {
  const { session } = await authenticate.admin(request);
  return shopDomain(session.shop);
}

/**
 * Like {@link requireShop}, and ensures that the shop is installed. Used by a page and its layout,
 * whose loaders run at the same time in any order.
 */
export async function requireInstalledShop(request: Request): Promise<ShopDomain> {
  const { session } = await authenticate.admin(request);
  await orFailureResponse(withAccess(request, () => ensureInstalled(session)));
  return shopDomain(session.shop);
}
