import { afterAll, beforeAll, expect, it } from "vitest";

import { compareWithShopify } from "../../scripts/stack/check.ts";
import { figuresOf } from "../../scripts/stack/figures.ts";
import { type Stack, startStack } from "../../scripts/stack/stack.ts";
import { closeBrowser, visitApp } from "./pages.ts";

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({
    shop: "young",
    database: "encore_test_refusal",
    directory: ".data/logs/test-refusal",
  });
  stack.startWorker();
});

afterAll(async () => {
  await closeBrowser();
  await stack.stop();
});

it("a shop that is too young sees what is needed, what it has and when it may be enough", async () => {
  const { app, close } = await visitApp(stack);
  await app.getByText("Not enough to go on yet").first().waitFor({ timeout: 60_000 });
  const { refused } = await figuresOf(stack);
  expect(refused.length).toBeGreaterThan(0);
  const text = await app.locator("body").innerText();
  expect(text).toMatch(/Needed: at least \d+/);
  expect(text).toMatch(/Your store: \d+/);
  expect(text.match(/Not met yet/g)).toHaveLength(refused.length);
  const compared = await compareWithShopify(stack);
  expect(compared).toMatchObject({ tagsWritten: 0, mismatches: 0 });
  await close();
});
