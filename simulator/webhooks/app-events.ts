import { revokeAll } from "#simulator/auth/tokens.ts";
import { dayMs } from "#simulator/clock.ts";
import { gid, type SimShop, type Store } from "#simulator/state.ts";
import { createTimeZone } from "#simulator/time-zone.ts";
import { shopRedacted } from "#simulator/webhooks/privacy-events.ts";
import { shopBody } from "#simulator/webhooks/shop-body.ts";

/** How long after an uninstallation `shop/redact` is sent, unless the app was installed again. */
const redactAfterMs = 2 * dayMs;

/** The shop uninstalled the app: its tokens are invalid before the webhook arrives. */
export function appUninstalled(store: Store, shop: SimShop): void {
  revokeAll(shop);
  // Session tokens use real time.
  shop.uninstalledAt = Math.floor(Date.now() / 1000);
  const body = shopBody(shop, store.clock.isoNow());
  store.publish({ shop, topic: "app/uninstalled", body: () => body });
  shop.installed = false;
  store.clock.schedule(redactAfterMs, () => {
    if (!shop.installed) shopRedacted({ store, shop });
  });
}

/** Sets the app's scopes, in every shop that has installed it. */
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

type ShopFacts = {
  name?: string | undefined;
  currency?: string | undefined;
  timeZone?: string | undefined;
};

/** The merchant changed the shop's settings. Throws a RangeError for an unknown time zone. */
export function shopUpdated(store: Store, shop: SimShop, facts: ShopFacts): void {
  if (facts.timeZone !== undefined) createTimeZone(facts.timeZone);
  shop.name = facts.name ?? shop.name;
  shop.currency = facts.currency ?? shop.currency;
  shop.timeZone = facts.timeZone ?? shop.timeZone;
  const body = shopBody(shop, store.clock.isoNow());
  store.publish({ shop, topic: "shop/update", body: () => body });
}
