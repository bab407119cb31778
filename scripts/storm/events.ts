import { familyNames, givenNames } from "#simulator/demo/words.ts";
import type { Random } from "#simulator/random.ts";

import type { KnownOrder, Ledger } from "./ledger.ts";
import type { Stage } from "./stage.ts";

/** A shop, and the random source of its events. */
export type Scene = { stage: Stage; ledger: Ledger; random: Random };

type Trigger = (scene: Scene) => Promise<boolean>;

/** The kinds of events in a store, and their relative frequency. */
const eventKinds: Record<string, { cards: number; trigger: Trigger }> = {
  order: { cards: 23, trigger: (scene) => order(scene, somebodyAgain(scene)) },
  "order of a new customer": { cards: 5, trigger: newcomer },
  "order of a guest": { cards: 1, trigger: (scene) => order(scene, null) },
  "test order": { cards: 1, trigger: (scene) => order(scene, anyone(scene), { test: true }) },
  "pending order": { cards: 1, trigger: (scene) => order(scene, anyone(scene), { pending: true }) },
  "refund of a part": { cards: 4, trigger: (scene) => refund(scene, 0.5) },
  refund: { cards: 3, trigger: (scene) => refund(scene, 1) },
  cancellation: { cards: 3, trigger: cancel },
  edit: { cards: 3, trigger: edit },
  "deleted order": { cards: 2, trigger: deleteOrder },
  merge: { cards: 2, trigger: merge },
  "deleted customer": { cards: 1, trigger: deleteCustomer },
};

/** Draws events from a shuffled deck that contains every kind, however short the storm is. */
export class Deck {
  readonly #random: Random;
  #cards: string[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  draw(): string {
    if (this.#cards.length === 0) {
      this.#cards = Object.entries(eventKinds).flatMap(([name, { cards }]) =>
        Array.from({ length: cards }, () => name),
      );
    }
    const [card] = this.#cards.splice(this.#random.integer(this.#cards.length), 1);
    return card ?? "";
  }
}

const TRIES = 50;
/** The fraction of orders that count as recent. */
const RECENT = 0.4;

/**
 * Triggers one event in a shop.
 *
 * @throws Error when the shop has nothing left that it could apply to
 */
export async function triggerEvent(scene: Scene, name: string): Promise<void> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (await eventKinds[name]?.trigger(scene)) return;
  }
  throw new Error(`No ${name} is possible in ${scene.ledger.site.shop}`);
}

function post({ stage, ledger }: Scene, path: string, body: object = {}) {
  return stage.control(path, { shop: ledger.site.shop, ...body });
}

/** Recent orders are chosen more often, because they are the ones that are returned. */
function anyOf<Item>(random: Random, items: readonly Item[]): Item | undefined {
  const recent = random.next() < 0.6 ? items.slice(-60) : items;
  return recent[random.integer(recent.length)];
}

function anyone({ ledger, random }: Scene): string | null {
  return ledger.customers[random.integer(ledger.customers.length)] ?? null;
}

/** Frequent and recent customers order again: without that, no prediction would be possible. */
function somebodyAgain(scene: Scene): string | null {
  const { ledger, random } = scene;
  const first = Math.floor(ledger.orders.length * (1 - RECENT));
  const again = ledger.orders[first + random.integer(ledger.orders.length - first)];
  return again?.customerId ?? anyone(scene);
}

function amountMinor({ ledger, random }: Scene): number {
  return Math.ceil((5 + random.next() * 120) * ledger.minorPerMajor);
}

async function order(scene: Scene, customerId: string | null, kind: object = {}) {
  const { ledger } = scene;
  const leftMinor = amountMinor(scene);
  const amount = leftMinor / ledger.minorPerMajor;
  const { id } = await post(scene, "orders", { customerId, amount, ...kind });
  ledger.orders.push({ id: String(id), customerId, leftMinor, cancelled: false });
  return true;
}

async function newcomer(scene: Scene): Promise<boolean> {
  const { ledger, random } = scene;
  const firstName = givenNames[random.integer(givenNames.length)] ?? "Alba";
  const lastName = familyNames[random.integer(familyNames.length)] ?? "Alderbrook";
  const email = `${firstName}.${lastName}.${random.hex(6)}@example.com`.toLowerCase();
  const { id } = await post(scene, "customers", { firstName, lastName, email });
  ledger.people.push({ firstName, lastName, email });
  ledger.customers.push(String(id));
  return order(scene, String(id));
}

function paidOrder({ ledger, random }: Scene): KnownOrder | undefined {
  const found = anyOf(random, ledger.orders);
  return found && !found.cancelled && found.leftMinor > 0 ? found : undefined;
}

async function refund(scene: Scene, share: number): Promise<boolean> {
  const found = paidOrder(scene);
  if (found === undefined) return false;
  const givenBack = Math.ceil(found.leftMinor * share);
  const amount = givenBack / scene.ledger.minorPerMajor;
  await post(scene, `orders/${found.id}/refund`, { amount });
  found.leftMinor -= givenBack;
  return true;
}

async function cancel(scene: Scene): Promise<boolean> {
  const found = paidOrder(scene);
  if (found === undefined) return false;
  await post(scene, `orders/${found.id}/cancel`);
  Object.assign(found, { cancelled: true, leftMinor: 0 });
  return true;
}

async function edit(scene: Scene): Promise<boolean> {
  const found = paidOrder(scene);
  if (found === undefined) return false;
  const leftMinor = amountMinor(scene);
  const amount = leftMinor / scene.ledger.minorPerMajor;
  await post(scene, `orders/${found.id}/edit`, { amount });
  found.leftMinor = leftMinor;
  return true;
}

async function deleteOrder(scene: Scene): Promise<boolean> {
  const { ledger, random } = scene;
  const found = anyOf(random, ledger.orders);
  if (found === undefined) return false;
  await post(scene, `orders/${found.id}/delete`);
  ledger.orders.splice(ledger.orders.indexOf(found), 1);
  return true;
}

async function merge(scene: Scene): Promise<boolean> {
  const { ledger } = scene;
  const [gone, into] = [anyone(scene), anyone(scene)];
  if (gone === null || into === null || gone === into) return false;
  await post(scene, `customers/${gone}/merge`, { into });
  ledger.customers.splice(ledger.customers.indexOf(gone), 1);
  for (const moved of ledger.orders) if (moved.customerId === gone) moved.customerId = into;
  return true;
}

/** Shopify deletes a customer only when none of its orders is left. */
async function deleteCustomer(scene: Scene): Promise<boolean> {
  const { ledger } = scene;
  const gone = anyone(scene);
  const theirs = ledger.orders.filter(({ customerId }) => customerId === gone);
  if (gone === null || theirs.length > 3) return false;
  for (const { id } of theirs) {
    await post(scene, `orders/${id}/delete`);
    ledger.orders.splice(
      ledger.orders.findIndex((one) => one.id === id),
      1,
    );
  }
  await post(scene, `customers/${gone}/delete`);
  ledger.customers.splice(ledger.customers.indexOf(gone), 1);
  return true;
}
