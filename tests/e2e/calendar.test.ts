import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Stack } from "../../scripts/stack/stack.ts";
import { axeViolations, closeBrowser, tabTo, type Visit, visitApp } from "./pages.ts";
import { scoredStack } from "./scored-stack.ts";

let stack: Stack;

beforeAll(async () => {
  stack = await scoredStack("calendar");
});

afterAll(async () => {
  await closeBrowser();
  await stack.stop();
});

/** The first whole number in a text. */
const countIn = (text: string | null) => /\d+/.exec(text ?? "")?.[0] ?? "none";

async function onPhone({ app }: Visit): Promise<void> {
  const html = app.locator("html");
  expect(await html.evaluate((root) => root.scrollWidth - root.clientWidth)).toBe(0);
  const cut = await app
    .locator("main td, main th, main li, main p, td, th, li, p")
    .evaluateAll((elements) =>
      elements
        .filter((element) => element.clientWidth > 1 && element.scrollWidth > element.clientWidth)
        .map((element) => element.textContent),
    );
  expect(cut).toEqual([]);
  const outside = await app
    .locator(".encore-chart svg")
    .evaluateAll(
      (pictures) =>
        pictures.filter((one) => one.clientWidth > (one.parentElement?.clientWidth ?? 0)).length,
    );
  expect(outside).toBe(0);
}

describe("what needs attention", () => {
  it("leads by the keyboard alone to exactly the people it counts", async () => {
    const visit = await visitApp(stack);
    const { page, app } = visit;
    await app.getByRole("heading", { name: "Worth a look" }).waitFor();
    const line = app.locator(".encore-attention li", { hasText: "due: the time" });
    const count = countIn(await line.textContent());
    await tabTo(page, /^See them: .* due: the time of their next order/);
    await page.keyboard.press("Enter");
    await app.getByText(new RegExp(`^${count} customers are due from `)).waitFor();
    expect(await app.getByRole("tab", { name: /^Week of / }).getAttribute("aria-selected")).toBe(
      "true",
    );
    await page.goBack();

    await app.getByRole("heading", { name: "Moves in the last 30 days" }).waitFor();
    await tabTo(page, /^\d+ down: Purchase likelihood$/);
    const down = countIn(await app.getByRole("link", { name: /down: Purchase/ }).textContent());
    await page.keyboard.press("Enter");
    await app.getByText(new RegExp(`^${down} customers? fell to a lower tier of lik`)).waitFor();
    await visit.close();
  });
});

describe("the calendar", () => {
  it("is reached from the menu's address and left by the keyboard for the people of a week", async () => {
    const visit = await visitApp(stack, { path: "/app/calendar" });
    const { page, app } = visit;
    await app.getByText(/^About \d+ customers are expected to order again/).waitFor();
    expect(await app.locator(".encore-chart__bar").count()).toBe(12);
    await tabTo(page, /: see who is due$/);
    await page.keyboard.press("Tab");
    const second = app.getByRole("link", { name: /see who is due$/ }).nth(1);
    const [from = ""] = ((await second.textContent()) ?? "").split(" – ");
    await page.keyboard.press("Enter");
    await app.getByText(new RegExp(`customers are due from ${from} to `)).waitFor();
    await page.goBack();
    await tabTo(page, /^See who is overdue$/);
    const said = countIn(await app.getByText(/customers? (is|are) overdue\. Expec/).textContent());
    await page.keyboard.press("Enter");
    await app.getByText(new RegExp(`^${said} customers? (is|are) overdue:`)).waitFor();
    await visit.close();
  });

  it("has the weeks before, which were reconstructed", async () => {
    const visit = await visitApp(stack, { path: "/app/calendar" });
    const past = visit.app.getByRole("table", { name: "The weeks before" });
    await past.waitFor();
    expect(await past.locator("tbody tr").count()).toBe(12);
    await visit.app.getByText("* Worked out afterwards").waitFor();
    await visit.close();
  });

  const screens = [
    { path: "", locale: "en", width: 1280, sentence: "Worth a look" },
    { path: "", locale: "fr", width: 390, sentence: "À regarder" },
    { path: "/app/calendar", locale: "en", width: 1280, sentence: "Next orders by week" },
    { path: "/app/calendar", locale: "fr", width: 390, sentence: "Prochaines commandes" },
  ] as const;

  it.each(screens)("$path is read in $locale at $width without violations", async (screen) => {
    const { path, locale, width, sentence } = screen;
    const visit = await visitApp(stack, { path, locale, width });
    await visit.app.getByText(sentence).first().waitFor();
    await onPhone(visit);
    expect(await axeViolations(visit.page)).toEqual([]);
    if (locale === "fr" && path !== "") {
      const text = await visit.app.locator("body").innerText();
      expect(text).not.toMatch(/customers?\b|week|overdue|Likelihood/i);
    }
    await visit.close();
  });
});
