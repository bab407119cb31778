import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Stack } from "../../scripts/stack/stack.ts";
import { axeViolations, closeBrowser, tabTo, type Visit, visitApp } from "./pages.ts";
import { scoredStack } from "./scored-stack.ts";

/** Beside other work a task may take this long. */
const SOON = { timeout: 60_000, interval: 250 };

let stack: Stack;
let database: pg.Client;

beforeAll(async () => {
  stack = await scoredStack("settings");
  database = new pg.Client(stack.databaseUrl);
  await database.connect();
});

afterAll(async () => {
  await closeBrowser();
  await database.end();
  await stack.stop();
});

const visitSettings = (options = {}) => visitApp(stack, { path: "/app/settings", ...options });

async function tiersStored(axis: "buy" | "clv"): Promise<Record<string, number>> {
  const { rows } = await database.query<{ tier: string; customers: number }>(
    `select ${axis}_tier as tier, count(*)::int as customers from scores group by 1`,
  );
  return Object.fromEntries(rows.map(({ tier, customers }) => [tier, customers]));
}

/** The customers of each tier after the change, as the first table of the preview says. */
async function promised({ app }: Visit): Promise<Record<string, number>> {
  const rows = app.locator(".encore-what-if").first().locator("tbody tr");
  const cells = await rows.evaluateAll((all) =>
    all.map((row) => {
      const [tier, customers] = [...row.children];
      const after = customers?.querySelector("strong") ?? customers;
      return [tier?.textContent?.toLowerCase() ?? "", Number(after?.textContent)] as const;
    }),
  );
  return Object.fromEntries(cells);
}

const bar = ({ page }: Visit) => page.locator("#savebar");
const high = ({ app }: Visit) => app.getByRole("slider", { name: /^High from this many times/ });

