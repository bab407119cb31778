import { isSessionTokenOf } from "#simulator/auth/session-token.ts";
import {
  accessTokenSeconds,
  grant,
  type GrantedPair,
  grantPair,
  onlineTokenSeconds,
  refreshPair,
  refreshTokenSeconds,
} from "#simulator/auth/tokens.ts";
import type { SimShop, SimToken, Store } from "#simulator/state.ts";

const exchangeGrant = "urn:ietf:params:oauth:grant-type:token-exchange";
const idToken = "urn:ietf:params:oauth:token-type:id_token";
const offlineToken = "urn:shopify:params:oauth:token-type:offline-access-token";
const onlineToken = "urn:shopify:params:oauth:token-type:online-access-token";

export type TokenAnswer = {
  status: number;
  body: Record<string, unknown>;
  /** The app was not recognised: answered with an HTML page unless the client accepts JSON. */
  page?: boolean;
};

type Place = { store: Store; shop: SimShop };

/** `POST /admin/oauth/access_token`: token exchange, refresh, and migration to expiring tokens. */
export function answerTokenRequest(place: Place, request: Record<string, unknown>): TokenAnswer {
  const { app, faults } = place.store;
  const { client_id: id, client_secret: secret, grant_type: type } = request;
  if (id !== app.apiKey) {
    const found = `Could not find Shopify API application with api_key ${String(id)}`;
    return { ...refusal(400, "application_cannot_be_found", found), page: true };
  }
  // Shopify's wording is not known; it differs from that for an invalid refresh token.
  if (secret !== app.apiSecret) {
    const found = "Missing or invalid client secret";
    return { ...refusal(400, "invalid_request", found), page: true };
  }
  if (type === exchangeGrant) return exchanged(place, request);
  if (type !== "refresh_token") {
    return refusal(400, "unsupported_grant_type", "The grant type is not supported.");
  }
  const { refresh_token: token } = request;
  if (typeof token !== "string")
    return refusal(400, "invalid_request", "No refresh token is given");
  const isAlive = place.shop.refreshTokens.has(token);
  if (isAlive && faults.takes("killRefreshToken")) place.shop.refreshTokens.clear();
  return refreshed(place, token);
}

function exchanged(place: Place, request: Record<string, unknown>): TokenAnswer {
  const { store, shop } = place;
  const {
    subject_token: subject,
    subject_token_type: type,
    requested_token_type: wanted,
  } = request;
  const expiring = request.expiring === "1";
  if (typeof subject !== "string") return invalidSubject();
  if (type === offlineToken) return migrated(place, subject, wanted === offlineToken && expiring);
  if (type !== idToken) return invalidSubject();
  // App Bridge signs with real time, even if the shop's clock was advanced.
  if (!isSessionTokenOf(shop, subject, { app: store.app, nowSeconds: Date.now() / 1000 })) {
    return invalidSubject();
  }
  if (wanted === onlineToken) return online(place);
  if (wanted !== offlineToken) {
    return refusal(400, "invalid_request", "The requested token type is not supported.");
  }
  if (expiring) return answerPair(grantPair(place));
  const token = grant(place, "offline", null);
  return { status: 200, body: { access_token: token.token, scope: scopeText(token) } };
}

/** A non-expiring token is exchanged for a pair, and becomes invalid. */
function migrated(place: Place, subject: string, supported: boolean): TokenAnswer {
  const held = place.shop.tokens.get(subject);
  if (!supported || held?.kind !== "offline" || held.expiresAtMs !== null) return invalidSubject();
  place.shop.tokens.delete(subject);
  return answerPair(grantPair(place));
}

function refreshed(place: Place, token: string): TokenAnswer {
  const pair = refreshPair(place, token);
  if (pair !== undefined) return answerPair(pair);
  const { rotatedTokenAnswer } = place.store.settings;
  if (rotatedTokenAnswer === "invalid_grant" && place.shop.rotatedTokens.has(token)) {
    return refusal(400, "invalid_grant", "The refresh token was used already.");
  }
  return refusal(401, "invalid_request", "This request requires an active refresh_token");
}

function answerPair({ access, refresh }: GrantedPair): TokenAnswer {
  return {
    status: 200,
    body: {
      access_token: access.token,
      scope: scopeText(access),
      expires_in: accessTokenSeconds,
      refresh_token: refresh.token,
      refresh_token_expires_in: refreshTokenSeconds,
    },
  };
}

/** A token of the user who has the app open, independent of the app's pair. */
function online(place: Place): TokenAnswer {
  const token = grant(place, "online", onlineTokenSeconds);
  const scope = scopeText(token);
  const user = {
    id: 1,
    first_name: "Sam",
    last_name: "Owner",
    email: "owner@example.com",
    email_verified: true,
    account_owner: true,
    locale: "en",
    collaborator: false,
  };
  return {
    status: 200,
    body: {
      access_token: token.token,
      scope,
      expires_in: onlineTokenSeconds,
      associated_user_scope: scope,
      associated_user: user,
    },
  };
}

function scopeText({ scopes }: SimToken): string {
  return scopes.join(",");
}

function invalidSubject(): TokenAnswer {
  const found = "Token exchange cannot be performed due to an invalid subject token.";
  return refusal(400, "invalid_subject_token", found);
}

function refusal(status: number, error: string, description: string): TokenAnswer {
  return { status, body: { error, error_description: description } };
}
