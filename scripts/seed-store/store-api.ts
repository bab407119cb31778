import { setTimeout as sleep } from "node:timers/promises";

import { createAdminApiClient } from "@shopify/admin-api-client";
import { z } from "zod";

import { simulatedFetch } from "#app/shopify/simulated-fetch.ts";

import { MARKER } from "./marker.ts";

/** An object in the store with the marker, with all its tags. */
export type Marked = { id: string; tags: string[] };

export type NewOrder = {
  customerId: string;
  processedAt: string;
  amount: string;
  currency: string;
  tags: string[];
};

/** The API calls of a run. Each can throw a `Refusal` with Shopify's message. */
export type StoreApi = {
  shop: () => Promise<{ currency: string; developmentStore: boolean }>;
  customers: () => Promise<Marked[]>;
  orders: () => Promise<Marked[]>;
  createCustomer: (input: object) => Promise<string>;
  createOrder: (order: NewOrder) => Promise<string>;
  deleteCustomer: (id: string) => Promise<void>;
  deleteOrder: (id: string) => Promise<void>;
};

export class Refusal extends Error {}

const PAGE = 100;
/** Shopify's message when a development store's limit of five orders a minute is reached. */
const TOO_MANY = /too many attempts/i;

const shopAnswer = z.object({
  shop: z.object({
    currencyCode: z.string(),
    plan: z.object({ partnerDevelopment: z.boolean() }),
  }),
});
const listAnswer = z.object({
  list: z.object({
    nodes: z.array(z.object({ id: z.string(), tags: z.array(z.string()) })),
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
  }),
});
const doneAnswer = z.object({
  done: z.object({
    made: z.object({ id: z.string() }).nullish(),
    deleted: z.string().nullish(),
    userErrors: z.array(z.object({ field: z.array(z.string()).nullish(), message: z.string() })),
  }),
});

type Access = {
  /** The shop's permanent domain. */
  domain: string;
  token: string;
  /** The URL of a simulated Shopify, if there is one. */
  simulatedUrl?: string | undefined;
  /** How long to wait when the limit is reached. */
  waitMs: number;
};

/** The Admin API of one store, with the given token. */
export function openStore({ domain, token, simulatedUrl, waitMs }: Access): StoreApi {
  const client = createAdminApiClient({
    storeDomain: domain,
    apiVersion: "2026-10",
    accessToken: token,
    retries: 3,
    ...(simulatedUrl === undefined
      ? {}
      : { customFetchApi: simulatedFetch(simulatedUrl, globalThis.fetch) }),
  });

  async function ask(query: string, variables: Record<string, unknown> = {}): Promise<unknown> {
    for (;;) {
      const { data, errors } = await client.request(query, { variables });
      if (errors === undefined) return data;
      const text = JSON.stringify(errors.graphQLErrors ?? errors.message ?? "");
      if (!text.includes("THROTTLED")) {
        throw new Refusal(`Shopify answered ${errors.networkStatusCode ?? "nothing"}: ${text}`);
      }
      await sleep(1000);
    }
  }

  async function list(field: "customers" | "orders"): Promise<Marked[]> {
    const found: Marked[] = [];
    for (let after: string | null = null; ;) {
      const answer = await ask(
        `query ($after: String) {
          list: ${field}(first: ${PAGE}, after: $after, query: "tag:${MARKER}") {
            nodes { id tags } pageInfo { hasNextPage endCursor }
          }
        }`,
        { after },
      );
      const { nodes, pageInfo } = listAnswer.parse(answer).list;
      found.push(...nodes);
      if (!pageInfo.hasNextPage) return found;
      after = pageInfo.endCursor;
    }
  }

  /** Runs a mutation, and retries while Shopify reports that its limit is reached. */
  async function act(mutation: string, variables: Record<string, unknown>) {
    for (;;) {
      const { done } = doneAnswer.parse(await ask(mutation, variables));
      const [error] = done.userErrors;
      if (error === undefined) return done;
      if (!TOO_MANY.test(error.message)) {
        throw new Refusal(`Shopify refused ${(error.field ?? []).join(".")}: ${error.message}`);
      }
      await sleep(waitMs);
    }
  }

  const idOf = ({ made }: Awaited<ReturnType<typeof act>>) => {
    if (!made) throw new Refusal("Shopify created nothing and returned no error");
    return made.id;
  };

  return {
    async shop() {
      const answer = await ask("{ shop { currencyCode plan { partnerDevelopment } } }");
      const { shop } = shopAnswer.parse(answer);
      return { currency: shop.currencyCode, developmentStore: shop.plan.partnerDevelopment };
    },
    customers: () => list("customers"),
    orders: () => list("orders"),
    createCustomer: async (input) =>
      idOf(
        await act(
          `mutation ($input: CustomerInput!) {
            done: customerCreate(input: $input) { made: customer { id } userErrors { field message } }
          }`,
          { input },
        ),
      ),
    createOrder: async ({ customerId, processedAt, amount, currency, tags }) =>
      idOf(
        await act(
          `mutation ($order: OrderCreateOrderInput!) {
            done: orderCreate(order: $order) { made: order { id } userErrors { field message } }
          }`,
          {
            order: {
              customer: { toAssociate: { id: customerId } },
              processedAt,
              tags,
              test: true,
              financialStatus: "PAID",
              lineItems: [
                {
                  title: "Seeded item",
                  quantity: 1,
                  priceSet: { shopMoney: { amount, currencyCode: currency } },
                },
              ],
            },
          },
        ),
      ),
    async deleteOrder(orderId) {
      await act(
        `mutation ($orderId: ID!) {
          done: orderDelete(orderId: $orderId) { deleted: deletedId userErrors { field message } }
        }`,
        { orderId },
      );
    },
    async deleteCustomer(id) {
      await act(
        `mutation ($input: CustomerDeleteInput!) {
          done: customerDelete(input: $input) {
            deleted: deletedCustomerId userErrors { field message }
          }
        }`,
        { input: { id } },
      );
    },
  };
}
