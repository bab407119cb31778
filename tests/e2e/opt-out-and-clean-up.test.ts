import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { openAdminApi } from "../../scripts/stack/admin-api.ts";
import { follow, Merchant } from "../../scripts/stack/merchant.ts";
import { type Stack, startStack } from "../../scripts/stack/stack.ts";
import { axeViolations, closeBrowser, tabTo, visitApp } from "./pages.ts";

const MINUTE = 60_000;

let stack: Stack;
let customer = "";

beforeAll(async () => {
  stack = await startStack({
    shop: "generated",
    customers: 700,
    database: "encore_test_opt_out",
    directory: ".data/logs/test-opt-out",
    simulatorFlags: ["--seed", "3"],
  });
  stack.startWorker();
  const merchant = new Merchant(stack);
  await merchant.open();
  await follow(merchant, "score", () => undefined);
  await merchant.agreeToWriting();
  await follow(merchant, "write", () => undefined);
  const client = new pg.Client(stack.databaseUrl);
  await client.connect();
  const { rows } = await client.query<{ customer_id: string }>(
    "select customer_id from scores where clv_tier = 'high' order by 1 limit 1",
  );
  await client.end();
  customer = rows[0]?.customer_id ?? "";
});

afterAll(async () => {
  await closeBrowser();
  await stack.stop();
});

async function ourTags(): Promise<string[]> {
  const ask = await openAdminApi(stack);
  const data = (await ask("query ($id: ID!) { customer(id: $id) { tags } }", {
    id: `gid://shopify/Customer/${customer}`,
  })) as { customer: { tags: string[] } };
  return data.customer.tags.filter((tag) => /^(clv|buy):/.test(tag));
}

async function segmentNames(): Promise<string[]> {
  const ask = await openAdminApi(stack);
  const data = (await ask("{ segments(first: 50) { nodes { name } } }")) as {
    segments: { nodes: { name: string }[] };
  };
  return data.segments.nodes.map(({ name }) => name).filter((name) => name.startsWith("Encore"));
}

// One sequence: each step depends on the previous one.
describe.sequential("a merchant who opts customers out and cleans up", { shuffle: false }, () => {
  it("opts a customer out with the keyboard alone, and back in", async () => {
    const { page, app, close } = await visitApp(stack, { path: `/app/customers/${customer}` });
    await app.getByText("Beside your store’s typical customer").waitFor();
    await tabTo(page, /^Do not score this customer$/);
    await page.keyboard.press("Enter");
    const dialog = app.getByRole("dialog");
    await dialog.getByText(/takes its tags and metafields off/).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await tabTo(page, /^Stop scoring$/);
    await page.keyboard.press("Enter");
    await app.getByText("This customer is not scored.").waitFor();
    await expect.poll(ourTags, { timeout: MINUTE, interval: 250 }).toEqual([]);
    expect(await axeViolations(page)).toEqual([]);

    await app.getByRole("button", { name: "Score this customer again" }).click();
    await app.getByText("Beside your store’s typical customer").waitFor({ timeout: MINUTE });
    await expect
      .poll(async () => (await ourTags()).length, { timeout: MINUTE, interval: 250 })
      .toBe(2);
    await close();
  });

  it("opts out customers with a tag, saved with the admin's save bar", async () => {
    const ask = await openAdminApi(stack);
    await ask(
      `mutation ($id: ID!) { tagsAdd(id: $id, tags: ["no scoring"]) { userErrors { message } } }`,
      { id: `gid://shopify/Customer/${customer}` },
    );
    const { page, app, close } = await visitApp(stack, { path: "/app/settings" });
    await app.getByRole("textbox", { name: "Exclusion tag" }).fill("No scoring");
    await page.getByRole("button", { name: "Save" }).click();
    await app.getByText(/1 customer has the tag “No scoring” and is left out/).waitFor({
      timeout: MINUTE,
    });
    await expect.poll(ourTags, { timeout: MINUTE, interval: 250 }).toEqual([]);
    expect(await axeViolations(page)).toEqual([]);
    await close();
  });

  it("removes everything Encore made, and sees what was removed", async () => {
    const home = await visitApp(stack);
    await home.app
      .getByRole("button", { name: "Create segment: Customer lifetime value, High" })
      .click();
    const opening = { name: "Open segment: Customer lifetime value, High" };
    await home.app.getByRole("button", opening).waitFor();
    await home.page.reload();
    await home.app.getByRole("button", opening).waitFor();
    expect(await segmentNames()).toHaveLength(1);
    await home.close();

    const { page, app, close } = await visitApp(stack, { path: "/app/settings" });
    await app.getByRole("button", { name: "Remove everything Encore made" }).click();
    await app.getByText("Your own tags, metafields and segments stay.").waitFor();
    await app.getByRole("button", { name: "Remove everything", exact: true }).click();
    await app.getByText(/^All removed on/).waitFor({ timeout: MINUTE });
    await app.getByText("1 segment", { exact: true }).waitFor();
    await app.getByText(/^Tags and metafields of \d+ customers$/).waitFor();
    expect(await segmentNames()).toEqual([]);
    expect(await ourTags()).toEqual([]);
    expect(await axeViolations(page)).toEqual([]);
    await close();
  });
});
