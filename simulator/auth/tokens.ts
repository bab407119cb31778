import type { SimRefreshToken, SimShop, SimToken, Store } from "#simulator/state.ts";

export const accessTokenSeconds = 3600;
export const onlineTokenSeconds = 86_399;
export const refreshTokenSeconds = 90 * 86_400;
/** How long a used refresh token can be used again, if the pair it returned is not used. */
const recoveryMs = 30 * 86_400_000;

type Place = { store: Store; shop: SimShop };

// Tokens use real time: advancing a shop's clock by weeks must not lock the app out of it.

export type GrantedPair = { access: SimToken; refresh: SimRefreshToken };

/** @param seconds null for a token that never expires */
export function grant(place: Place, kind: SimToken["kind"], seconds: number | null): SimToken {
  const { store, shop } = place;
  const prefix = kind === "offline" ? "shpat_" : "shpua_";
  const token: SimToken = {
    token: prefix + store.random.hex(32),
    kind,
    scopes: [...store.app.scopes],
    expiresAtMs: seconds === null ? null : store.clock.monotonicMs() + seconds * 1000,
  };
  shop.tokens.set(token.token, token);
  shop.installed = true;
  return token;
}

/** A new pair by an exchange. An app has one pair in a shop, so earlier ones become invalid. */
export function grantPair(place: Place): GrantedPair {
  revokePair(place.shop);
  return issuePair(place, null);
}

function issuePair(place: Place, predecessor: string | null): GrantedPair {
  const { store, shop } = place;
  const access = grant(place, "offline", accessTokenSeconds);
  const refresh: SimRefreshToken = {
    token: `shprt_${store.random.hex(32)}`,
    expiresAtMs: store.clock.monotonicMs() + refreshTokenSeconds * 1000,
    access: access.token,
    predecessor,
  };
  shop.refreshTokens.set(refresh.token, refresh);
  return { access, refresh };
}

/** Invalidates the current pair and what is left of the previous one; returns the number of tokens. */
export function revokePair(shop: SimShop): number {
  const ended = endAccess(shop) + shop.refreshTokens.size;
  shop.refreshTokens.clear();
  return ended;
}

function endAccess(shop: SimShop): number {
  let ended = 0;
  for (const { token, kind, expiresAtMs } of shop.tokens.values()) {
    if (kind !== "offline" || expiresAtMs === null) continue;
    shop.tokens.delete(token);
    ended += 1;
  }
  return ended;
}

/**
 * A new pair for a refresh token, undefined if that is invalid. The old refresh token stays valid until the
 * new pair is first used, so that a lost response does no harm; used again before that, it returns another
 * pair in place of the unused one. The old access token is invalid at once.
 */
export function refreshPair({ store, shop }: Place, token: string): GrantedPair | undefined {
  const held = shop.refreshTokens.get(token);
  const nowMs = store.clock.monotonicMs();
  if (held === undefined || held.expiresAtMs <= nowMs) return undefined;
  retirePredecessor(shop, held);
  const unused = successorOf(shop, token);
  if (unused === undefined) held.expiresAtMs = Math.min(held.expiresAtMs, nowMs + recoveryMs);
  else shop.refreshTokens.delete(unused.token);
  endAccess(shop);
  return issuePair({ store, shop }, token);
}

function successorOf(shop: SimShop, token: string): SimRefreshToken | undefined {
  return [...shop.refreshTokens.values()].find(({ predecessor }) => predecessor === token);
}

/** A client that uses a pair has stored it: the refresh token that returned it is no longer needed. */
function retirePredecessor(shop: SimShop, refresh: SimRefreshToken): void {
  const { predecessor } = refresh;
  if (predecessor === null) return;
  refresh.predecessor = null;
  if (shop.refreshTokens.delete(predecessor)) shop.rotatedTokens.add(predecessor);
}

/** The token in a request's header, or undefined; its first use invalidates its predecessor. */
export function useToken({ store, shop }: Place, token: string | undefined): SimToken | undefined {
  const held = token === undefined ? undefined : shop.tokens.get(token);
  if (held === undefined) return undefined;
  if (held.expiresAtMs !== null && held.expiresAtMs <= store.clock.monotonicMs()) {
    shop.tokens.delete(held.token);
    return undefined;
  }
  for (const refresh of shop.refreshTokens.values()) {
    if (refresh.access === held.token) retirePredecessor(shop, refresh);
  }
  return held;
}

/** Revokes the app's access to a shop completely: only a new exchange restores it. */
export function revokeAll(shop: SimShop): number {
  const revoked = shop.tokens.size + shop.refreshTokens.size;
  shop.tokens.clear();
  shop.refreshTokens.clear();
  return revoked;
}
