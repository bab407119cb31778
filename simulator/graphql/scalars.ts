import { isGlobalId } from "#simulator/graphql/global-ids.ts";

/** Why a value does not fit; `verbatim` problems are Shopify's own and also have their text as `message`. */
export type Misfit = { explanation: string; verbatim: boolean };

type Fits = (value: unknown) => boolean;

/** A value that is not of these fits no scalar of that name, and Shopify says only that. */
const builtIn: Record<string, Fits> = {
  Int: (value) => Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 31,
  Float: (value) => typeof value === "number",
  Boolean: (value) => typeof value === "boolean",
  String: (value) => typeof value === "string",
};

const date = /^\d{4}-\d{2}-\d{2}$/;
const moment = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/;

const shopifys: Record<string, { fits: Fits; message: (value: string) => string }> = {
  ID: {
    fits: (value) => typeof value === "string" && isGlobalId(value),
    message: (value) => `Invalid global id '${value}'`,
  },
  DateTime: {
    fits: (value) => isText(value, moment) || isText(value, date),
    message: (value) => `invalid DateTime '${value}'`,
  },
  Date: {
    fits: (value) => isText(value, date),
    message: (value) => `invalid Date '${value}'`,
  },
  Decimal: { fits: isDecimal, message: (value) => `invalid decimal '${value}'` },
  Money: { fits: isDecimal, message: (value) => `invalid decimal '${value}'` },
};

function isText(value: unknown, form: RegExp): boolean {
  return typeof value === "string" && form.test(value) && !Number.isNaN(Date.parse(value));
}

function isDecimal(value: unknown): boolean {
  return (
    typeof value === "number" || (typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value.trim()))
  );
}

/** What is wrong with a value that is not null; unknown scalars accept everything. */
export function scalarMisfit(scalar: string, value: unknown): Misfit | undefined {
  const own = shopifys[scalar];
  if (own !== undefined) {
    if (own.fits(value)) return undefined;
    return { explanation: own.message(asWord(value)), verbatim: true };
  }
  if (builtIn[scalar]?.(value) !== false) return undefined;
  return {
    explanation: `Could not coerce value ${JSON.stringify(value)} to ${scalar}`,
    verbatim: false,
  };
}

function asWord(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
