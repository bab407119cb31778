import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

// A minimal Shopify for reading orders by id: a simulator that executes GraphQL would take much of
// the two cores that are measured. Costs and throttling are those of the standard plan.

/** An order with the fields the app queries. */
export type LightOrder = {
  shop: string;
  id: string;
  customerId: string;
  amount: string;
  processedAt: string;
  updatedAt: string;
};

const BUCKET = { maximumAvailable: 2000, restoreRate: 100 };
/** An order and its customer. */
const COST_OF_ORDER = 2;

type Bucket = { points: number; at: number };

export class LightShopify {
  readonly orders = new Map<string, LightOrder>();
  throttled = 0;
  calls = 0;
  readonly #buckets = new Map<string, Bucket>();
  readonly #server = createServer((request, response) => {
    void this.#answer(request, response);
  });

  /** @returns its address */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (!request.url?.endsWith("/graphql.json")) {
      response.end();
      return;
    }
    const { query, variables } = JSON.parse(Buffer.concat(chunks).toString()) as {
      query: string;
      variables: { ids?: string[] };
    };
    const shop = String(request.headers["x-simulated-host"]);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(this.#graphql(shop, query, variables.ids ?? [])));
  }

  #graphql(shop: string, query: string, ids: string[]): unknown {
    this.calls += 1;
    const cost = Math.max(1, ids.length * COST_OF_ORDER);
    const bucket = this.#bucketOf(shop);
    const enough = bucket.points >= cost;
    if (enough) bucket.points -= cost;
    else this.throttled += 1;
    const throttleStatus = { ...BUCKET, currentlyAvailable: Math.floor(bucket.points) };
    const extensions = {
      cost: { requestedQueryCost: cost, actualQueryCost: enough ? cost : null, throttleStatus },
    };
    if (!enough) {
      return { errors: [{ message: "Throttled", extensions: { code: "THROTTLED" } }], extensions };
    }
    if (!query.includes("EncoreOrdersById")) {
      return {
        errors: [{ message: "not here", extensions: { code: "ACCESS_DENIED" } }],
        extensions,
      };
    }
    return { data: { nodes: ids.map((id) => this.#node(shop, id)) }, extensions };
  }

  #bucketOf(shop: string): Bucket {
    const now = Date.now();
    const known = this.#buckets.get(shop) ?? { points: BUCKET.maximumAvailable, at: now };
    const restored = known.points + ((now - known.at) / 1000) * BUCKET.restoreRate;
    const bucket = { points: Math.min(BUCKET.maximumAvailable, restored), at: now };
    this.#buckets.set(shop, bucket);
    return bucket;
  }

  #node(shop: string, gid: string): unknown {
    const order = this.orders.get(gid.slice(gid.lastIndexOf("/") + 1));
    if (order?.shop !== shop) return null;
    const { customerId, amount, processedAt, updatedAt } = order;
    return {
      id: gid,
      processedAt,
      updatedAt,
      cancelledAt: null,
      test: false,
      displayFinancialStatus: "PAID",
      currentTotalPriceSet: { shopMoney: { amount } },
      sourceName: "web",
      tags: [],
      customer: { id: `gid://shopify/Customer/${customerId}` },
    };
  }
}
