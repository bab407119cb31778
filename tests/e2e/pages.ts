import type { Browser, FrameLocator, Page } from "playwright-core";

import { addressInAdmin, launchChromium, ordinaryUserAgent } from "../../scripts/stack/browser.ts";
import type { Stack } from "../../scripts/stack/stack.ts";

export type Visit = { page: Page; app: FrameLocator; close: () => Promise<void> };
export type VisitOptions = {
  width?: number;
  locale?: "en" | "fr";
  path?: string;
  /** Errors that the browser may report; any other fails the visit. */
  expected?: RegExp;
};

let launched: Promise<Browser> | undefined;

async function browser(): Promise<Browser> {
  launched ??= launchChromium().then((found) => found.browser);
  return launched;
}

export async function closeBrowser(): Promise<void> {
  await (await launched)?.close();
  launched = undefined;
}

/** Opens the app inside the simulated admin, as a merchant finds it. */
export async function visitApp(stack: Stack, options: VisitOptions = {}): Promise<Visit> {
  const { width = 1280, locale = "en", path = "", expected } = options;
  const chromium = await browser();
  const context = await chromium.newContext({
    userAgent: ordinaryUserAgent(chromium),
    viewport: { width, height: width < 600 ? 844 : 900 },
    locale,
  });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  await page.goto(addressInAdmin(stack, { path, locale }));
  return {
    page,
    app: page.frameLocator("iframe"),
    close: async () => {
      await context.close();
      const unexpected = errors.filter((error) => expected?.test(error) !== true);
      if (unexpected.length > 0) {
        throw new Error(`the browser reported: ${unexpected.join("\n")}`);
      }
    },
  };
}

/** Presses Tab until an element with this name has the focus. */
export async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 200; presses += 1) {
    await page.keyboard.press("Tab");
    const frame = page.frames().at(-1) ?? page.mainFrame();
    const focused = await frame.evaluate(() => {
      const element = document.activeElement;
      return element?.getAttribute("aria-label") ?? element?.textContent ?? "";
    });
    if (name.test(focused)) return;
  }
  throw new Error(`Tab never came to ${String(name)}`);
}

/** Violations of WCAG 2.1 A and AA that axe finds within the app's frame. */
export async function axeViolations(page: Page): Promise<string[]> {
  const { AxeBuilder } = await import("@axe-core/playwright");
  const found = await new AxeBuilder({ page })
    .include(["iframe", "body"])
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"])
    .analyze();
  return found.violations.map((violation) => `${violation.id}: ${violation.nodes.length}`);
}
