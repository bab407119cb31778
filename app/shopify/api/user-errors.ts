import { z } from "zod";

import { readJson } from "#app/lib/line-splitter.ts";

/** One of Shopify's user errors: why it did not accept what we sent. */
export type UserError = { field: string[] | null; message: string; code: string | null };

/** The outcome of a mutation. */
export type WriteOutcome = { kind: "done" } | { kind: "refused"; errors: UserError[] };

type RawUserError = { field?: string[] | null; message: string; code?: string | null };

export function userErrors(raw: RawUserError[]): UserError[] {
  return raw.map(({ field, message, code }) => ({
    field: field ?? null,
    message,
    code: code ?? null,
  }));
}

/** @param payload of a mutation; without one, the write counts as refused */
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

/** The outcome of one line of a bulk mutation; `line` is the number of the line sent, from 0. */
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
