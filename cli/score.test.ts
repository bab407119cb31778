import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

import { scoreStore, type StoreFit, summarize, traced } from "#engine";

import { cdnowCsv, encore, readPurchases, rowsOf } from "./in-process.ts";

const giftware = path.join(import.meta.dirname, "..", "data", "online-retail-2010.csv.gz");
const names =
  "customer_id,frequency,recency_days,age_days,mean_spend,buy_probability,expected_orders,expected_spend,expected_spend_low,expected_spend_high,spend_low_if_any,spend_high_if_any,next_order_from,next_order_to,clv_tier,buy_tier";

// A run fits real models on thousands of customers; its duration is not tested here.
vi.setConfig({ testTimeout: 180_000 });

let folder = "";
let cdnow = "";

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "encore-cli-"));
  cdnow = cdnowCsv();
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const inFolder = (name: string) => path.join(folder, name);

describe("scoring a file of orders", () => {
  it("writes one row for each customer known at the as-of date to standard output", async () => {
    const { code, stdout, stderr } = await encore(["score", "-", "--as-of", "1998-01-01"], cdnow);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr:
        "encore: 20 rows left out: an amount of nothing\n" +
        "encore: 2887 rows left out: later than the days that are looked at\n",
    });
    expect(stdout.split("\n", 1)[0]).toBe(names);
    const rows = rowsOf(stdout);
    expect(rows).toHaveLength(5877);
    expect(rows.map((row) => row.customer_id)).toEqual(rows.map((row) => row.customer_id).sort());
    for (const row of rows) {
      expect(Number(row.buy_probability)).toBeGreaterThanOrEqual(0);
      expect(Number(row.buy_probability)).toBeLessThanOrEqual(1);
      expect(Number(row.expected_spend_low)).toBeLessThanOrEqual(Number(row.expected_spend_high));
      expect(["high", "moderate", "low", "new"]).toContain(row.clv_tier);
      expect(row.next_order_from === "").toBe(row.next_order_to === "");
    }
    expect(rows.some((row) => /^1998-\d\d-\d\d$/.test(row.next_order_from))).toBe(true);
  });

  it("writes no formulas to CSV, and unchanged ids to JSON", async () => {
    const orders = "customer_id,date,amount\n=1+1,2026-01-01,10\n-7,2026-01-02,20\n";
    const { stdout } = await encore(["score", "-", "--force"], orders);
    expect(rowsOf(stdout).map((row) => row.customer_id)).toEqual(["-7", "'=1+1"]);
    await encore(["score", "-", "--force", "--out", inFolder("ids.json")], orders);
    const json = JSON.parse(readFileSync(inFolder("ids.json"), "utf8")) as Record<
      string,
      unknown
    >[];
    expect(json.map((row) => row.customer_id)).toEqual(["-7", "=1+1"]);
  });

  it("leaves out rows on impossible days, and counts them", async () => {
    const file = `${cdnow}\n99999,21990101,1,10.00\n00002,19010102,1,10.00\n`;
    const args = ["score", "-", "--report", inFolder("days.json")];
    const plain = await encore([...args.slice(0, 2)], cdnow);
    const { code, stdout, stderr } = await encore(args, file);
    expect([code, stdout]).toEqual([plain.code, plain.stdout]);
    const note = "encore: 2 rows left out: a day before 1995-01-01 or after tomorrow\n";
    expect(stderr).toBe(`encore: 20 rows left out: an amount of nothing\n${note}`);
    const report = JSON.parse(readFileSync(inFolder("days.json"), "utf8")) as {
      asOf: string;
      input: { rows: object };
    };
    expect(report.asOf).toBe("1998-07-01");
    expect(report.input.rows).toMatchObject({ read: 16_691, impossibleDay: 2 });
  });

  it("computes customers' histories correctly", async () => {
    const { stdout } = await encore(["score", "-", "--as-of", "1998-07-01"], cdnow);
    // Customer 00002 bought on 1997-01-12 only, twice: for 12.00 and for 77.00.
    const second = rowsOf(stdout).find((row) => row.customer_id === "00002");
    expect(second).toMatchObject({
      frequency: "0",
      recency_days: "0",
      age_days: "535",
      mean_spend: "89",
    });
  });

  it("writes the same to CSV, JSON and Parquet", async () => {
    for (const ending of ["csv", "json", "parquet"]) {
      const { code, stdout } = await encore(["score", giftware, "--out", inFolder(`s.${ending}`)]);
      expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    }
    const csv = rowsOf(readFileSync(inFolder("s.csv"), "utf8"));
    const json = JSON.parse(readFileSync(inFolder("s.json"), "utf8")) as Record<string, unknown>[];
    const parquet = await parquetReadObjects({
      file: await asyncBufferFromFile(inFolder("s.parquet")),
    });
    const plain = (value: unknown) =>
      value instanceof Date ? value.toISOString().slice(0, 10) : String(value ?? "");
    const asText = (row: Record<string, unknown>) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)]));
    expect(json.map(asText)).toEqual(csv);
    expect(parquet.map(asText)).toEqual(csv);
    expect(csv.some((row) => row.next_order_to !== "")).toBe(true);
    expect(readdirSync(folder).filter((name) => name.endsWith(".partial"))).toEqual([]);
  });

  it("writes the same bytes whatever the order of the rows", async () => {
    const [header, ...lines] = cdnow.split("\n");
    const shuffled = lines
      .map((line, i) => ({ line, key: (i * 7_919) % 16_693 }))
      .sort((left, right) => left.key - right.key)
      .map(({ line }) => line);
    const run = async (rows: string[], name: string) => {
      const report = inFolder(`${name}.json`);
      const { stdout } = await encore(
        ["score", "-", "--report", report],
        [header, ...rows].join("\n"),
      );
      return { scores: stdout, report: readFileSync(report, "utf8") };
    };
    expect(shuffled).not.toEqual(lines);
    expect(await run(shuffled, "shuffled")).toEqual(await run(lines, "sorted"));
  });

  it("ignores orders on the as-of date or later", async () => {
    const [header, ...lines] = cdnow.split("\n");
    const before = lines.filter((line) => line.split(",")[1] < "19980101");
    const args = ["score", "-", "--as-of", "1998-01-01"];
    const whole = await encore(args, cdnow);
    const known = await encore(args, [header, ...before].join("\n"));
    expect(known.stdout).toBe(whole.stdout);
  });

  it("is as of the day after the last order by default", async () => {
    const { stdout } = await encore(["score", "-"], cdnow);
    expect(stdout).toBe((await encore(["score", "-", "--as-of", "1998-07-01"], cdnow)).stdout);
  });
});

