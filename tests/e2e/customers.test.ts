import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Stack } from "../../scripts/stack/stack.ts";
import { axeViolations, closeBrowser, tabTo, type Visit, visitApp } from "./pages.ts";
import { scoredStack } from "./scored-stack.ts";

/** Beside other work a page may take this long. */
const SOON = { timeout: 20_000 };

let stack: Stack;

beforeAll(async () => {
  stack = await scoredStack("customers");
});

afterAll(async () => {
  await closeBrowser();
  await stack.stop();
});

const list = (path = "", options = {}) =>
  visitApp(stack, { path: `/app/customers${path}`, ...options });

const rowsOf = ({ app }: Visit) => app.locator("tbody tr");
/** The list's part of the address: Shopify's own stands beside it. */
const addressOf = (visit: Visit) => {
  const { pathname, searchParams } = new URL(visit.page.url());
  searchParams.delete("locale");
  return `${pathname.replace(/^.*\/app\//, "/app/")}?${searchParams.toString()}`;
};

async function namesShown(visit: Visit): Promise<string[]> {
  await visit.app.locator('[class*="Skeleton"]').first().waitFor({ state: "detached" });
  return visit.app.locator("tbody tr .encore-name").allTextContents();
}

describe("the list of customers", () => {
  it("finds a customer by name, as Shopify does, and by number", async () => {
    const visit = await list();
    const { page, app } = visit;
    const [name = ""] = await namesShown(visit);
    await app.getByRole("button", { name: /^Search and filter/ }).click();
    await app.getByPlaceholder("Search by name, e-mail or number").fill(name);
    await app.getByText(new RegExp(`^\\d+ customers? match(es)? “${name}”`)).waitFor(SOON);
    const found = await namesShown(visit);
    expect(found.length).toBeGreaterThan(0);
    for (const each of found) expect(each).toBe(name);
    expect(addressOf(visit)).toBe(`/app/customers?search=${name.replaceAll(" ", "+")}`);
    expect(await axeViolations(page)).toEqual([]);
    await app.getByPlaceholder("Search by name, e-mail or number").fill("1");
    await app.getByText("No customer in this list matches “1”.").waitFor(SOON);
    await visit.close();
  });

  it("is used by the keyboard alone: filtered, sorted, turned over, and left for a customer", async () => {
    const visit = await list();
    const { page, app } = visit;
    await app.getByText(/^\d+ customers are expected to spend/).waitFor();
    expect(await rowsOf(visit).count()).toBe(50);
    const first = await namesShown(visit);

    await tabTo(page, /^Search and filter|^Filter/);
    await page.keyboard.press("Enter");
    await tabTo(page, /^Purchase likelihood$/);
    await page.keyboard.press("Enter");
    await app.getByRole("checkbox", { name: "Low" }).waitFor();
    await app.getByRole("checkbox", { name: "Low" }).focus();
    await page.keyboard.press("Space");
    await app.getByText(/^\d+ customers match\./).waitFor();
    await page.keyboard.press("Escape");
    await app.getByRole("checkbox", { name: "Low" }).waitFor({ state: "detached" });
    await expect.poll(() => addressOf(visit), SOON).toBe("/app/customers?likelihood=low");
    await expect.poll(() => namesShown(visit), SOON).not.toEqual(first);
    const filtered = await namesShown(visit);

    await tabTo(page, /^Sort/);
    await page.keyboard.press("Enter");
    await app.getByRole("radio", { name: "Last order" }).focus();
    await page.keyboard.press("Space");
    await expect
      .poll(() => addressOf(visit), SOON)
      .toBe("/app/customers?likelihood=low&sort=last-order-desc");
    await page.keyboard.press("Escape");

    await expect.poll(() => namesShown(visit), SOON).not.toEqual(filtered);
    const sorted = await namesShown(visit);
    await tabTo(page, /^Next customers$/);
    await page.keyboard.press("Enter");
    await expect.poll(() => addressOf(visit), SOON).toMatch(/&after=0/);
    await expect.poll(() => namesShown(visit), SOON).not.toEqual(sorted);
    const turned = addressOf(visit);

    const second = await namesShown(visit);
    await tabTo(page, new RegExp(`^${second[0] ?? ""}$`));
    await page.keyboard.press("Enter");
    await app.getByText("Beside your store’s typical customer").waitFor();
    expect(await app.locator("h1").textContent()).toBe(second[0]);
    await tabTo(page, /^Back to Customers$/);
    await page.keyboard.press("Enter");
    await expect.poll(() => addressOf(visit), SOON).toBe(turned);
    await expect.poll(() => namesShown(visit), SOON).toEqual(second);
    await page.goBack();
    await app.getByText("Beside your store’s typical customer").waitFor();
    await page.goBack();
    await expect.poll(() => namesShown(visit), SOON).toEqual(second);
    await page.goBack();
    await expect.poll(() => namesShown(visit), SOON).toEqual(sorted);
    await visit.close();
  });

  it("shows its views, and leads there from a tier", async () => {
    const visit = await list();
    const { app } = visit;
    await app.getByRole("tab", { name: "Due soon" }).click();
    await app.getByText(/is expected from a day within the next 14 days on/).waitFor();
    expect(addressOf(visit)).toBe("/app/customers?view=due");
    await app.getByRole("tab", { name: "Slipping" }).click();
    await app.getByText(/fell to a lower tier in the last 30 days/).waitFor();
    const moved = await rowsOf(visit).locator("td:last-child").allTextContents();
    for (const text of moved) expect(text).toMatch(/fell from (High|Moderate), \w+ \d+/);
    await visit.close();

    const target = await visitApp(stack, { path: "/app/targets/buy/moderate" });
    const link = target.app.getByRole("link", { name: /^See all \d+ customers$/ });
    const count = /\d+/.exec((await link.textContent()) ?? "")?.[0] ?? "";
    await link.click();
    await target.app.getByText(new RegExp(`^${count} customers match`)).waitFor();
    expect(addressOf(target)).toBe("/app/customers?likelihood=moderate");
    await target.close();
  });

  const screens = [
    { locale: "en", width: 1280, sentence: /customers are expected to spend/ },
    { locale: "fr", width: 390, sentence: /clients devraient dépenser/ },
  ] as const;

  it.each(screens)(
    "is read in $locale at $width without violations or cut texts",
    async (screen) => {
      const { locale, width, sentence } = screen;
      const visit = await list("", { locale, width });
      const { page, app } = visit;
      await app.getByText(sentence).waitFor();
      await namesShown(visit);
      const html = app.locator("html");
      expect(await html.evaluate((root) => root.scrollWidth - root.clientWidth)).toBe(0);
      const heights = await rowsOf(visit).evaluateAll((rows) =>
        rows.map((row) => row.getBoundingClientRect().height),
      );
      if (width > 1000) expect(Math.max(...heights)).toBeLessThan(48);
      const cut = await app
        .locator("tbody td *")
        .evaluateAll((elements) =>
          elements
            .filter(
              (element) => element.clientWidth > 1 && element.scrollWidth > element.clientWidth,
            )
            .map((element) => element.textContent),
        );
      expect(cut).toEqual([]);
      const text = await app.locator("body").innerText();
      if (locale === "fr") expect(text).not.toMatch(/customers?\b|Likelihood|Expected|order/i);
      expect(await axeViolations(page)).toEqual([]);
      await visit.close();
    },
  );

  it("says so where nobody is in a view, and refuses an address that is none of its own", async () => {
    const visit = await list("?view=high-value&likelihood=new");
    await visit.app.getByText("Choose another view, or take a filter off.").waitFor();
    await visit.close();
    const odd = await list("?view=everything", { expected: /400/ });
    await odd.app.getByText("Something did not work", { exact: true }).waitFor();
    await odd.close();
  });
});
