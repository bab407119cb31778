import { BadInput, quoted } from "../bad-input.ts";

const symbols: Record<string, string> = { "£": "GBP", "€": "EUR" };

/** Sees to it that all amounts of a file are in one currency. */
export class OneCurrency {
  /** ISO 4217, as stated or as first seen; null while unknown. */
  code: string | null;
  #stated: boolean;
  /** Of a sign that several currencies share, such as `$`. */
  #sign: string | null = null;

  /** @param code As stated by the caller; undefined when the file alone is to tell. */
  constructor(code: string | undefined) {
    if (code !== undefined && !/^[A-Za-z]{3}$/.test(code)) {
      throw new BadInput(`--currency ${quoted(code)} is not a currency: write a code such as EUR`);
    }
    this.code = code?.toUpperCase() ?? null;
    this.#stated = code !== undefined;
  }

  /** A code or sign met in a row. Throws BadInput where it is another than before. */
  meet(text: string, place: { line: number; column: string }): void {
    const known = symbols[text] ?? (/^[A-Za-z]{3}$/.test(text) ? text.toUpperCase() : null);
    if (known === null) {
      if (this.#sign !== null && this.#sign !== text) throw this.#mixed(text, this.#sign, place);
      this.#sign = text;
    } else {
      if (this.code !== null && this.code !== known) throw this.#mixed(text, this.code, place);
      this.code = known;
    }
  }

  #mixed(found: string, before: string, place: { line: number; column: string }): BadInput {
    const why = this.#stated ? "--currency says" : "rows before have";
    return new BadInput(
      `is in ${quoted(found)} where ${why} ${quoted(before)}: convert all amounts to one currency`,
      place,
    );
  }
}
