import { BadInput, quoted } from "../bad-input.ts";
import { amountAdvice, readMarkedAmount, readPlainAmount } from "./amounts.ts";
import {
  type ColumnChoice,
  type Columns,
  currencyInName,
  type Exclusion,
  findColumns,
  findExcluded,
} from "./columns.ts";
import { OneCurrency } from "./currency.ts";
import { dateAdvice, DayReader, type PossibleDays, tellsTime } from "./days.ts";
import { OrderTable, printOf } from "./order-table.ts";
import { firstLine, readRecords } from "./records.ts";
import type { Source } from "./source.ts";
import type { Zone } from "./zone.ts";

export type ReadOptions = {
  columns: ColumnChoice;
  /** Rows the caller excludes, such as renewals of subscriptions. */
  exclude?: readonly Exclusion[];
  currency: string | undefined;
  zone: Zone | null;
  /** Rows on other days are left out. */
  possible: PossibleDays;
};

/** How the rows were treated; each is counted once. */
export type RowCounts = {
  read: number;
  /** Without a customer: orders of guests. */
  withoutCustomer: number;
  /** With an amount of zero. */
  zero: number;
  /** Further lines of the previous order, without an amount. */
  continued: number;
  /** On an impossible day. */
  impossibleDay: number;
  /** With an excluded value. */
  excluded: number;
};

export type OrderFile = {
  table: OrderTable;
  counts: RowCounts;
  /** The names in the header of the columns that were read. */
  columns: { customer: string; date: string; amount: string };
  currency: string | null;
  /** The last day on which there is an order; null without any. */
  lastDay: number | null;
};

/** Reads all orders of a file. Throws BadInput at the first invalid cell. */
export async function readOrders(source: Source, options: ReadOptions): Promise<OrderFile> {
  const reader = new OrderReader(options);
  await readRecords(source, reader);
  return reader.finish();
}

class OrderReader {
  #options: ReadOptions;
  #table = new OrderTable();
  #counts: RowCounts = {
    read: 0,
    withoutCustomer: 0,
    zero: 0,
    continued: 0,
    impossibleDay: 0,
    excluded: 0,
  };
  #excluded: { column: number; value: string }[] = [];
  #days: DayReader;
  #currency: OneCurrency;
  #header: string[] = [];
  #columns: Columns = { customer: 0, date: 0, amount: 0, currency: null, order: null };
  #order = "";

  constructor(options: ReadOptions) {
    this.#options = options;
    this.#days = new DayReader(options.zone);
    this.#currency = new OneCurrency(options.currency);
  }

  header = (cells: string[]): void => {
    this.#header = cells;
    this.#columns = findColumns(cells, this.#options.columns);
    this.#excluded = (this.#options.exclude ?? []).map((exclusion) => ({
      column: findExcluded(cells, exclusion),
      value: exclusion.value,
    }));
  };

  row = (cells: string[], line: number): void => {
    const { customer, date, amount, currency, order } = this.#columns;
    this.#counts.read++;
    const dateText = cells[date].trim();
    const amountText = cells[amount].trim();
    if (order !== null) {
      const before = this.#order;
      this.#order = cells[order];
      if (amountText === "" && before !== "" && before === this.#order) {
        this.#counts.continued++;
        return;
      }
    }
    if (this.#excluded.some(({ column, value }) => cells[column].trim() === value)) {
      this.#counts.excluded++;
      return;
    }
    const day = this.#days.read(dateText);
    if (Number.isNaN(day)) throw this.#wrong(date, { cells, line, advice: dateAdvice(dateText) });
    const { first, last } = this.#options.possible;
    if (day < first || day > last) {
      this.#counts.impossibleDay++;
      return;
    }
    const units = this.#amount(amountText, { cells, line });
    if (currency !== null && cells[currency] !== "" && cells[currency] !== this.#currency.code) {
      this.#currency.meet(cells[currency].trim(), this.#place(currency, cells, line));
    }
    const id = cells[customer].trim();
    if (id === "") this.#counts.withoutCustomer++;
    else if (units === 0) this.#counts.zero++;
    else {
      const tellsApart = order !== null || tellsTime(dateText);
      this.#table.add(id, { day, units, print: tellsApart ? printOf(cells) : 0 });
    }
  };

  finish(): OrderFile {
    if (this.#counts.read === 0) {
      throw new BadInput("the file has no rows: write a header and one row for each order", {
        line: 1,
      });
    }
    const name = (index: number) => this.#header[index];
    const { customer, date, amount } = this.#columns;
    return {
      table: this.#table,
      counts: this.#counts,
      columns: { customer: name(customer), date: name(date), amount: name(amount) },
      currency: this.#currency.code ?? currencyInName(name(amount)),
      lastDay: this.#table.lastDay(),
    };
  }

  #amount(text: string, row: { cells: string[]; line: number }): number {
    const units = readPlainAmount(text);
    if (!Number.isNaN(units)) return units;
    const { amount } = this.#columns;
    const marked = readMarkedAmount(text);
    if (!marked) throw this.#wrong(amount, { ...row, advice: amountAdvice(text) });
    if (marked.mark !== null) {
      this.#currency.meet(marked.mark, this.#place(amount, row.cells, row.line));
    }
    return marked.units;
  }

  #wrong(
    column: number,
    { cells, line, advice }: { cells: string[]; line: number; advice: string },
  ): BadInput {
    const text = cells[column].trim();
    return new BadInput(
      text === "" ? advice : `${quoted(text)} ${advice}`,
      this.#place(column, cells, line),
    );
  }

  #place(column: number, cells: string[], line: number): { line: number; column: string } {
    return { line: firstLine(cells, line), column: this.#header[column] };
  }
}
