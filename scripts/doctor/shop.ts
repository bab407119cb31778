import { z } from "zod";

import type { ShopDomain } from "#app/lib/ids.ts";

import { type Finding, listed, ok, warn, wrong } from "./finding.ts";
import type { Installation } from "./installation.ts";
import { checkGrantedScopes } from "./scopes.ts";
import { type Answer, askAdmin, type Shopify } from "./shopify.ts";

const GRANTS = `query EncoreDoctorGrants {
  currentAppInstallation { accessScopes { handle } }
}`;
const ORDERS = `query EncoreDoctorOrders {
  oldest: orders(first: 1, sortKey: PROCESSED_AT) { nodes { processedAt customer { id } } }
  newest: orders(first: 1, sortKey: UPDATED_AT, reverse: true) { nodes { updatedAt } }
}`;

const grants = z.object({
  data: z.object({
    currentAppInstallation: z.object({ accessScopes: z.array(z.object({ handle: z.string() })) }),
  }),
});
const orders = z.object({
  data: z.object({
    oldest: z.object({ nodes: z.array(z.object({ processedAt: z.string() })) }),
    newest: z.object({ nodes: z.array(z.object({ updatedAt: z.string() })) }),
  }),
});
const refusal = z.object({
  errors: z.array(
    z.object({
      message: z.string(),
      extensions: z.object({ code: z.string() }).partial().optional(),
    }),
  ),
});

const AGAIN = "try again in a while; when it stays so, look at the API version";

type Visit = {
  shopify: Shopify;
  shop: ShopDomain;
  token: string;
  installation: Installation;
  /** The scopes that the file requests. */
  asked: readonly string[];
};

export type Visited = {
  findings: Finding[];
  /** Time of the shop's last change of an order; null if unknown. */
  newestChange: Date | null;
};

/** Whether Shopify accepts the token, its scopes, and whether orders can be read with it. */
export async function visitShop(visit: Visit): Promise<Visited> {
  const { shopify, shop, token, installation, asked } = visit;
  const answer = await askAdmin(shopify, shop, { token, query: GRANTS });
  const dead = notTaken(answer);
  if (dead !== null) return { findings: [dead], newestChange: null };
  const { data } = grants.safeParse((answer as Answer).body);
  const alive = ok("Token", "it is stored, opens with our keys, and Shopify takes it");
  const granted = data?.data.currentAppInstallation.accessScopes.map(({ handle }) => handle);
  const { findings, newestChange } = readOrders(
    await askAdmin(shopify, shop, { token, query: ORDERS }),
    granted?.includes("read_all_orders") === true,
  );
  return {
    findings: [
      alive,
      ...(granted === undefined ? [unread(answer)] : checkGrantedScopes(granted, asked)),
      ...findings,
      ...history(granted ?? [], installation),
    ],
    newestChange,
  };
}

function notTaken(answer: Answer | string): Finding | null {
  if (typeof answer === "string") {
    const todo = "Encore's machines must reach https://…myshopify.com";
    return wrong("Shopify", { found: `no answer: ${answer}`, todo });
  }
  const { status } = answer;
  if (status === 200) return null;
  if (status === 401) {
    const found = "Shopify refuses the stored one (401): it was replaced, or the app was removed";
    const todo =
      "press “Check now” in the app: a worker renews the token or forgets it, and the next page brings another";
    return wrong("Token", { found, todo });
  }
  if (status === 402 || status === 404 || status === 423) {
    const found = `Shopify answers ${status}: the shop is frozen, locked or closed`;
    return wrong("Shop", { found, todo: "nothing, until the shop is open again" });
  }
  const todo = status >= 500 || status === 429 ? "try again in a while" : "see what Shopify says";
  return wrong("Token", { found: `Shopify answers ${status}: ${saidIn(answer)}`, todo });
}

function saidIn({ body }: Answer): string {
  const { data } = refusal.safeParse(body);
  if (data !== undefined) return listed(data.errors.map(({ message }) => message));
  const { errors } = { ...(body as { errors?: unknown }) };
  return typeof errors === "string" ? errors : "nothing that can be read";
}

function unread(answer: Answer | string): Finding {
  const found = `the granted scopes are unknown: ${typeof answer === "string" ? answer : saidIn(answer)}`;
  return wrong("Scopes granted", { found, todo: AGAIN });
}

function readOrders(answer: Answer | string, all: boolean): Visited {
  const { data } = orders.safeParse(typeof answer === "string" ? null : answer.body);
  if (data === undefined) return { findings: [unreadable(answer)], newestChange: null };
  const [oldest] = data.data.oldest.nodes;
  const [newest] = data.data.newest.nodes;
  const span = all ? "all of them" : "those of the last 60 days";
  const found =
    oldest === undefined
      ? `they can be read, ${span}; there are none`
      : `they can be read, ${span}; the oldest is of ${oldest.processedAt.slice(0, 10)}`;
  const newestChange = newest === undefined ? null : new Date(newest.updatedAt);
  return { findings: [ok("Orders", found)], newestChange };
}

function unreadable(answer: Answer | string): Finding {
  if (typeof answer === "string" || answer.status !== 200) {
    const found = typeof answer === "string" ? answer : `Shopify answers ${answer.status}`;
    return wrong("Orders", { found, todo: "try again in a while" });
  }
  const found = `they cannot be read: ${saidIn(answer)}`;
  const denied = refusal
    .safeParse(answer.body)
    .data?.errors.some(({ extensions }) => extensions?.code === "ACCESS_DENIED");
  const todo =
    denied === true
      ? "fill in the form on protected customer data (Dev Dashboard: API access requests), and grant read_orders"
      : AGAIN;
  return wrong("Orders", { found, todo });
}

/** More may be granted now than when the orders were imported. */
function history(granted: readonly string[], { fullHistory }: Installation): Finding[] {
  if (fullHistory || !granted.includes("read_all_orders")) return [];
  const found = "all orders are granted, and only those of 60 days were read";
  return [warn("Orders", { found, todo: "open the app in the admin: it then imports all" })];
}
