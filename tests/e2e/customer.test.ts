import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Stack } from "../../scripts/stack/stack.ts";
import { axeViolations, closeBrowser, tabTo, type Visit, visitApp } from "./pages.ts";
import { scoredStack } from "./scored-stack.ts";

let stack: Stack;
/** With a window that has passed, and with the most purchase days. */
let late: string;
let busy: string;

beforeAll(async () => {
  stack = await scoredStack("customer");
  late = await someone("where buy_tier = 'low' and frequency >= 2 order by buy_probability");
  busy = await someone("order by frequency desc, customer_id");
});

afterAll(async () => {
  await closeBrowser();
  await stack.stop();
});

async function ask<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: stack.databaseUrl });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function someone(condition: string): Promise<string> {
  const [row] = await ask<{ id: string }>(
    `select customer_id as id from scores ${condition} limit 1`,
  );
  if (!row) throw new Error(`no customer ${condition}`);
  return row.id;
}

/** Texts that do not fit their place, and whether the page is wider than its window. */
async function cutTexts({ app }: Visit): Promise<string[]> {
  const sideways = await app
    .locator("html")
    .evaluate((root) => (root.scrollWidth > root.clientWidth ? ["the page scrolls sideways"] : []));
  const cut = await app
    .locator("p, h1, h2, h3, td, th, li, a, button")
    .evaluateAll((elements) =>
      elements
        .filter(
          (element) => element.clientWidth > 1 && element.scrollWidth > element.clientWidth + 1,
        )
        .map((element) => element.textContent),
    );
  return [...sideways, ...cut];
}

/** Labels of the picture that leave the part of the page that can be seen. */
async function labelsOutside({ app }: Visit): Promise<string[]> {
  return app.locator("figure svg text").evaluateAll((labels) =>
    labels
      .filter((label) => {
        const { left, right } = label.getBoundingClientRect();
        return left < 0 || right > document.documentElement.clientWidth;
      })
      .map((label) => label.textContent),
  );
}

describe("the page of a customer", () => {
  it("shows purchases, likelihood and what is overdue, and its figures to the keyboard", async () => {
    const visit = await visitApp(stack, { path: `/app/customers/${late}` });
    const { page, app } = visit;
    const overdue = /It was expected between .* and .*; that has passed\./;
    await app.getByText(overdue).waitFor();
    const [counted] = await ask<{ days: number; spent: string }>(
      `select count(distinct day)::int as days, sum(amount_minor) as spent
         from orders where customer_id = '${late}' and left_out is null`,
    );
    const picture = app.getByRole("img", { name: new RegExp(`^${counted!.days} purchase days`) });
    await picture.waitFor();
    expect(await picture.locator(".encore-chart__mark").count()).toBe(counted!.days);
    await tabTo(page, /^Show the figures as a table$/);
    await page.keyboard.press("Enter");
    const rows = app.locator("figure tbody tr");
    await rows.first().waitFor();
    const amounts = await rows.locator("td:nth-child(2)").allTextContents();
    expect(amounts.filter((amount) => amount !== "–")).toHaveLength(counted!.days);
    expect(await axeViolations(page)).toEqual([]);
    await visit.close();
  });

  it("leads to the word in the glossary by the keyboard", async () => {
    const visit = await visitApp(stack, { path: `/app/customers/${late}` });
    const { page, app } = visit;
    await app.getByText("Purchases and likelihood over time").waitFor();
    await tabTo(page, /^What does this mean\?.*Purchase likelihood/);
    await page.keyboard.press("Enter");
    await app.getByRole("heading", { name: "Glossary" }).waitFor();
    await expect.poll(() => page.url()).toContain("/app/help");
    await app.getByText("It is no promise about one person.").waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await visit.close();
  });
});

describe("the list of runs", () => {
  it("is reached from Settings, and a failed job is tried again by the keyboard", async () => {
    await ask(
      `insert into parked_jobs (shop, task, error_code, attempts, ask_again_at)
       select shop, 'orders.reconcile', 'shopify-unreachable', 5, now() + interval '1 hour' from shops`,
    );
    await ask(
      `insert into progress (shop, task, state, error_code)
       select shop, 'check', 'failed', 'shopify-unreachable' from shops
       on conflict (shop, task) do update set state = 'failed', error_code = excluded.error_code`,
    );
    const visit = await visitApp(stack, { path: "/app/settings" });
    const { page, app } = visit;
    await app.getByRole("link", { name: "What Encore did, and problems" }).click();
    await app.getByText("1 task stopped. What was scored before still shows.").waitFor();
    await app.getByText(/^\d+ customers, for the next \d+ days\./).waitFor();
    await app.getByText(/^13 weeks, from/).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await tabTo(page, /^Try again: Checking your orders against Shopify$/);
    await page.keyboard.press("Enter");
    await app.getByText(/^Everything works\./).waitFor();
    const left = await ask("select 1 from parked_jobs where task = 'orders.reconcile'");
    expect(left).toEqual([]);
    await visit.close();
  });
});

describe("the first steps", () => {
  it("are ticked from what is done, and stay away once they are closed", async () => {
    const visit = await visitApp(stack, { path: "/app" });
    const { page, app } = visit;
    await app.getByRole("heading", { name: "First steps" }).waitFor();
    const states = await app.locator(".encore-steps li").allInnerTexts();
    expect(states.map((text) => text.split("\n")[0]?.trim())).toEqual([
      "Done",
      "Still to do",
      "Still to do",
    ]);
    expect(await axeViolations(page)).toEqual([]);
    await tabTo(page, /^Close: First steps$/);
    await page.keyboard.press("Enter");
    await app.getByRole("heading", { name: "First steps" }).waitFor({ state: "detached" });
    await expect
      .poll(() => ask("select 1 from shops where onboarding_dismissed_at is not null"))
      .toHaveLength(1);
    await visit.close();
    const again = await visitApp(stack, { path: "/app" });
    await again.app.getByText(/high-value customers/).waitFor();
    expect(await again.app.getByRole("heading", { name: "First steps" }).count()).toBe(0);
    await again.close();
  });
});

const screens = [
  { locale: "en", width: 1280 },
  { locale: "fr", width: 390 },
] as const;

describe("customer, runs and glossary", () => {
  it.each(screens)(
    "are read in $locale at $width without violations or cut texts",
    async ({ locale, width }) => {
      const english = locale === "en";
      const pages = [
        { path: `/app/customers/${busy}`, text: english ? "over time" : "au fil du temps" },
        { path: `/app/customers/${late}`, text: english ? "over time" : "au fil du temps" },
        { path: "/app/runs", text: english ? "History" : "Historique" },
        { path: "/app/help", text: english ? "Purchase day" : "Jour d’achat" },
      ];
      for (const { path, text } of pages) {
        const visit = await visitApp(stack, { locale, width, path });
        await visit.app.getByRole("heading", { name: text }).waitFor();
        expect({ path, cut: await cutTexts(visit) }).toEqual({ path, cut: [] });
        await expect.poll(() => labelsOutside(visit)).toEqual([]);
        const shown = await visit.app.locator("body").innerText();
        if (!english) expect(shown).not.toMatch(/\b(customers?|orders?|likelihood|expected)\b/i);
        expect(await axeViolations(visit.page)).toEqual([]);
        await visit.close();
      }
    },
  );
});
