import type { Stack } from "./stack.ts";

/** The addresses and credentials of one shop and its app. */
export type Site = Pick<
  Stack,
  "shop" | "domain" | "simulatorUrl" | "appUrl" | "apiKey" | "apiSecret"
>;

/** An Admin API client that shares no code with the app, to verify what is in Shopify. */
export type AdminApi = (query: string, variables?: Record<string, unknown>) => Promise<unknown>;

type Reply = {
  data?: unknown;
  errors?: { message: string; extensions?: { code?: string } }[];
  extensions?: { cost?: { requestedQueryCost: number; throttleStatus: ThrottleStatus } };
};
type ThrottleStatus = { currentlyAvailable: number; restoreRate: number };

/** A session token as App Bridge would hand to the embedded page. */
export async function sessionToken(site: Site): Promise<string> {
  const response = await fetch(`${site.simulatorUrl}/store/${site.shop}/session-token`);
  if (!response.ok) throw new Error(`no session token: the simulator answered ${response.status}`);
  const { token } = (await response.json()) as { token: string };
  return token;
}

/** An online token: an offline one would end the app's token pair. */
async function accessToken(site: Site): Promise<string> {
  const response = await fetch(`${site.simulatorUrl}/admin/oauth/access_token`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-simulated-host": site.domain },
    body: JSON.stringify({
      client_id: site.apiKey,
      client_secret: site.apiSecret,
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token: await sessionToken(site),
      subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
      requested_token_type: "urn:shopify:params:oauth:token-type:online-access-token",
    }),
  });
  const body = (await response.json()) as { access_token?: string; error?: string };
  if (!body.access_token) throw new Error(`no access token: ${body.error ?? response.status}`);
  return body.access_token;
}

export async function openAdminApi(site: Site): Promise<AdminApi> {
  const token = await accessToken(site);
  return async function ask(query, variables = {}) {
    for (;;) {
      const response = await fetch(`${site.simulatorUrl}/admin/api/2026-10/graphql.json`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "x-shopify-access-token": token,
          "x-simulated-host": site.domain,
        },
        body: JSON.stringify({ query, variables }),
      });
      const reply = (await response.json()) as Reply;
      if (!reply.errors) return reply.data;
      const throttled = reply.errors.some((error) => error.extensions?.code === "THROTTLED");
      const cost = reply.extensions?.cost;
      if (!throttled || !cost) throw new Error(reply.errors.map((e) => e.message).join("; "));
      const lacking = cost.requestedQueryCost - cost.throttleStatus.currentlyAvailable;
      const wait = (lacking / cost.throttleStatus.restoreRate) * 1000;
      await new Promise((resolve) => setTimeout(resolve, Math.max(wait, 50)));
    }
  };
}
