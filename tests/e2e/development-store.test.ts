import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { afterAll, beforeAll, expect, it } from "vitest";

import { type AdminApi, openAdminApi } from "../../scripts/stack/admin-api.ts";
import { root } from "../../scripts/stack/processes.ts";
import { type Stack, startStack } from "../../scripts/stack/stack.ts";
import { axeViolations, closeBrowser, visitApp } from "./pages.ts";

const TOKEN = "shpat_of_the_seeding_app";

let stack: Stack;
let ask: AdminApi;

beforeAll(async () => {
  stack = await startStack({
    shop: "generated",
    customers: 3,
    database: "encore_test_development",
    directory: ".data/logs/test-development",
    simulatorFlags: [
      ...["--plan", "partner-development", "--custom-app-token", TOKEN],
      ...["--orders-per-minute", "100000", "--bulk-latency-ms", "20"],
    ],
  });
  ask = await openAdminApi(stack);
});

afterAll(async () => {
  await closeBrowser();
  await stack.stop();
});

/** The command as in the README. */
async function seedStore(...flags: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--import", "tsx", "scripts/seed-store.ts", "--shop", stack.shop, ...flags],
    {
      cwd: root,
      env: {
        ...process.env,
        SIMULATED_SHOPIFY_URL: stack.simulatorUrl,
        SEED_STORE_TOKEN: TOKEN,
      },
    },
  );
  return stdout;
}

async function seeded(): Promise<{ customers: number; orders: number }> {
  const found = (await ask(`{
    customersCount(query: "tag:encore-seed") { count }
    ordersCount(query: "tag:encore-seed", limit: null) { count }
  }`)) as Record<"customersCount" | "ordersCount", { count: number }>;
  return { customers: found.customersCount.count, orders: found.ordersCount.count };
}

// For a development store the simulated Shopify accepts about ten mutations a second, like the real
// one.
it("a development store is filled, scored and shown, with its test orders, and emptied again", async () => {
  expect(await seedStore()).toContain("done");
  const before = await seeded();
  expect(before.customers).toBe(150);
  expect(before.orders).toBeGreaterThan(300);
  stack.startWorker();
  for (const [locale, tier, basis, sentence] of [
    [
      "en",
      /^High: /,
      "What the figures rest on",
      /\d+ of them are test orders: this is a development store/,
    ],
    [
      "fr",
      /^Élevée/,
      "Sur quoi reposent ces chiffres",
      /Dont \d+ commandes de test\s: cette boutique est une boutique de développement/,
    ],
  ] as const) {
    const { page, app, close } = await visitApp(stack, { locale });
    await app.getByRole("link", { name: tier }).first().waitFor({ timeout: 90_000 });
    await app.getByRole("button", { name: basis }).click();
    await app.getByText(sentence).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await close();
  }
  expect(await seedStore("--remove")).toMatch(/\d+ orders and 150 customers removed, none left/);
  expect(await seeded()).toEqual({ customers: 0, orders: 0 });
}, 300_000);
