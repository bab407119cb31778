import type { SimRefreshToken, SimShop, SimToken, Store } from "#simulator/state.ts";

export const accessTokenSeconds = 3600;
export const refreshTokenSeconds = 90 * 86_400;

type Place = { store: Store; shop: SimShop };

// Tokens live in real time: whoever lets weeks pass in a shop must not lock the app out of it.

export type GrantedPair = { access: SimToken; refresh: SimRefreshToken };

export function grant(place: Place, kind: "offline" | "online", expiring: boolean): SimToken {
  const { store, shop } = place;
  const prefix = kind === "offline" ? "shpat_" : "shpua_";
  const nowMs = store.clock.monotonicMs();
  const token: SimToken = {
    token: prefix + store.random.hex(32),
    kind,
    scopes: [...store.app.scopes],
    expiresAtMs: expiring ? nowMs + accessTokenSeconds * 1000 : null,
  };
  shop.tokens.set(token.token, token);
  shop.installed = true;
  return token;
}

export function grantExpiring(place: Place): GrantedPair {
  const { store, shop } = place;
  const access = grant(place, "offline", true);
  const refresh: SimRefreshToken = {
    token: `shprt_${store.random.hex(32)}`,
    expiresAtMs: store.clock.monotonicMs() + refreshTokenSeconds * 1000,
    successor: null,
  };
  shop.refreshTokens.set(refresh.token, refresh);
  return { access, refresh };
}

/**
 * A new pair for a refresh token. The old one stays good until the pair it brought is first used, so
 * that an answer lost on the way loses nothing; undefined if it is unknown or too old.
 */
export function refreshPair(place: Place, token: string): GrantedPair | undefined {
  const { store, shop } = place;
  const held = shop.refreshTokens.get(token);
  if (held === undefined || held.expiresAtMs <= store.clock.monotonicMs()) return undefined;
  const pair = grantExpiring(place);
  held.successor = pair.access;
  return pair;
}

/** The token behind a request's header, or undefined; its first use ends the life of its predecessor's. */
export function useToken({ store, shop }: Place, token: string | undefined): SimToken | undefined {
  const held = token === undefined ? undefined : shop.tokens.get(token);
  if (held === undefined) return undefined;
  const nowMs = store.clock.monotonicMs();
  if (held.expiresAtMs !== null && held.expiresAtMs <= nowMs) {
    shop.tokens.delete(held.token);
    return undefined;
  }
  for (const refresh of shop.refreshTokens.values()) {
    if (refresh.successor !== held) continue;
    shop.refreshTokens.delete(refresh.token);
  }
  return held;
}
