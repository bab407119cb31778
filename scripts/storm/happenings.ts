import { familyNames, givenNames } from "#simulator/demo/words.ts";
import type { Random } from "#simulator/random.ts";

import type { KnownOrder, Ledger } from "./ledger.ts";
import type { Stage } from "./stage.ts";

/** A shop, and where the chance for what happens in it comes from. */
export type Scene = { stage: Stage; ledger: Ledger; random: Random };

type Happening = (scene: Scene) => Promise<boolean>;

/** What happens in a store, and how often among so many. */
const happenings: Record<string, { cards: number; happen: Happening }> = {
  order: { cards: 23, happen: (scene) => order(scene, somebodyAgain(scene)) },
  "order of a new customer": { cards: 5, happen: newcomer },
  "order of a guest": { cards: 1, happen: (scene) => order(scene, null) },
  "test order": { cards: 1, happen: (scene) => order(scene, anyone(scene), { test: true }) },
  "pending order": { cards: 1, happen: (scene) => order(scene, anyone(scene), { pending: true }) },
  "refund of a part": { cards: 4, happen: (scene) => refund(scene, 0.5) },
  refund: { cards: 3, happen: (scene) => refund(scene, 1) },
  cancellation: { cards: 3, happen: cancel },
  edit: { cards: 3, happen: edit },
  "deleted order": { cards: 2, happen: deleteOrder },
  merge: { cards: 2, happen: merge },
  "deleted customer": { cards: 1, happen: deleteCustomer },
};

/** Deals out what is to happen: every kind is among a deck's cards, however short the storm. */
export class Deck {
  readonly #random: Random;
  #cards: string[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  draw(): string {
    if (this.#cards.length === 0) {
      this.#cards = Object.entries(happenings).flatMap(([name, { cards }]) =>
        Array.from({ length: cards }, () => name),
      );
    }
    const [card] = this.#cards.splice(this.#random.integer(this.#cards.length), 1);
    return card ?? "";
  }
}

const TRIES = 50;
/** The share of all orders that are late ones. */
const LATELY = 0.4;

/**
 * Lets one thing happen in a shop.
 *
 * @throws Error when the shop has nothing left that it could happen to
 */
export async function happen(scene: Scene, name: string): Promise<void> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (await happenings[name]?.happen(scene)) return;
  }
  throw new Error(`No ${name} can happen in ${scene.ledger.site.shop}`);
}

function post({ stage, ledger }: Scene, path: string, body: object = {}) {
  return stage.control(path, { shop: ledger.site.shop, ...body });
}

/** The last ones are chosen more often: it is they that are sent back. */
function anyOf<Item>(random: Random, items: readonly Item[]): Item | undefined {
  const recent = random.next() < 0.6 ? items.slice(-60) : items;
  return recent[random.integer(recent.length)];
}

function anyone({ ledger, random }: Scene): string | null {
  return ledger.customers[random.integer(ledger.customers.length)] ?? null;
}

/** Who orders often and lately orders again: without that, nobody could be predicted. */
function somebodyAgain(scene: Scene): string | null {
  const { ledger, random } = scene;
  const first = Math.floor(ledger.orders.length * (1 - LATELY));
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

/** Shopify lets a customer go only when none of its orders is left. */
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
