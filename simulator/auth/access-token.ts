import { isValidSessionToken } from "#simulator/auth/session-token.ts";
import {
  accessTokenSeconds,
  grant,
  grantExpiring,
  refreshPair,
  refreshTokenSeconds,
  type GrantedPair,
} from "#simulator/auth/tokens.ts";
import type { SimShop, SimToken, Store } from "#simulator/state.ts";

const exchangeGrant = "urn:ietf:params:oauth:grant-type:token-exchange";
const idToken = "urn:ietf:params:oauth:token-type:id_token";
const offlineToken = "urn:shopify:params:oauth:token-type:offline-access-token";
const onlineToken = "urn:shopify:params:oauth:token-type:online-access-token";

type TokenAnswer = { status: number; body: Record<string, unknown> };

type Place = { store: Store; shop: SimShop };

/** `POST /admin/oauth/access_token`: token exchange, refresh, and migration to expiring tokens. */
export function answerTokenRequest(place: Place, request: Record<string, unknown>): TokenAnswer {
  const { app } = place.store;
  if (request.client_id !== app.apiKey || request.client_secret !== app.apiSecret) {
    return refusal(401, "invalid_client", "The client id or secret is wrong.");
  }
  if (request.grant_type === "refresh_token") return refreshed(place, request);
  if (request.grant_type === exchangeGrant) return exchanged(place, request);
  return refusal(400, "unsupported_grant_type", "The grant type is not supported.");
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
  // App Bridge signs with real time, however far the shop's clock was moved.
  const nowSeconds = Date.now() / 1000;
  if (!isValidSessionToken(subject, { app: store.app, domain: shop.domain }, nowSeconds)) {
    return invalidSubject();
  }
  if (wanted === onlineToken) return online(place);
  if (wanted !== offlineToken) {
    return refusal(400, "invalid_request", "The requested token type is not supported.");
  }
  if (expiring) return answerPair(grantExpiring(place));
  const token = grant(place, "offline", false);
  return { status: 200, body: { access_token: token.token, scope: scopeText(token) } };
}

/** An old token that never expires is exchanged for a pair, and dies. */
function migrated(place: Place, subject: string, supported: boolean): TokenAnswer {
  const held = place.shop.tokens.get(subject);
  if (!supported || held?.kind !== "offline") return invalidSubject();
  place.shop.tokens.delete(subject);
  return answerPair(grantExpiring(place));
}

function refreshed(place: Place, request: Record<string, unknown>): TokenAnswer {
  const token = request.refresh_token;
  const pair = typeof token === "string" ? refreshPair(place, token) : undefined;
  if (pair === undefined) {
    return refusal(400, "invalid_grant", "The refresh token is invalid or has expired.");
  }
  return answerPair(pair);
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

function online(place: Place): TokenAnswer {
  const token = grant(place, "online", true);
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
      expires_in: accessTokenSeconds,
      associated_user_scope: scope,
      associated_user: user,
    },
  };
}

function scopeText({ scopes }: SimToken): string {
  return scopes.join(",");
}

function invalidSubject(): TokenAnswer {
  return refusal(400, "invalid_subject_token", "The subject token is invalid or has expired.");
}

function refusal(status: number, error: string, description: string): TokenAnswer {
  return { status, body: { error, error_description: description } };
}
