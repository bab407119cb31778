import type { ShopDomain } from "#app/lib/ids.ts";
import { API_VERSION } from "#app/shopify/api-version.ts";
import { simulatedFetch } from "#app/shopify/simulated-fetch.ts";
import { isDeadRefreshToken } from "#app/shopify/tokens/refresh-refusal.ts";

import { compareClocks } from "./clock.ts";
import { type Finding, messageOf, ok, wrong } from "./finding.ts";

const WITHIN_MS = 15_000;

/** Shopify's response, and when (by our clock) it was requested. */
export type Answer = {
  status: number;
  body: unknown;
  date: string | null;
  askedAt: number;
  receivedAt: number;
};

/** The simulated Shopify's URL; undefined for the real one. */
export type Shopify = { simulated: string | undefined };

type Question = { path: string; body: object; headers?: Record<string, string> };

/** @returns an error message when there is no response */
async function ask(shopify: Shopify, shop: ShopDomain, question: Question) {
  const { simulated } = shopify;
  const send = simulated === undefined ? fetch : simulatedFetch(simulated, fetch);
  const askedAt = Date.now();
  try {
    const response = await send(`https://${shop}${question.path}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json",
        ...question.headers,
      },
      body: JSON.stringify(question.body),
      signal: AbortSignal.timeout(WITHIN_MS),
      redirect: "manual",
    });
    const receivedAt = Date.now();
    const text = await response.text();
    const date = response.headers.get("date");
    return {
      status: response.status,
      body: parsed(text),
      date,
      askedAt,
      receivedAt,
    } satisfies Answer;
  } catch (error) {
    return messageOf(error);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** Runs a query in the shop's Admin API. */
export function askAdmin(
  shopify: Shopify,
  shop: ShopDomain,
  { token, query }: { token: string; query: string },
): Promise<Answer | string> {
  return ask(shopify, shop, {
    path: `/admin/api/${API_VERSION}/graphql.json`,
    body: { query },
    headers: { "x-shopify-access-token": token },
  });
}

const ABOUT = "Client secret";

/**
 * Whether Shopify accepts the client id and secret. This requests the renewal of a token that does not exist:
 * if Shopify answers that the token is invalid, it has accepted the client. Nothing is changed by it.
 */
export async function checkCredentials(
  shopify: Shopify,
  shop: ShopDomain,
  { id, secret }: { id: string; secret: string },
): Promise<Finding[]> {
  const answer = await ask(shopify, shop, {
    path: "/admin/oauth/access_token",
    body: {
      client_id: id,
      client_secret: secret,
      grant_type: "refresh_token",
      refresh_token: "npm-run-doctor-asks-for-nothing",
    },
  });
  if (typeof answer === "string") {
    const todo = "Encore's machines must reach https://…myshopify.com";
    return [wrong("Shopify", { found: `${shop} does not answer: ${answer}`, todo })];
  }
  return [credentials(shop, answer), ...checkClock(shopify, answer)];
}

function credentials(shop: ShopDomain, { status, body }: Answer): Finding {
  if (isDeadRefreshToken(status, body)) {
    return ok(ABOUT, "Shopify knows the app by its client id and secret");
  }
  const { error, error_description: description } = { ...(body as Record<string, unknown>) };
  const said = [error, description].filter((one) => typeof one === "string").join(": ");
  const found = `Shopify answers ${status} ${said}`.trim();
  if (status === 404) {
    return wrong("Shopify", { found: `${shop}: ${found}`, todo: "is this the shop's name?" });
  }
  if (error === "application_cannot_be_found") {
    const todo = "SHOPIFY_API_KEY is no app's client id: copy it from the Dev Dashboard";
    return wrong("Client id", { found, todo });
  }
  if (status >= 500 || status === 429) {
    return wrong("Shopify", { found, todo: "try again in a while" });
  }
  const todo =
    "SHOPIFY_API_SECRET is not this app's: copy it from the Dev Dashboard (the app, Settings)";
  return wrong(ABOUT, { found, todo });
}

/** Shopify's time has a resolution of seconds. A simulated shop's clock can be advanced, and is ignored. */
function checkClock({ simulated }: Shopify, { date, askedAt, receivedAt }: Answer): Finding[] {
  const theirs = Date.parse(date ?? "");
  if (simulated !== undefined || Number.isNaN(theirs)) return [];
  return [compareClocks("Shopify", { theirs, askedAt, receivedAt }, 1_000)];
}
