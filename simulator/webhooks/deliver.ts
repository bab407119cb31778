import { createHmac } from "node:crypto";

import { apiVersion } from "#simulator/graphql/schema.ts";
import type { ShopEvent, Store } from "#simulator/state.ts";
import { onlyFields, type Subscription } from "#simulator/webhooks/subscriptions.ts";

/** Eight retries over four hours, each delay twice the previous one. */
const retries = 8;
const firstRetryMs = (4 * 3600 * 1000) / (2 ** retries - 1);

const answerWithinMs = 5000;
const mostAtOnce = 20;

/** Deliveries held back by probability are sent in reverse after this number, or after this time. */
const enoughHeld = 5;
const longestHeldMs = 60_000;

/** Sent even after the app was uninstalled. */
const afterUninstall = new Set([
  "app/uninstalled",
  "shop/redact",
  "customers/redact",
  "customers/data_request",
]);

type Delivery = { url: string; headers: Record<string, string>; body: string; attempts: number };

/** Sends events of the shops to the app, signed, each subscription separately. */
export function deliverWebhooks(store: Store, subscriptions: readonly Subscription[]): void {
  const sender = new Sender(store);
  store.subscribe((event) => {
    const wanted = subscriptions.filter(({ topic }) => topic === event.topic);
    if (wanted.length === 0) return;
    if (!event.shop.installed && !afterUninstall.has(event.topic)) return;
    const eventId = store.random.uuid();
    const body = event.body();
    for (const subscription of wanted) {
      sender.offer(makeDelivery(store, event, { subscription, body, eventId }));
    }
  });
}

function makeDelivery(
  { app, clock, random }: Store,
  { shop, topic }: ShopEvent,
  { subscription, body, eventId }: { subscription: Subscription; body: unknown; eventId: string },
): Delivery {
  const sent = subscription.includeFields ? onlyFields(body, subscription.includeFields) : body;
  const text = JSON.stringify(sent);
  return {
    url: new URL(subscription.uri, app.url).href,
    body: text,
    attempts: 0,
    headers: {
      "content-type": "application/json",
      "x-shopify-topic": topic,
      "x-shopify-hmac-sha256": createHmac("sha256", app.apiSecret).update(text).digest("base64"),
      "x-shopify-shop-domain": shop.domain,
      "x-shopify-api-version": apiVersion,
      "x-shopify-webhook-id": random.uuid(),
      "x-shopify-event-id": eventId,
      "x-shopify-triggered-at": clock.now().toISOString(),
      ...(subscription.name === undefined ? {} : { "x-shopify-name": subscription.name }),
    },
  };
}

class Sender {
  readonly #store: Store;
  readonly #waiting: Delivery[] = [];
  readonly #held: Delivery[] = [];
  #running = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Applies faults, then sends. */
  offer(delivery: Delivery): void {
    const { faults, clock } = this.#store;
    if (faults.takes("dropWebhook")) return;
    if (faults.takes("delayWebhook")) {
      clock.schedule(faults.kinds.delayWebhook.milliseconds, () => this.#send(delivery));
      return;
    }
    if (faults.takes("reorderWebhook")) {
      this.#hold(delivery);
      return;
    }
    this.#send(delivery);
    if (faults.takes("duplicateWebhook")) this.#send({ ...delivery });
  }

  /** Holds back until `count` are reached, or `enoughHeld`, or `longestHeldMs` have passed in the shop. */
  #hold(delivery: Delivery): void {
    this.#held.push(delivery);
    const { count, rate } = this.#store.faults.kinds.reorderWebhook;
    if (count === 0 && (rate === 0 || this.#held.length >= enoughHeld)) this.#release();
    else if (this.#held.length === 1) {
      this.#store.clock.schedule(longestHeldMs, () => this.#release());
    }
  }

  #release(): void {
    for (const late of this.#held.splice(0).reverse()) this.#send(late);
  }

  #send(delivery: Delivery): void {
    this.#waiting.push(delivery);
    this.#startNext();
  }

  #startNext(): void {
    while (this.#running < mostAtOnce) {
      const delivery = this.#waiting.shift();
      if (delivery === undefined) return;
      this.#running += 1;
      void this.#attempt(delivery).finally(() => {
        this.#running -= 1;
        this.#startNext();
      });
    }
  }

  async #attempt(delivery: Delivery): Promise<void> {
    delivery.attempts += 1;
    if (await accepted(delivery)) return;
    if (delivery.attempts > retries) return;
    const wait =
      firstRetryMs * 2 ** (delivery.attempts - 1) * this.#store.settings.webhookRetryScale;
    this.#store.clock.schedule(wait, () => this.#send(delivery));
  }
}

/** True for a 2xx within five seconds; a redirect is a failure. */
async function accepted({ url, headers, body }: Delivery): Promise<boolean> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers,
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(answerWithinMs),
    });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    // Refused, connection closed or timeout: retried like any failure.
    return false;
  }
}
