import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { openAdminApi, type Site } from "../../scripts/stack/admin-api.ts";
import { leaveApp } from "../../scripts/storm/app.ts";
import { compareWithCopy, installCopies } from "../../scripts/storm/compare/fresh-install.ts";
import { findPersonalData } from "../../scripts/storm/compare/personal.ts";
import { compareShown } from "../../scripts/storm/compare/shown.ts";
import { compareWritten } from "../../scripts/storm/compare/written.ts";
import type { StormOptions } from "../../scripts/storm/options.ts";
import { reconcile, untilQuiet } from "../../scripts/storm/settle.ts";
import { setStage, type Stage } from "../../scripts/storm/stage.ts";
import { complaintsOf, runStorm, type StormReport } from "../../scripts/storm/storm.ts";

const options: StormOptions = {
  days: 2,
  shops: 3,
  customers: 400,
  eventsPerDay: 12,
  secondsPerDay: 5,
  seed: 1,
  directory: ".data/logs/test-storm",
};

let stage: Stage;
let report: StormReport;
let site: Site;
let copy: Site;

beforeAll(async () => {
  stage = await setStage(options);
  report = await runStorm(stage, options);
  site = stage.sites[0]!;
  copy = stage.siteOf(`${site.shop}-after`);
}, 600_000);

afterAll(async () => {
  await leaveApp();
  await stage.stop();
}, 60_000);

const sql = (text: string) => stage.database.rows(text);
const withCopy = async () => (await compareWithCopy(stage.database, site, copy)).differences;
const withShopify = async () => (await compareWritten(stage.database, site)).differences;
const withRule = async () => (await compareShown(stage, site)).differences;
const first = (column: string, table: string) =>
  `${column} = (select min(${column}) from ${table} where shop = '${site.domain}')`;

describe.sequential("a short storm", { shuffle: false }, () => {
  it("leaves every shop equal to a fresh install, and Shopify consistent with the tiers", () => {
    expect(complaintsOf(report)).toEqual([]);
    expect(report.differences).toEqual([]);
    for (const [what, rows] of Object.entries(report.compared)) {
      expect(rows, what).toBeGreaterThan(1000);
    }
    for (const [what, times] of Object.entries(report.happened)) {
      expect(times, what).toBeGreaterThan(0);
    }
  });

  it("covers shops with a separate table, and shops without", async () => {
    const tables = await sql("select distinct tableoid <> 'orders'::regclass as own from orders");
    expect(tables).toHaveLength(2);
  });

  it("fails for one different order", async () => {
    const change = (by: string) =>
      sql(`update orders set amount_minor = amount_minor ${by}
            where shop = '${site.domain}' and order_id = (
              select min(order_id) from orders where shop = '${site.domain}' and left_out is null)`);
    await change("+ 1");
    const found = await withCopy();
    await change("- 1");
    expect(found.map(({ what }) => what)).toEqual(["orders", "purchase days"]);
    expect(await withCopy()).toEqual([]);
  });

  it("fails for the last bit of one score", async () => {
    const which = `where shop = '${site.domain}' and ${first("customer_id", "scores")}`;
    const [score] = await sql(`select buy_probability as p from scores ${which}`);
    await sql(`update scores set buy_probability = buy_probability * (1 + 3e-16) ${which}`);
    const found = await withCopy();
    await sql(`update scores set buy_probability = ${String(score!.p)} ${which}`);
    expect(found.map(({ what }) => what)).toEqual(["raw scores"]);
    expect(await withCopy()).toEqual([]);
  });

  it("fails for one tier that is shown against the rule", async () => {
    const which = `where shop = '${site.domain}' and ${first("customer_id", "scores")}`;
    const [score] = await sql(`select clv_tier as tier from scores ${which}`);
    const other = score!.tier === "high" ? "low" : "high";
    await sql(`update scores set clv_tier = '${other}' ${which}`);
    const found = [await withRule(), await withShopify()];
    await sql(`update scores set clv_tier = '${String(score!.tier)}' ${which}`);
    expect(found.map((differences) => differences.length)).toEqual([1, 2]);
    expect([await withRule(), await withShopify()]).toEqual([[], []]);
  });

  it("fails for one tag that is missing in Shopify", async () => {
    const ask = await openAdminApi(site);
    const [score] = await sql(
      `select customer_id as id, buy_tier as tier from scores
        where shop = '${site.domain}' and ${first("customer_id", "scores")}`,
    );
    const change = (mutation: string) =>
      ask(
        `mutation ($id: ID!, $tags: [String!]!) {
        ${mutation}(id: $id, tags: $tags) { userErrors { message } }
      }`,
        {
          id: `gid://shopify/Customer/${String(score!.id)}`,
          tags: [`buy:${String(score!.tier)}`],
        },
      );
    await change("tagsRemove");
    const found = await withShopify();
    await change("tagsAdd");
    expect(found.map(({ what }) => what)).toEqual(["Shopify"]);
    expect(await withShopify()).toEqual([]);
  });

  it("fails for one name or address in any table", async () => {
    const look = async () =>
      (await findPersonalData(stage.database.url, report.people, [])).differences.map(
        (one) => one.detail,
      );
    const person = report.people.find(({ email }) => email !== null)!;
    for (const text of [person.lastName, person.email, `"${person.lastName.toUpperCase()}"`]) {
      await sql(`update progress set error_code = '${String(text)}'
                  where shop = '${site.domain}' and task = 'write'`);
      expect(await look(), String(text)).toEqual(["public.progress names a customer"]);
    }
    await sql(`update progress set error_code = null where shop = '${site.domain}'`);
    expect(await look()).toEqual([]);
  });

  it("fails for lost webhooks without a reconciliation run", async () => {
    await stage.control("faults", { dropWebhook: { rate: 1 } });
    const [found] = await sql(
      `select customer_id as id from orders where shop = '${site.domain}'
          and left_out is null and customer_id is not null order by order_id limit 1`,
    );
    const order = { shop: site.shop, customerId: String(found!.id), amount: 70 };
    await stage.control("orders", order);
    await untilQuiet(stage);
    await stage.control("faults/end", {});
    [copy] = (await installCopies(stage, "later")) as [Site];
    const orders = async () => (await withCopy()).filter(({ what }) => what === "orders").length;
    expect(await orders()).toBe(1);
    await reconcile(stage);
    expect(await orders()).toBe(0);
  }, 240_000);
});
