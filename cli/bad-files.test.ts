import { gzipSync } from "node:zlib";

import { describe, expect, it } from "vitest";

import { encore } from "./in-process.ts";

const good = "customer_id,date,amount\nann,2026-01-01,10\nbob,2026-01-02,20\n";

/** Scores a bad file from standard input; returns the error message. */
async function complaint(file: string | Buffer, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await encore(["score", "-", ...args], file);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/^encore: [^\n]+\n$/);
  return stderr;
}

describe("a bad file ends with exit code 2 and a message about", () => {
  it("an invalid date, with its line and column", async () => {
    const file = `${good}ann,2026-02-30,5\n`;
    expect(await complaint(file)).toContain('line 4, column "date": "2026-02-30" is not a date');
  });

  it("impossible days only", async () => {
    const file = "customer_id,date,amount\nann,1970-01-01,10\nbob,0021-03-04,20\n";
    expect(await complaint(file)).toContain(
      "2 of 2 rows are of a day before 1995-01-01 or after tomorrow",
    );
    expect(await complaint(good, "--as-of", "0021-03-04")).toContain("not a date between 1900");
  });

  it("an ambiguous date", async () => {
    expect(await complaint(`${good}ann,02/03/2026,5\n`)).toContain("write 2026-01-31");
  });

  it("a missing date", async () => {
    expect(await complaint(`${good}ann,,5\n`)).toContain('line 4, column "date": is empty');
  });

  it("a missing amount", async () => {
    expect(await complaint(`${good}ann,2026-01-03,\n`)).toContain(
      'line 4, column "amount": is empty',
    );
  });

  it("an invalid amount", async () => {
    expect(await complaint(`${good}ann,2026-01-03,ten\n`)).toContain(
      'line 4, column "amount": "ten" is not an amount: write a number with a decimal point',
    );
  });

  it("an amount with a comma that may be a decimal point", async () => {
    expect(await complaint(`${good}ann,2026-01-03,"12,50"\n`)).toContain("write 1234.50");
  });

  it("mixed currencies in a currency column", async () => {
    const file = "customer,date,total,currency\na,2026-01-01,5,EUR\nb,2026-01-01,5,usd\n";
    expect(await complaint(file)).toContain(
      'line 3, column "currency": is in "usd" where rows before have "EUR": convert all amounts',
    );
  });

  it("mixed currencies in the amounts", async () => {
    const file = "customer,date,total\na,2026-01-01,£5\nb,2026-01-01,$5\n";
    expect(await complaint(file)).toContain('line 3, column "total": is in "$" where rows before');
    expect(await complaint(file, "--currency", "USD")).toContain('line 2, column "total"');
  });

  it("a currency other than the one stated", async () => {
    const file = "customer,date,total,currency\na,2026-01-01,5,EUR\n";
    expect(await complaint(file, "--currency", "GBP")).toContain('--currency says "GBP"');
  });

  it("an empty file, and a header without rows", async () => {
    expect(await complaint("")).toContain("line 1: the file is empty");
    expect(await complaint("\uFEFF")).toContain("line 1");
    expect(await complaint("customer_id,date,amount\n")).toContain("the file has no rows");
  });

  it("missing columns, with those that exist", async () => {
    expect(await complaint("who,date,amount\na,2026-01-01,5\n")).toContain(
      'line 1: no column is known to hold the customer: name it with --customer COLUMN; there are "who", "date", "amount"',
    );
  });

  it("rows with too few or too many cells", async () => {
    expect(await complaint(`${good}ann,2026-01-03\n`)).toContain(
      "line 4: has 2 columns where the header has 3",
    );
    expect(await complaint(`${good}ann,2026-01-03,1,234\n`)).toContain("line 4: has 4 columns");
  });

  it("a huge line", async () => {
    const file = `${good}${"x".repeat(3 << 20)},2026-01-03,5\n`;
    expect(await complaint(file)).toContain('line 4, column "customer_id": is longer than 1 MiB');
    expect(await complaint("x".repeat(3 << 20))).toContain("line 1");
  });

  it("a quote that is never closed, or out of place", async () => {
    const rows = "bob,2026-01-02,20\n".repeat(100_000);
    expect(await complaint(`${good}"ann,2026-01-03,5\n${rows}`)).toContain(
      'line 4, column "customer_id": is longer than 1 MiB: is a quote opened there',
    );
    expect(await complaint(`${good}"ann,2026-01-03,5\n`)).toContain("never closed");
    expect(await complaint(`${good}an"n,2026-01-03,5\n`)).toContain("line 4");
    expect(await complaint(`${good}"an"n,2026-01-03,5\n`)).toContain("quote out of place");
  });

  it("text in Latin-1, with its line and column, whichever column it is", async () => {
    const file = "customer_id,date,amount,city\na,2026-01-01,5,Zürich\n";
    expect(await complaint(Buffer.from(file, "latin1"))).toContain(
      'line 2, column "city": is not UTF-8',
    );
  });

  it("text that ends within a character", async () => {
    const bytes = Buffer.from(`${good}ann,2026-01-03,5\nzoë`).subarray(0, -1);
    expect(await complaint(bytes)).toContain("line 5");
  });

  it("UTF-16, spreadsheets and other files that are not CSV", async () => {
    expect(await complaint(Buffer.from(`\uFEFF${good}`, "utf16le"))).toContain("UTF-16");
    expect(await complaint(Buffer.from("PK\u0003\u0004rest"))).toContain("Excel workbook");
    expect(await complaint(Buffer.from("PAR1rest"))).toContain("Parquet");
  });

  it("binary data", async () => {
    const rubbish = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256));
    expect(await complaint(rubbish)).toContain("line 1: this is binary");
    const late = Buffer.concat([
      Buffer.from(good),
      Buffer.alloc(9000, "a,2026-01-01,1\n"),
      rubbish,
    ]);
    expect(await complaint(late)).toMatch(/line \d+/);
  });

  it("damaged gzip, and a .gz file that is not gzip", async () => {
    const whole = gzipSync(`${good}${"ann,2026-01-03,5\n".repeat(1000)}`);
    expect(await complaint(whole.subarray(0, whole.length - 20))).toContain("ends early");
    const { code, stderr } = await encore(["score", "package.json.gz"]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'encore: there is no file "package.json.gz" that can be read\n',
    });
  });

  it("no orders before the as-of date", async () => {
    expect(await complaint(good, "--as-of", "2025-01-01")).toContain("before 2025-01-01");
  });

  it("a file without any customer id", async () => {
    expect(await complaint("customer,date,total\n,2026-01-01,5\n")).toContain(
      "no row has a customer",
    );
  });
});

