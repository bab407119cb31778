import { createHmac, randomUUID } from "node:crypto";
import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

export type Delivery = { shop: string; topic: string; body: Record<string, unknown> };

export type Delivered = {
  /** Milliseconds from when a webhook was due to its answer, ascending. */
  latencies: number[];
  /** Number of answers by status; 0 for no answer. */
  statuses: Map<number, number>;
};

type Target = { appUrl: string; apiSecret: string };

/** Delivers webhooks as Shopify does: signed, on connections that stay open. */
export class WebhookSender {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 128, scheduling: "lifo" });
  readonly #target: Target;

  constructor(target: Target) {
    this.#target = target;
  }

  /** @returns the status; 0 when there was no answer */
  send({ shop, topic, body }: Delivery): Promise<number> {
    const text = JSON.stringify(body);
    const hmac = createHmac("sha256", this.#target.apiSecret).update(text).digest("base64");
    const folder = topic.startsWith("refunds/") ? "orders" : topic.split("/")[0];
    return new Promise((resolve) => {
      const sending = request(`${this.#target.appUrl}/webhooks/${folder}`, {
        method: "POST",
        agent: this.#agent,
        headers: {
          "content-type": "application/json",
          "content-length": Buffer.byteLength(text),
          "user-agent": "Shopify-Captain-Hook",
          "x-shopify-topic": topic,
          "x-shopify-shop-domain": shop,
          "x-shopify-api-version": "2026-10",
          "x-shopify-webhook-id": randomUUID(),
          "x-shopify-event-id": randomUUID(),
          "x-shopify-triggered-at": new Date().toISOString(),
          "x-shopify-hmac-sha256": hmac,
        },
      });
      sending.on("response", (response) => {
        response.resume();
        response.on("end", () => resolve(response.statusCode ?? 0));
      });
      sending.on("error", () => resolve(0));
      sending.end(text);
    });
  }

  /**
   * Sends at a constant rate, whether the app keeps up or not: latency counts from when a webhook
   * was due, even if earlier ones delayed it.
   */
  async sendAll(
    deliveries: Iterable<Delivery>,
    { perSecond }: { perSecond: number },
  ): Promise<Delivered> {
    const latencies: number[] = [];
    const statuses = new Map<number, number>();
    const open = new Set<Promise<void>>();
    const started = performance.now();
    let index = 0;
    for (const delivery of deliveries) {
      const due = started + (index / perSecond) * 1000;
      index += 1;
      while (performance.now() < due) await sleep(1);
      const sent = this.send(delivery).then((status) => {
        latencies.push(performance.now() - due);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        open.delete(sent);
      });
      open.add(sent);
    }
    await Promise.all(open);
    return { latencies: latencies.sort((a, b) => a - b), statuses };
  }
}

/** The latency that this share of the webhooks stayed below. */
export function quantile(ascending: readonly number[], share: number): number {
  return ascending[Math.min(ascending.length - 1, Math.ceil(ascending.length * share) - 1)] ?? 0;
}
