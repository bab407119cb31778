import type { Browser, FrameLocator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { type RunningSimulator, startSimulator } from "#simulator/server.ts";
import type { SimShop } from "#simulator/state.ts";
import { customer, sampleStore, shopOf } from "#tests/simulator/sample-shop.ts";

import { launchChromium } from "../../scripts/stack/browser.ts";
import { type ExampleApp, startExampleApp } from "./example-app.ts";

let browser: Browser;
let example: ExampleApp;
let simulator: RunningSimulator;
let shop: SimShop;
let page: Page;
let app: FrameLocator;
let admin: string;

beforeAll(async () => {
  browser = (await launchChromium()).browser;
  const store = sampleStore(new Date());
  example = await startExampleApp(() => `${store.settings.origin}/app-bridge.js`);
  store.app.url = example.url;
  simulator = await startSimulator({ store, port: 0 });
  const ada = customer("11", { firstName: "Ada", lastName: "Fern", tags: ["clv:low"] });
  shop = shopOf({ store, customers: [ada], orders: [] });
  admin = `${simulator.origin}/store/sample`;
});

afterAll(async () => {
  await browser.close();
  await simulator.close();
  await example.close();
});

beforeEach(async () => {
  const context = await browser.newContext({ locale: "en-GB" });
  page = await context.newPage();
  app = page.frameLocator("#app-frame");
});

afterEach(() => page.context().close());

const openApp = async (path = "") => {
  await page.goto(`${admin}/apps/encore${path}`);
  await app.locator("h1").waitFor();
};
const said = (text: string | RegExp) => app.locator("#said", { hasText: text }).waitFor();

describe("App Bridge in the simulated admin", () => {
  it("shows the app's navigation, follows it, and keeps the address in step", async () => {
    await openApp("/app/deep?x=1");
    expect(await app.locator("h1").textContent()).toBe("/app/deep");
    expect(page.url()).toBe(`${admin}/apps/encore/app/deep?x=1`);
    const link = page.locator("#app-nav a");
    await link.click();
    await app.locator("h1", { hasText: "/app/targets" }).waitFor();
    await page.waitForURL(`${admin}/apps/encore/app/targets`);
    expect(await link.allTextContents()).toEqual(["Targets"]);
    expect(await link.getAttribute("aria-current")).toBe("page");
    await page.goBack();
    await page.waitForURL(`${admin}/apps/encore/app/deep?x=1`);
  });

  it("gives requests to the app a session token, and a new one when asked to", async () => {
    await openApp();
    await app.locator("#whoami").click();
    await said(/^Bearer [\w-]+\.[\w-]+\.[\w-]+$/);
  });

  it("reopens an address with a token when the bounce page requests it", async () => {
    const target = encodeURIComponent(`${example.url}/app/again`);
    await page.goto(`${admin}/apps/encore/auth/session-token?shopify-reload=${target}`);
    await app.locator("h1", { hasText: "/app/again" }).waitFor();
    const frame = page.frame({ name: "app" });
    expect(new URL(frame!.url()).searchParams.get("id_token")).toMatch(/^[\w-]+\./);
  });

  it("shows a toast in a live region, and its action leads out of the app", async () => {
    await openApp();
    await app.locator("#toast").click();
    const toast = page.getByRole("status").getByText("Segment created");
    await toast.waitFor();
    await page.getByRole("button", { name: "Open segment" }).click();
    await page.waitForURL(`${admin}/customers/segments`);
  });

  it("turns links into the admin into pages of the frame", async () => {
    await openApp();
    await app.getByRole("link", { name: "Customer" }).click();
    await page.waitForURL(`${admin}/customers/11`);
    await openApp();
    await app.locator("#top").click();
    await page.waitForURL(`${admin}/orders`);
  });

  it("shows the save bar for a changed form and asks before changes are lost", async () => {
    await openApp();
    await app.getByLabel("Name").fill("changed");
    await page.getByRole("link", { name: "Orders", exact: true }).click();
    await page.getByRole("button", { name: "Stay" }).click();
    expect(page.url()).toContain("/apps/encore");
    await page.getByRole("button", { name: "Save" }).click();
    await said("saved");
    await page.locator("#savebar").waitFor({ state: "hidden" });
  });

  it("shows modal and title bar, whose buttons trigger the app's own", async () => {
    await openApp();
    await app.locator("#modal").click();
    await app.getByText("Within the modal").waitFor();
    await app.getByRole("button", { name: "Yes" }).click();
    await said("yes");
    await app.getByText("Within the modal").waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "Refresh" }).click();
    await said("refreshed");
  });

  it("reports an intent without a page in the simulation", async () => {
    await openApp();
    await app.locator("#intent").click();
    await page.getByText("create:shopify/Discount").waitFor();
  });

  it("gives the app the language the staff member chose", async () => {
    await openApp();
    await page.getByRole("link", { name: "Français" }).click();
    await page.waitForURL(/apps\/encore/);
    await app.locator("h1").waitFor();
    const locale = () => page.frame({ name: "app" })!.evaluate("shopify.config.locale");
    await expect.poll(locale).toBe("fr");
  });

  it("ignores messages of windows other than the app's", async () => {
    await openApp();
    await page.evaluate(() => {
      window.postMessage({ bridge: "app", type: "open", data: { url: "http://127.0.0.1:9" } }, "*");
      window.postMessage({ bridge: "app", type: "toast", data: { id: "1", message: "no" } }, "*");
    });
    await page.waitForTimeout(300);
    expect(await page.locator(".toast").count()).toBe(0);
    expect(page.url()).toContain("/apps/encore");
  });
});

describe("a customer's page", () => {
  it("shows the effect of an order without a reload", async () => {
    await page.goto(`${admin}/customers/11`);
    await page.getByRole("button", { name: "Place an order: Ada Fern" }).click();
    await page.getByText(/placed for Ada Fern: £25.00/).waitFor();
    expect(shop.orders.size).toBe(1);
    shop.customers.get("11")!.tags = ["clv:high"];
    const log = page.getByRole("log");
    await log.getByText("clv:high added").waitFor();
    await log.getByText("clv:low removed").waitFor();
    expect(await page.locator(".tag.is-new").allTextContents()).toEqual(["clv:high"]);
  });
});