describe("--exclude", () => {
  const file = () => {
    const [header, ...lines] = cdnow.split("\n");
    const renewed = lines.map((line, i) => `${line},${i % 3 === 0 ? "subscription" : "web"}`);
    return [`${header},source`, ...renewed].join("\n");
  };
  const input = ["--horizon", "90", "--customer", "customer_id", "--amount", "dollar_value"];

  it("leaves out the orders with that value, and reports how many", async () => {
    const without = file()
      .split("\n")
      .filter((line) => !line.endsWith(",subscription"));
    const asked = ["score", "-", ...input, "--exclude", "Source=subscription"];
    const { code, stdout, stderr } = await encore(asked, file());
    const plain = await encore(["score", "-", ...input], without.join("\n"));
    expect(code).toBe(0);
    expect(stdout).toBe(plain.stdout);
    const count = file().split("\n").length - without.length;
    expect(stderr).toContain(`${count} rows left out: of a value that --exclude names`);
  });

  it("reports what would be right where the column or the value is missing", async () => {
    const no = await encore(["score", "-", ...input, "--exclude", "kind=x"], file());
    expect(no.code).toBe(2);
    expect(no.stderr).toContain('there is no column "kind"; there are "customer_id"');
    const half = await encore(["score", "-", ...input, "--exclude", "source"], file());
    expect(half.code).toBe(2);
    expect(half.stderr).toContain("--exclude source=subscription");
  });
});

