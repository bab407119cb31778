import pg from "pg";
import type { Frame, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type Stack, startStack } from "../../scripts/stack/stack.ts";
import { axeViolations, closeBrowser, tabTo, visitApp } from "./pages.ts";

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({
    shop: "young",
    database: "encore_test_first_load",
    directory: ".data/logs/test-first-load",
  });
});

afterAll(async () => {
  await closeBrowser();
  await stack.stop();
});

async function faults(body: object): Promise<void> {
  const response = await fetch(`${stack.simulatorUrl}/__simulator/faults`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
}

/** The state before the first page: without stored data of the shop, a page needs Shopify. */
async function forgetShop(): Promise<void> {
  const client = new pg.Client(stack.databaseUrl);
  await client.connect();
  await client.query("truncate sessions, shops");
  await client.end();
}

const frameOf = (page: Page): Frame => page.frames().at(-1) ?? page.mainFrame();

/** The first script of a document, which App Bridge must be, and whether it is in the head. */
function firstScript(html: string) {
  const [head = ""] = html.split("</head>");
  return /<script\b[^>]*>/.exec(head)?.[0];
}

describe.each([
  ["en", "Try again"],
  ["fr", "Réessayer"],
] as const)("a first load that fails, in %s", (locale, again) => {
  it("can be retried in the frame with the keyboard, and then shows the page", async () => {
    await forgetShop();
    await faults({ serverError: { rate: 1, status: 502 } });
    const visit = await visitApp(stack, { locale, expected: /the server responded with a status/ });
    try {
      const { page, app } = visit;
      await app.getByRole("link", { name: again }).waitFor({ timeout: 60_000 });
      expect(firstScript(await frameOf(page).content())).toContain("app-bridge.js");
      expect(await axeViolations(page)).toEqual([]);
      // Still failing: the page stays, and can be retried.
      await tabTo(page, new RegExp(`^${again}$`));
      await page.keyboard.press("Enter");
      await app.getByRole("link", { name: again }).waitFor({ timeout: 60_000 });
      await faults({ serverError: { rate: 0 } });
      await tabTo(page, new RegExp(`^${again}$`));
      await page.keyboard.press("Enter");
      await app.getByRole("link", { name: again }).waitFor({ state: "detached", timeout: 60_000 });
      await app.locator("h1").first().waitFor();
      expect(new URL(frameOf(page).url()).pathname).toBe("/app");
    } finally {
      await faults({ serverError: { rate: 0 } });
      await visit.close();
    }
  });
});

it("App Bridge is the first script of every document, also of error pages", async () => {
  for (const path of ["/app", "/app/nothing", "/nothing", "/auth/login"]) {
    const { page, close } = await visitApp(stack, {
      path,
      expected: /the server responded with a status of 404/,
    });
    await expect.poll(() => frameOf(page).url(), { timeout: 20_000 }).toContain(path);
    await frameOf(page).locator("h1").first().waitFor();
    const script = firstScript(await frameOf(page).content());
    expect(script, path).toContain("app-bridge.js");
    expect(script, path).toContain(`data-api-key="${stack.apiKey}"`);
    await close();
  }
});

it("links to the admin leave the frame", async () => {
  const { app, close } = await visitApp(stack, { path: "/auth/login" });
  const link = app.getByRole("link", { name: "Open your Shopify admin" });
  expect(await link.getAttribute("target")).toBe("_top");
  await close();
});
