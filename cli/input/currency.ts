import { BadInput, quoted } from "../bad-input.ts";

const symbols: Record<string, string> = { "£": "GBP", "€": "EUR" };

/** Whether a sign that several currencies share may mean this one. */
function shares(sign: string, code: string): boolean {
  if (sign === "$") return !["GBP", "EUR", "JPY", "CNY"].includes(code) && /^[A-Z]/.test(code);
  return sign === "¥" && ["JPY", "CNY"].includes(code);
}

/** Ensures that all amounts of a file are in one currency. */
export class OneCurrency {
  /** ISO 4217, as stated or as first seen; null while unknown. */
  code: string | null;
  #stated: boolean;
  /** Of a sign that several currencies share, such as `$`. */
  #sign: string | null = null;

  /** @param code As stated by the caller; undefined to take it from the file. */
  constructor(code: string | undefined) {
    if (code !== undefined && !/^[A-Za-z]{3}$/.test(code)) {
      throw new BadInput(`--currency ${quoted(code)} is not a currency: write a code such as EUR`);
    }
    this.code = code?.toUpperCase() ?? null;
    this.#stated = code !== undefined;
  }

  /** A code or sign found in a row. Throws BadInput when it differs from an earlier one. */
  meet(text: string, place: { line: number; column: string }): void {
    const code = symbols[text] ?? (/^[A-Za-z]{3}$/.test(text) ? text.toUpperCase() : null);
    if (code === null) {
      const before = this.#sign ?? this.code;
      if (before !== null && before !== text && !shares(text, before)) {
        throw this.#mixed(text, before, place);
      }
      this.#sign = text;
    } else {
      if (this.code !== null && this.code !== code) throw this.#mixed(text, this.code, place);
      if (this.#sign !== null && !shares(this.#sign, code)) {
        throw this.#mixed(text, this.#sign, place);
      }
      this.code = code;
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
