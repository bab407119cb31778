import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { shopDomain } from "#app/lib/ids.ts";

import { drawStore } from "../../scripts/seed-store/draw.ts";
import { MARKER } from "../../scripts/seed-store/marker.ts";
import { type Notes, openNotes } from "../../scripts/seed-store/notes.ts";
import { remove, seed } from "../../scripts/seed-store/seed.ts";
import { openStore, type StoreApi } from "../../scripts/seed-store/store-api.ts";
import { type RunningSimulator, startSimulator } from "../setup/simulator.ts";

const shop = shopDomain("generated.myshopify.com");
const TOKEN = "shpat_of_the_seeding_app";
/** Existing customers, with orders. */
const OTHERS = 12;
const run = { seed: 4, customers: 15 };
const today = 20_700;
const drawn = drawStore({ ...run, endDay: today });

const flags = (plan: string) => [
  ...["--customers", String(OTHERS), "--plan", plan, "--custom-app-token", TOKEN],
  ...["--orders-per-minute", "100000"],
];

let simulator: RunningSimulator;
let live: RunningSimulator;
let notes: Notes;

beforeAll(async () => {
  [simulator, live] = await Promise.all([
    startSimulator("generated", flags("partner-development")),
    startSimulator("generated", flags("standard")),
  ]);
});
afterAll(async () => {
  await Promise.all([simulator.stop(), live.stop()]);
});
beforeEach(async () => {
  notes = openNotes(path.join(mkdtempSync(path.join(tmpdir(), "seed-store-")), "notes"));
  await simulator.control("reset", {});
});

const open = (at: RunningSimulator): StoreApi =>
  openStore({ domain: shop, token: TOKEN, simulatedUrl: at.url, waitMs: 5 });
const quiet = () => undefined;

type Counts = { customers: number; orders: number };

async function counts(at: RunningSimulator): Promise<Counts> {
  const found = (await at.ask("{ customersCount { count } ordersCount { count } }")) as {
    customersCount: { count: number };
    ordersCount: { count: number };
  };
  return { customers: found.customersCount.count, orders: found.ordersCount.count };
}

describe("a development store", () => {
  it("gets customers with orders of the past year, and all of it can be removed again", async () => {
    const before = await counts(simulator);
    const api = open(simulator);
    await seed(run, today, { api, notes, progress: quiet });
    expect(await counts(simulator)).toEqual({
      customers: before.customers + run.customers,
      orders: before.orders + drawn.orders.length,
    });
    const marked = await api.orders();
    expect(new Set(marked.flatMap(({ tags }) => tags)).size).toBe(1 + drawn.orders.length);
    expect(await remove({ api, notes, progress: quiet })).toEqual({
      customers: run.customers,
      orders: drawn.orders.length,
    });
    expect(await counts(simulator)).toEqual(before);
  });

  it("has each object once, wherever the command is stopped, and whether Shopify had created it or not", async () => {
    const before = await counts(simulator);
    const api = open(simulator);
    let left = 4;
    const stopping = (afterwards: boolean): StoreApi => {
      const once =
        <Input>(make: (input: Input) => Promise<string>) =>
        async (input: Input) => {
          left -= 1;
          if (left > 0) return make(input);
          if (afterwards) await make(input);
          throw new Error("killed");
        };
      return {
        ...api,
        createCustomer: once(api.createCustomer),
        createOrder: once(api.createOrder),
      };
    };
    let kills = 0;
    for (let done = false; !done; kills += 1) {
      left = 4 + (kills % 5);
      const work = { api: stopping(kills % 2 === 0), notes, progress: quiet, lookMs: 1 };
      done = await seed(run, today + kills, work).then(
        () => true,
        (error: unknown) => {
          expect(String(error)).toContain("killed");
          return false;
        },
      );
    }
    expect(kills).toBeGreaterThan(5);
    expect(await counts(simulator)).toEqual({
      customers: before.customers + run.customers,
      orders: before.orders + drawn.orders.length,
    });
  });

  it("keeps objects of others, even with nearly the same name", async () => {
    const api = open(simulator);
    await api.createCustomer({ email: "one@example.com", tags: [`${MARKER}-other`] });
    await api.createCustomer({ email: "two@example.com", tags: [MARKER] });
    const before = await counts(simulator);
    await seed(run, today, { api, notes, progress: quiet });
    await remove({ api, notes, progress: quiet });
    expect(await counts(simulator)).toEqual(before);
  });

  it("does not accept a second run beside the first", async () => {
    const api = open(simulator);
    await seed({ seed: 4, customers: 2 }, today, { api, notes, progress: quiet });
    await expect(seed(run, today, { api, notes, progress: quiet })).rejects.toThrow(
      /the store holds encore-seed-4-2-\d{8}: go on with --seed 4 --customers 2/,
    );
  });
});

describe("a store that is live", () => {
  it("is not changed", async () => {
    const before = await counts(live);
    const work = { api: open(live), notes, progress: quiet };
    await expect(seed(run, today, work)).rejects.toThrow("this is not a development store");
    await expect(remove(work)).rejects.toThrow("this is not a development store");
    expect(await counts(live)).toEqual(before);
  });
});
