import pg from "pg";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { follow, Merchant } from "../../scripts/stack/merchant.ts";
import { type Stack, startStack } from "../../scripts/stack/stack.ts";
import { closeBrowser, visitApp } from "./pages.ts";

const MINUTE = 60_000;
const NEW = ["buy:new", "clv:new"];

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({
    shop: "generated",
    customers: 700,
    database: "encore_test_changes",
    directory: ".data/logs/test-changes",
    simulatorFlags: ["--seed", "3"],
  });
  stack.startWorker();
  const merchant = new Merchant(stack);
  await merchant.open();
  await follow(merchant, "score", () => undefined);
  await merchant.agreeToWriting();
  await follow(merchant, "write", () => undefined);
});

afterAll(async () => {
  await closeBrowser();
  await stack.stop();
});

/** The customer who spent most in the only order so far. */
async function newCustomer(): Promise<string> {
  const client = new pg.Client(stack.databaseUrl);
  await client.connect();
  try {
    const { rows } = await client.query<{ customer_id: string }>(
      `select customer_id from scores where clv_tier = 'new' and buy_tier = 'new'
        order by spent_minor desc, customer_id limit 1`,
    );
    return rows[0]?.customer_id ?? "";
  } finally {
    await client.end();
  }
}

async function tagCounts(): Promise<Record<string, number>> {
  const response = await fetch(`${stack.simulatorUrl}/__simulator/state?shop=${stack.shop}`);
  const state = (await response.json()) as {
    shops: { customersByTag: Record<string, number> }[];
  };
  return state.shops[0]?.customersByTag ?? {};
}

async function openCustomer(page: Page): Promise<void> {
  await page.goto(`${stack.simulatorUrl}/store/${stack.shop}/customers/${await newCustomer()}`);
}

const shownTags = (page: Page) => page.locator('[data-live="tags"] [data-item]').allTextContents();
const logged = (page: Page, text: RegExp) => page.locator("#change-log li", { hasText: text });

// One sequence: each step depends on the previous one.
describe.sequential("a visitor of the demo", { shuffle: false }, () => {
  it("sees tags and metafields change after an order, and change back after its refund", async () => {
    const { page, app, close } = await visitApp(stack);
    await app.getByText("customers scored").first().waitFor();
    await openCustomer(page);
    expect(await shownTags(page)).toEqual(NEW);

    const controls = page.locator(".inline-controls");
    expect(await controls.innerText()).toContain("Encore is told by webhook");
    await controls.getByLabel(/Amount/).fill("150");
    await controls.getByRole("button", { name: /Place an order/ }).click();
    await page.getByText(/placed for .*: .*150\.00/).waitFor();
    await logged(page, /buy:new/).waitFor({ timeout: MINUTE });
    await logged(page, /clv:new/).waitFor({ timeout: MINUTE });
    const tags = await shownTags(page);
    expect(tags).toHaveLength(2);
    expect(tags).not.toEqual(NEW);
    await page
      .locator('[data-live="metafields"] [data-value="new"]')
      .first()
      .waitFor({ state: "detached", timeout: MINUTE });

    await controls.getByRole("button", { name: "Refund the last order" }).click();
    await page.getByText(/refunded: .*150\.00/).waitFor();
    for (const tag of NEW) {
      await page.locator(`[data-live="tags"] [data-item="${tag}"]`).waitFor({ timeout: MINUTE });
    }
    for (const tag of tags) {
      const old = page.locator(`[data-live="tags"] [data-item="${tag}"]`);
      await old.waitFor({ state: "detached", timeout: MINUTE });
    }
    await close();
  });

  it("sees customers change their tier when a week passes, and fresh scores in the app", async () => {
    const { page, app, close } = await visitApp(stack);
    await app.getByText("customers scored").first().waitFor();
    const before = await tagCounts();
    const time = page.locator("[data-shop-time]");
    const then = await time.textContent();
    await page.getByRole("button", { name: "Let a week pass" }).click();
    await page.getByText(/scores everyone anew/).waitFor();
    expect(await time.textContent()).not.toBe(then);
    await expect.poll(tagCounts, { timeout: MINUTE, interval: 250 }).not.toEqual(before);
    await page.reload();
    await app.getByText(/customers scored 1\sminute\sago/).waitFor();
    await close();
  });
});