describe("the report", () => {
  it("contains everything needed to reproduce the scores, bit for bit", async () => {
    const report = inFolder("giftware.json");
    const { stdout } = await encore(["score", giftware, "--horizon", "90", "--report", report]);
    const { fit, ...said } = JSON.parse(readFileSync(report, "utf8")) as Record<string, unknown> & {
      fit: StoreFit;
    };
    expect(said).toMatchObject({
      asOf: "2010-12-10",
      horizonDays: 90,
      horizonChosenBy: "caller",
      input: {
        currency: "GBP",
        columns: { customer: "customer_id", date: "invoiced_at", amount: "amount_gbp" },
        rows: { read: 28_816, withoutCustomer: 5229, refunds: 4372 },
      },
      gate: { passed: true, forced: false },
      backtest: { cutoff: "2010-09-11" },
      baseRate: fit.baseRate,
      engineVersion: fit.engineVersion,
    });
    const rows = rowsOf(stdout);
    const { purchases, asOfDay } = await readPurchases(giftware);
    const summary = traced(purchases, summarize(purchases, asOfDay), fit);
    const again = scoreStore(summary, fit);
    expect([...again.buyProbability].map(String)).toEqual(rows.map((row) => row.buy_probability));
    expect([...again.expectedSpend].map(String)).toEqual(rows.map((row) => row.expected_spend));
  });

  it("has models whose weights sum to one, and every rule of the gate", async () => {
    const report = inFolder("weights.json");
    await encore(["score", giftware, "--report", report]);
    const { models, gate } = JSON.parse(readFileSync(report, "utf8")) as {
      models: { weight: number; model: string }[];
      gate: { rules: { code: string; have: number; need: number }[] };
    };
    expect(models.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
    expect(gate.rules.map((rule) => rule.code)).toEqual([
      "customers",
      "repeat-customers",
      "history",
      "full-history",
      "recent-order",
      "skill",
      "buyers",
      "level",
    ]);
  });
});

describe("a store that the gate refuses", () => {
  const small = ["customer_id,date,amount"]
    .concat(Array.from({ length: 60 }, (_, i) => `c${i % 30},2026-0${1 + (i % 6)}-15,${10 + i}`))
    .join("\n");

  it("is refused with exit code 3 and the reasons as JSON", async () => {
    const { code, stdout, stderr } = await encore(["score", "-"], small);
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    const said = JSON.parse(stderr) as { refused: boolean; reasons: { code: string }[] };
    expect(said.refused).toBe(true);
    expect(said.reasons).toContainEqual({
      code: "customers",
      passed: false,
      have: 30,
      need: expect.any(Number) as number,
      unit: "customers",
      expected: expect.any(String) as string,
    });
  });

  it("is scored with --force, which reports it", async () => {
    const report = inFolder("forced.json");
    const args = ["score", "-", "--force", "--report", report];
    const { code, stdout, stderr } = await encore(args, small);
    expect(code).toBe(0);
    expect(rowsOf(stdout)).toHaveLength(30);
    expect(stdout).not.toMatch(/NaN|Infinity/);
    expect(JSON.parse(stderr)).toMatchObject({ refused: true, forced: true });
    expect(JSON.parse(readFileSync(report, "utf8"))).toMatchObject({
      gate: { passed: false, forced: true },
    });
  });

  it("with one customer and one order is scored too when forced", async () => {
    const { code, stdout } = await encore(
      ["score", "-", "--force"],
      'customer,date,total\n"Smith, ""Ann""",2026-01-01,5\n',
    );
    expect(code).toBe(0);
    expect(stdout.split("\n")[1]).toMatch(/^"Smith, ""Ann""",0,0,1,5,/);
    expect(stdout).not.toMatch(/NaN|Infinity/);
  });

  it("still writes its report", async () => {
    const report = inFolder("refused.json");
    await encore(["score", "-", "--report", report], small);
    expect(JSON.parse(readFileSync(report, "utf8"))).toMatchObject({
      gate: { passed: false, forced: false },
    });
  });
});

it("Progress is shown only on a terminal, and cleared at the end", async () => {
  const file = inFolder("cdnow.csv");
  writeFileSync(file, cdnow);
  const { stderr } = await encore(["score", file, "--out", inFolder("p.csv")], "");
  expect(stderr).not.toContain("\r");
  const watched = await encore(["score", file, "--out", inFolder("p.csv")], "", { isTTY: true });
  expect(watched.stderr).toContain("\rReading orders 100 %".replace("\r", "\r\u001b[K"));
  expect(watched.stderr).toContain("Fitting models…");
  expect(watched.stderr).toContain("\r\u001b[Kencore: 20 rows");
});
