import { readFileSync } from "node:fs";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { openAdminApi } from "../../scripts/stack/admin-api.ts";
import { compareWithShopify } from "../../scripts/stack/check.ts";
import { figuresOf } from "../../scripts/stack/figures.ts";
import { type Stack, startStack } from "../../scripts/stack/stack.ts";
import { axeViolations, closeBrowser, tabTo, visitApp } from "./pages.ts";

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({
    shop: "giftware",
    database: "encore_test_browser",
    directory: ".data/logs/test-browser",
  });
  stack.startWorker();
});

afterAll(async () => {
  await closeBrowser();
  await stack.stop();
});

type Members = {
  segments: { nodes: { id: string; name: string; query: string }[] };
};

async function segments(): Promise<Members["segments"]["nodes"]> {
  const ask = await openAdminApi(stack);
  const data = (await ask("{ segments(first: 50) { nodes { id name query } } }")) as Members;
  return data.segments.nodes.filter((segment) => segment.name.startsWith("Encore"));
}

async function memberIds(segmentId: string): Promise<string[]> {
  const ask = await openAdminApi(stack);
  const ids: string[] = [];
  let after: string | null = null;
  do {
    const data = (await ask(
      `query Members($segmentId: ID!, $after: String) {
        customerSegmentMembers(segmentId: $segmentId, first: 1000, after: $after) {
          edges { node { id } }
          pageInfo { hasNextPage endCursor }
        }
      }`,
      { segmentId, after },
    )) as {
      customerSegmentMembers: {
        edges: { node: { id: string } }[];
        pageInfo: { hasNextPage: boolean; endCursor: string | null };
      };
    };
    const { edges, pageInfo } = data.customerSegmentMembers;
    ids.push(...edges.map((edge) => edge.node.id.replace(/^.*\//, "")));
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  return ids.sort();
}

async function tierIds(axis: "clv" | "buy", tier: string): Promise<string[]> {
  const { default: pg } = await import("pg");
  const client = new pg.Client(stack.databaseUrl);
  await client.connect();
  try {
    const { rows } = await client.query<{ customer_id: string }>(
      `select customer_id from scores where shop = $1 and ${axis}_tier = $2`,
      [stack.domain, tier],
    );
    return rows.map((row) => row.customer_id).sort();
  } finally {
    await client.end();
  }
}

// One sequence: each step depends on the previous one.
describe.sequential("a merchant's first visit", { shuffle: false }, () => {
  it("installing leads to the dashboard, with a dry run and nothing written", async () => {
    const { page, app, close } = await visitApp(stack);
    await app.getByText("Nothing has been written to your store yet").waitFor({ timeout: 110_000 });
    const { scored } = await figuresOf(stack);
    await app
      .getByText(`${scored.toLocaleString("en")} customers scored`)
      .first()
      .waitFor();
    const create = app.getByRole("button", {
      name: "Create segment: Customer lifetime value, High",
    });
    expect(await create.isDisabled()).toBe(true);
    expect((await compareWithShopify(stack)).tagsWritten).toBe(0);
    expect(await segments()).toEqual([]);
    await page.waitForTimeout(200);
    await close();
  });

  it("agreeing writes exactly one tag of each kind to every scored customer", async () => {
    const { app, close } = await visitApp(stack);
    await app.getByRole("button", { name: "Start writing tags and metafields" }).click();
    await app.getByText("Tags and metafields are written").waitFor({ timeout: 90_000 });
    const compared = await compareWithShopify(stack);
    expect(compared.examples).toEqual([]);
    const { scored } = await figuresOf(stack);
    expect(compared.tagsWritten).toBe(2 * scored);
    await close();
  });

  it("the bars of each card add up to all customers with a counted order", async () => {
    const { app, close } = await visitApp(stack);
    const rows = app.getByText(/^[\d,]+ customers?$/);
    await rows.first().waitFor();
    const counts = (await rows.allTextContents()).map((text) => Number(text.replace(/\D/g, "")));
    const { scored } = await figuresOf(stack);
    expect(counts).toHaveLength(8);
    expect(counts.slice(0, 4).reduce((sum, count) => sum + count)).toBe(scored);
    expect(counts.slice(4).reduce((sum, count) => sum + count)).toBe(scored);
    await close();
  });

  it("one click makes the segment of a tier, and its members are exactly that tier", async () => {
    const { page, app, close } = await visitApp(stack);
    await app
      .getByRole("button", { name: "Create segment: Customer lifetime value, High" })
      .click();
    await page.getByText("Segment created: Encore: High customer lifetime value").waitFor();
    const [segment] = await segments();
    expect(segment?.query).toBe(
      "customer_tags CONTAINS 'clv:high' AND metafields.encore.scored_at >= -14d",
    );
    const members = await memberIds(segment?.id ?? "");
    expect(members.length).toBeGreaterThan(50);
    expect(members).toEqual(await tierIds("clv", "high"));

    await app.getByRole("button", { name: "Open segment: Customer lifetime value, High" }).click();
    await page.waitForURL(/customers\/segments\/\d+/);
    const shown = await page.locator("[data-member-count]").getAttribute("data-member-count");
    expect(Number(shown)).toBe(members.length);
    await close();
  });

  it("a tier leads to its target, and a second click finds the segment again", async () => {
    const { page, app, close } = await visitApp(stack);
    await app
      .getByRole("link", { name: /^High: see the/ })
      .first()
      .click();
    await app.getByText(/whose expected spend in the next \d+ days is high/).waitFor();
    await app
      .getByRole("button", { name: /Open segment/ })
      .first()
      .waitFor();
    expect(await segments()).toHaveLength(1);
    await page.waitForTimeout(200);
    await close();
  });

  it("an example of a target leads to the reasons for that customer's tier", async () => {
    const screens = [
      { locale: "en", width: 1280, heading: "Beside your store’s typical customer" },
      { locale: "fr", width: 390, heading: "À côté du client type de votre boutique" },
    ] as const;
    for (const { locale, width, heading } of screens) {
      const path = "/app/targets/clv/high";
      const { page, app, close } = await visitApp(stack, { locale, width, path });
      await app.getByRole("table").getByRole("link").first().click();
      await app.getByRole("heading", { name: heading }).waitFor();
      const text = await app.locator("body").innerText();
      expect(text).toMatch(locale === "en" ? /orders? .* on average/i : /en moyenne/);
      const html = app.locator("html");
      expect(await html.evaluate((page) => page.scrollWidth - page.clientWidth)).toBe(0);
      expect(await axeViolations(page)).toEqual([]);
      await close();
    }
  });

  it("a tier is reached and its segment made with the keyboard alone", async () => {
    const { page, app, close } = await visitApp(stack);
    await app.getByText("Purchase likelihood").first().waitFor();
    await tabTo(page, /Create segment: Purchase likelihood, Low/);
    await page.keyboard.press("Enter");
    await page.getByText("Segment created: Encore: Low purchase likelihood").waitFor();
    const made = (await segments()).find((segment) => segment.query.includes("buy:low"));
    expect(await memberIds(made?.id ?? "")).toEqual(await tierIds("buy", "low"));
    await close();
  });

  it("home leads to how right it was, with the run to download, by the keyboard alone", async () => {
    const { page, app, close } = await visitApp(stack);
    await app.getByText("Was it right?").waitFor();
    await tabTo(page, /^See how right it was$/);
    await page.keyboard.press("Enter");
    await app.getByText("Do 30 of 100 mean 30 of 100?").waitFor();
    await app.getByText(/^Of the customers called high on .* bought within 90 days/).waitFor();
    expect(await app.getByRole("img").count()).toBeGreaterThanOrEqual(3);
    await app.getByText("Show the figures as a table").first().click();
    expect(await axeViolations(page)).toEqual([]);
    const download = page.waitForEvent("download");
    await tabTo(page, /^Download the whole run$/);
    await page.keyboard.press("Enter");
    const file = JSON.parse(readFileSync(await (await download).path(), "utf8")) as {
      fit: { likelihood: { model: string } };
      horizon_days: number;
    };
    expect(file.horizon_days).toBe(90);
    expect(file.fit.likelihood.model).toMatch(/nbd/);
    await close();
  });

  it("French merchants read French throughout, with French figures", async () => {
    const { app, close } = await visitApp(stack, { locale: "fr" });
    await app.getByText("Valeur vie client").first().waitFor();
    await app
      .getByText("Probabilité d'achat")
      .or(app.getByText("Probabilité d’achat"))
      .first()
      .waitFor();
    expect(await app.locator("html").getAttribute("lang")).toBe("fr");
    const text = await app.locator("body").innerText();
    expect(text).not.toMatch(/Customer lifetime|likelihood|Create segment|customers scored/);
    expect(text).toMatch(/\d\u202f\d{3}/);
    await close();
  });

  it("a phone shows everything without sideways scrolling", async () => {
    const { app, close } = await visitApp(stack, { width: 390 });
    await app.getByText("Purchase likelihood").first().waitFor();
    const overflow = await app
      .locator("html")
      .evaluate((element) => element.scrollWidth - element.clientWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await close();
  });

  it("axe finds no violation of WCAG 2.1 A or AA in the app", async () => {
    const { page, app, close } = await visitApp(stack);
    await app.getByText("Purchase likelihood").first().waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await close();
  });
});
