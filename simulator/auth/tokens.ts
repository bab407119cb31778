import type { SimRefreshToken, SimShop, SimToken, Store } from "#simulator/state.ts";

export const accessTokenSeconds = 3600;
export const onlineTokenSeconds = 86_399;
export const refreshTokenSeconds = 90 * 86_400;
/** A refresh token that was used may be used again for so long, if nobody uses what it brought. */
const recoveryMs = 30 * 86_400_000;

type Place = { store: Store; shop: SimShop };

// Tokens live in real time: whoever lets weeks pass in a shop must not lock the app out of it.

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

/** A new pair by an exchange: an app has one in a shop, so that any before it is dead from now on. */
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

/** Ends the living pair and what is left of the one before it; the number of tokens that died. */
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
 * A new pair for a refresh token, undefined if that is not alive. The old refresh token stays good until
 * the new pair is first used, so that an answer lost on the way loses nothing; used again before that it
 * brings another pair in place of the one nobody used. The old access token is dead at once.
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

/** Whoever uses one of a pair has stored it: what brought it is not needed any more. */
function retirePredecessor(shop: SimShop, refresh: SimRefreshToken): void {
  const { predecessor } = refresh;
  if (predecessor === null) return;
  refresh.predecessor = null;
  if (shop.refreshTokens.delete(predecessor)) shop.rotatedTokens.add(predecessor);
}

/** The token behind a request's header, or undefined; its first use ends the life of its predecessor's. */
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

/** Takes the app's access to a shop away altogether: only a new exchange gives it again. */
export function revokeAll(shop: SimShop): number {
  const revoked = shop.tokens.size + shop.refreshTokens.size;
  shop.tokens.clear();
  shop.refreshTokens.clear();
  return revoked;
}
