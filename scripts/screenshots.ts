// Screenshots of every screen, from the demo shops: English and French, desktop and phone.
//   --shop NAME     only this demo shop (giftware, young, generated)
//   --listing       only those of the app's listing, 1600 × 900, as docs/app-review.md lists them
//   --out FOLDER    output folder (.data/screenshots)
import "#runtime/fit-node.mjs";

import { mkdirSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";

import type { Browser, Page } from "playwright-core";

import { addressInAdmin, launchChromium, ordinaryUserAgent } from "./stack/browser.ts";
import { buildApp } from "./stack/build.ts";
import { follow, Merchant } from "./stack/merchant.ts";
import { root } from "./stack/processes.ts";
import { type Stack, startStack } from "./stack/stack.ts";

const shops = ["giftware", "young", "generated"] as const;
type ShopName = (typeof shops)[number];
type Locale = "en" | "fr";
/** The app's width beside the admin's menu. */
type Size = { name: string; width: number; height: number };
type Shot = { shop: ShopName; screen: string; path: string };
type Shop = { stack: Stack; shots: Shot[] };

const SIZES: Size[] = [
  { name: "1280", width: 1280, height: 900 },
  { name: "390", width: 390, height: 844 },
];
const LISTING: Size = { name: "listing", width: 1600, height: 900 };
const LOCALES: Locale[] = ["en", "fr"];
/** The refusal is shown by the young store, everything else by a scored one. */
const LISTED: Partial<Record<ShopName, string[]>> = {
  giftware: ["home", "target", "customer", "accuracy", "privacy"],
  young: ["home"],
};

const { values } = parseArgs({
  options: {
    shop: { type: "string" },
    listing: { type: "boolean", default: false },
    out: { type: "string", default: path.join(root, ".data", "screenshots") },
  },
});
if (values.shop !== undefined && !shops.some((name) => name === values.shop)) {
  console.error(`--shop takes one of ${shops.join(", ")}; found "${values.shop}"`);
  process.exit(2);
}

/** Installs, imports, scores and writes, like a merchant. */
async function ready(stack: Stack, name: ShopName): Promise<void> {
  stack.startWorker();
  const merchant = new Merchant(stack);
  await merchant.open();
  await follow(merchant, "import", () => undefined);
  await follow(merchant, "score", () => undefined);
  if (name === "young") return;
  await merchant.agreeToWriting();
  await follow(merchant, "write", () => undefined);
}

/** The address of the first customer among a target's examples. */
async function customerPath(page: Page, stack: Stack): Promise<string> {
  await open(page, { stack, path: "/app/targets/clv/high", locale: "en" });
  const link = page.frameLocator("iframe").locator('a[href*="/app/customers/"]').first();
  return new URL((await link.getAttribute("href")) ?? "", stack.appUrl).pathname;
}

async function open(
  page: Page,
  { stack, path: to, locale }: { stack: Stack; path: string; locale: Locale },
): Promise<void> {
  await page.goto(addressInAdmin(stack, { path: to, locale }));
  await page.frameLocator("iframe").locator("h1").first().waitFor();
  const inside = page.frames().at(-1) ?? page.mainFrame();
  // Content read from Shopify appears a moment later.
  await inside.waitForFunction(() => document.querySelector('[class*="Skeleton"]') === null);
}

/** The whole page of the app within the admin, or, for the listing, the app alone. */
async function picture(page: Page, size: Size, file: string): Promise<void> {
  if (size === LISTING) {
    const frame = await page.locator("iframe").boundingBox();
    const beside = size.width - Math.round(frame?.width ?? size.width);
    const above = Math.ceil(frame?.y ?? 0);
    await page.setViewportSize({ width: size.width + beside, height: size.height + above });
    const box = await page.locator("iframe").boundingBox();
    const clip = { x: box?.x ?? 0, y: box?.y ?? 0, width: size.width, height: size.height };
    await page.screenshot({ path: file, clip });
    return;
  }
  const inside = page.frames().at(-1) ?? page.mainFrame();
  const height = await inside.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width: size.width, height: Math.max(size.height, height + 120) });
  await page.screenshot({ path: file });
}

async function shoot(browser: Browser, { stack, shots }: Shop, size: Size): Promise<void> {
  for (const locale of LOCALES) {
    const context = await browser.newContext({
      userAgent: ordinaryUserAgent(browser),
      viewport: { width: size.width, height: size.height },
      locale,
    });
    const page = await context.newPage();
    for (const { shop, screen, path: to } of shots) {
      await page.setViewportSize({ width: size.width, height: size.height });
      await open(page, { stack, path: to, locale });
      const file = path.join(values.out, `${shop}-${screen}-${locale}-${size.name}.png`);
      await picture(page, size, file);
      console.log(`• ${path.relative(root, file)}`);
    }
    await context.close();
  }
}

async function screensOf(shop: ShopName, browser: Browser, stack: Stack): Promise<Shot[]> {
  const everywhere = [
    { screen: "home", path: "" },
    { screen: "customers", path: "/app/customers" },
    { screen: "calendar", path: "/app/calendar" },
    { screen: "accuracy", path: "/app/accuracy" },
    { screen: "settings", path: "/app/settings" },
    { screen: "privacy", path: "/app/privacy" },
    { screen: "runs", path: "/app/runs" },
    { screen: "help", path: "/app/help" },
    { screen: "missing", path: "/app/nothing" },
  ];
  if (shop === "young") return everywhere.map((one) => ({ shop, ...one }));
  const page = await browser.newPage({ userAgent: ordinaryUserAgent(browser) });
  const customer = await customerPath(page, stack);
  await page.close();
  return [
    ...everywhere,
    { screen: "target", path: "/app/targets/clv/high" },
    { screen: "cell", path: "/app/targets/grid/moderate-moderate" },
    { screen: "customer", path: customer },
    { screen: "slipping", path: "/app/customers?view=slipping&value=moderate" },
  ].map((one) => ({ shop, ...one }));
}

async function picturesOf(shop: ShopName, browser: Browser): Promise<void> {
  console.log(`Shop “${shop}”: importing, scoring …`);
  const stack = await startStack({
    shop,
    ...(shop === "generated" ? { customers: 2000 } : {}),
    database: `encore_screenshots_${shop}`,
    directory: path.join(root, ".data", "logs", `screenshots-${shop}`),
  });
  try {
    await ready(stack, shop);
    const shots = await screensOf(shop, browser, stack);
    if (values.listing) {
      const listed = shots.filter(({ screen }) => LISTED[shop]?.includes(screen));
      await shoot(browser, { stack, shots: listed }, LISTING);
    } else for (const size of SIZES) await shoot(browser, { stack, shots }, size);
  } finally {
    await stack.stop();
  }
}

buildApp();
mkdirSync(values.out, { recursive: true });
const { browser } = await launchChromium();
try {
  for (const shop of shops) {
    if (values.shop !== undefined && values.shop !== shop) continue;
    if (!values.listing || LISTED[shop] !== undefined) await picturesOf(shop, browser);
  }
} finally {
  await browser.close();
}