// One sequence: what is saved is what the next step finds.
describe.sequential("a merchant's settings", { shuffle: false }, () => {
  it("show what other tiers would change, ask before that is lost, and keep the promise", async () => {
    const visit = await visitSettings();
    const { page, app } = visit;
    await high(visit).waitFor();
    const before = await tiersStored("buy");
    await high(visit).focus();
    for (let press = 0; press < 6; press += 1) await page.keyboard.press("ArrowRight");
    await app.getByText(/^\d+ of 700 customers would change tier\.$/).waitFor();
    await app.getByText("3.5 ×").waitFor();
    await bar(visit).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    const after = await promised(visit);
    expect(after.high).toBeLessThan(before.high ?? 0);
    expect(await tiersStored("buy")).toEqual(before);

    await app
      .getByRole("link", { name: "Home" })
      .or(app.getByRole("button", { name: /Home/ }))
      .first()
      .click();
    await page.getByRole("dialog").getByRole("button", { name: /Stay/ }).click();
    await high(visit).waitFor();
    await bar(visit).getByRole("button", { name: "Save" }).click();
    await bar(visit).waitFor({ state: "hidden" });
    await expect.poll(() => tiersStored("buy"), SOON).toEqual(after);
    await visit.close();
  });

  it("go back to the defaults, and leave without saving when told to", async () => {
    const visit = await visitSettings();
    const { page } = visit;
    const stored = await tiersStored("buy");
    await tabTo(page, /^Back to the defaults$/);
    await page.keyboard.press("Enter");
    await bar(visit).waitFor();
    await page.locator("#app-nav a").first().click();
    await page.getByRole("dialog").getByRole("button", { name: /Leave/ }).click();
    await page.waitForURL(/\/app\/(?!settings)/);
    expect(await tiersStored("buy")).toEqual(stored);
    await visit.close();

    const again = await visitSettings();
    await again.app.getByRole("button", { name: "Back to the defaults" }).click();
    await bar(again).getByRole("button", { name: "Save" }).click();
    await expect.poll(() => tiersStored("buy"), SOON).not.toEqual(stored);
    await again.app
      .getByRole("button", { name: "Back to the defaults" })
      .waitFor({ state: "detached" });
    await again.close();
  });

  it("score everybody again with the horizon chosen", async () => {
    const visit = await visitSettings();
    await visit.app.getByRole("radio", { name: "30 days" }).focus();
    await visit.page.keyboard.press("Space");
    await bar(visit).getByRole("button", { name: "Save" }).click();
    const horizon = async () => {
      const { rows } = await database.query<{ horizon_days: number }>(
        "select horizon_days from scoring_runs where not reconstructed order by created_at desc limit 1",
      );
      return rows[0]?.horizon_days;
    };
    await expect.poll(horizon, SOON).toBe(30);
    await visit.close();
  });

  it("leave out the orders of a channel that was found among them", async () => {
    const visit = await visitSettings();
    const { page, app } = visit;
    await tabTo(page, /^Look for usual tags and channels$/);
    await page.keyboard.press("Enter");
    await app.getByText("Among your orders").waitFor();
    await app.getByRole("button", { name: "Leave out: Channel “pos”" }).focus();
    await page.keyboard.press("Enter");
    const effect = app.getByText(/^\d[\d,]* of [\d,]+ orders would no longer count\./);
    await effect.waitFor();
    expect(await axeViolations(page)).toEqual([]);
    const promised = /^([\d,]+)/.exec((await effect.textContent()) ?? "")?.[1]?.replace(",", "");
    await bar(visit).getByRole("button", { name: "Save" }).click();
    const leftOut = async () => {
      const { rows } = await database.query<{
        basis: { leftOut: { reason: string; orders: number }[] };
      }>("select basis from scoring_runs where not reconstructed order by created_at desc limit 1");
      return rows[0]?.basis.leftOut.find(({ reason }) => reason === "rule")?.orders;
    };
    await expect.poll(leftOut, SOON).toBe(Number(promised));
    await visit.close();
  });

  it("pause writing by keyboard, say who waits, and resume it", async () => {
    await database.query("update shops set writing_agreed_at = now()");
    const visit = await visitSettings();
    const { page, app } = visit;
    await tabTo(page, /^Pause writing$/);
    await page.keyboard.press("Enter");
    await app.getByRole("button", { name: "Resume writing" }).waitFor();
    await app.getByText(/^Writing is paused: [1-9][\d,]* customers wait\.$/).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    const home = await visitApp(stack, { path: "/app" });
    await home.app.getByRole("heading", { name: "Writing to Shopify is paused" }).waitFor();
    await home.app.getByText("Writing to Shopify is paused. ").waitFor();
    expect(await axeViolations(home.page)).toEqual([]);
    await home.close();
    await page.keyboard.press("Enter");
    await app.getByRole("button", { name: "Pause writing" }).waitFor();
    const waiting = async () =>
      (await database.query("select 1 from written_states where tags <> '{}'")).rowCount;
    await expect.poll(waiting, SOON).toBeGreaterThan(100);
    await visit.close();
  });

  const screens = [
    { locale: "en", width: 1280, sentence: /customers would change tier/ },
    { locale: "fr", width: 390, sentence: /clients sur .* changeraient de niveau/ },
  ] as const;

  it.each(screens)("are read in $locale at $width without violations", async (screen) => {
    const { locale, width, sentence } = screen;
    const visit = await visitSettings({ locale, width });
    const { page, app } = visit;
    await app.getByRole("slider").first().focus();
    for (let press = 0; press < 6; press += 1) await page.keyboard.press("ArrowRight");
    await app.getByText(sentence).waitFor();
    const html = app.locator("html");
    expect(await html.evaluate((root) => root.scrollWidth - root.clientWidth)).toBe(0);
    const text = await app.locator("body").innerText();
    if (locale === "fr") expect(text).not.toMatch(/customers?\b|Likelihood|Expected|Tiers/i);
    expect(await axeViolations(page)).toEqual([]);
    await visit.close();
  });
});
