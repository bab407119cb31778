import { gid, type SimShop, type Store } from "#simulator/state.ts";

/** The shop took the app out: its tokens are dead before the webhook arrives. */
export function appUninstalled(store: Store, shop: SimShop): void {
  shop.tokens.clear();
  shop.refreshTokens.clear();
  store.publish({ shop, topic: "app/uninstalled", body: () => shopBody(shop) });
  shop.installed = false;
}

/** From now on the app has these scopes, in every shop that has installed it. */
export function appScopesUpdated(store: Store, scopes: string[]): void {
  const previous = store.app.scopes;
  store.app.scopes = scopes;
  for (const shop of store.shops.values()) {
    for (const token of shop.tokens.values()) token.scopes = [...scopes];
    if (!shop.installed) continue;
    store.publish({
      shop,
      topic: "app/scopes_update",
      body: () => ({
        id: Number(store.app.clientId),
        shop_id: gid("Shop", shop.id),
        previous,
        current: scopes,
        updated_at: store.clock.now().toISOString(),
      }),
    });
  }
}

function shopBody(shop: SimShop): Record<string, unknown> {
  return {
    id: Number(shop.id),
    name: shop.name,
    email: `owner@${shop.handle}.example.com`,
    domain: shop.domain,
    myshopify_domain: shop.domain,
    created_at: shop.createdAt,
    updated_at: shop.createdAt,
    currency: shop.currency,
    iana_timezone: shop.timeZone,
    plan_display_name: shop.plan.name,
    plan_name: shop.plan.shopifyPlus ? "shopify_plus" : "basic",
    primary_locale: "en",
  };
}