describe("a wrong call ends with exit code 2 and a message", () => {
  it.each([
    [["score"], "one file of orders is needed"],
    [["score", "a", "b"], "one file of orders is needed"],
    [["score", "-", "--horizon", "7.5"], "write whole days from 1 to 3650"],
    [["score", "-", "--as-of", "yesterday"], "write it as 2026-01-31"],
    [["score", "-", "--currency", "euro"], "write a code such as EUR"],
    [["score", "-", "--timezone", "Mars"], "Europe/Paris"],
    [["score", "-", "--out", "scores.xlsx"], ".csv, .json or .parquet"],
    [["score", "-", "--out", "/no/such/folder/s.csv"], "there is no folder"],
    [["score", "-", "--colour"], "--colour"],
    [["backtest", "-", "--horizon", "90"], "--cutoff is missing"],
    [["backtest", "-", "--cutoff", "2026-01-01"], "--horizon is missing"],
    [["simulate", "--customers", "-5"], "--customers"],
    [["simulate", "--likelihood", "1,2"], "r,alpha,a,b"],
    [["simulate", "--end", "2000-01-01"], "--end must be after --start"],
    [["scores"], 'there is no command "scores"'],
  ])("%j", async (args, words) => {
    const { code, stdout, stderr } = await encore(args, good);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(words);
  });
});
