import { z } from "zod";

import { readJson } from "#app/lib/line-splitter.ts";

/** Something in what we sent that Shopify did not accept. */
export type UserError = { field: string[] | null; message: string; code: string | null };

/** What came of a write: done, or refused with Shopify's reasons. */
export type WriteOutcome = { kind: "done" } | { kind: "refused"; errors: UserError[] };

type RawUserError = { field?: string[] | null; message: string; code?: string | null };

export function userErrors(raw: RawUserError[]): UserError[] {
  return raw.map(({ field, message, code }) => ({
    field: field ?? null,
    message,
    code: code ?? null,
  }));
}

/** @param payload of a mutation; null when Shopify answered nothing at all for it */
export function outcomeOf(
  payload: { userErrors: RawUserError[] } | null | undefined,
): WriteOutcome {
  if (payload === null || payload === undefined) {
    return { kind: "refused", errors: [{ field: null, message: "No answer", code: null }] };
  }
  if (payload.userErrors.length === 0) return { kind: "done" };
  return { kind: "refused", errors: userErrors(payload.userErrors) };
}

const payload = z.object({
  userErrors: z.array(
    z.object({
      field: z.array(z.string()).nullish(),
      message: z.string(),
      code: z.string().nullish(),
    }),
  ),
});

const resultLine = z.object({
  __lineNumber: z.number().int(),
  data: z.record(z.string(), payload.nullable()).nullish(),
  errors: z.array(z.object({ message: z.string() })).nullish(),
});

/** The outcome of one line of a bulk mutation. `line` counts the lines sent, from 0. */
export type LineOutcome = { line: number; outcome: WriteOutcome };

/** @returns null when it is not a result line */
export function readResultLine(text: string): LineOutcome | null {
  const read = resultLine.safeParse(readJson(text));
  if (!read.success) return null;
  const { __lineNumber: line, data, errors } = read.data;
  if (errors !== undefined && errors !== null && errors.length > 0) {
    return {
      line,
      outcome: { kind: "refused", errors: userErrors(errors) },
    };
  }
  return { line, outcome: outcomeOf(Object.values(data ?? {})[0]) };
}
