import { orFailureResponse } from "#app/http/failure.server.ts";
import { type ShopDomain, shopDomain } from "#app/lib/ids.ts";
import { ensureInstalled } from "#app/shop/install.server.ts";
import { authenticate, withAccess } from "#app/shopify.server.ts";

/**
 * The shop whose merchant asks for a page or its data: that of the session token, and of nothing else in
 * the request.
 *
 * @throws Response to be answered as it is, when it is not a merchant's request, or not yet
 */
export async function requireShop(request: Request): Promise<ShopDomain> {
  const { session } = await authenticate.admin(request);
  return shopDomain(session.shop);
}

/**
 * As {@link requireShop}, with the shop's row and its import seen to. Of a page and its layout, whose
 * loaders run at the same time, either may be first.
 */
export async function requireInstalledShop(request: Request): Promise<ShopDomain> {
  const { session } = await authenticate.admin(request);
  await orFailureResponse(withAccess(request, () => ensureInstalled(session)));
  return shopDomain(session.shop);
}
