import type { Condition, Literal } from "./query.ts";

/**
 * Forms of a filter on a metafield for which Shopify's behaviour is not recorded:
 * any at all, with `-14d`, with `today` or `30_days_ago`, with `2026-01-31`.
 */
export const segmentFormNames = [
  "metafields",
  "relativeDates",
  "namedDates",
  "absoluteDates",
] as const;
export type SegmentForm = (typeof segmentFormNames)[number];

/** Evaluated correctly; refused as an error in the query; or accepted, and true for nobody or everybody. */
export const segmentFormTreatments = ["accepted", "refused", "nobody", "everybody"] as const;
export type SegmentFormTreatment = (typeof segmentFormTreatments)[number];

export type SegmentForms = Record<SegmentForm, SegmentFormTreatment>;

export const allAccepted: Readonly<SegmentForms> = {
  metafields: "accepted",
  relativeDates: "accepted",
  namedDates: "accepted",
  absoluteDates: "accepted",
};

/** The form of a date in a filter; undefined for another value. */
export function dateForm(literal: Literal): Exclude<SegmentForm, "metafields"> | undefined {
  if (literal.kind === "date") return "absoluteDates";
  if (literal.kind !== "offset") return undefined;
  return literal.named ? "namedDates" : "relativeDates";
}

/** The result of a filter on a metafield regardless of its condition; undefined: evaluated correctly. */
export function misreading(
  { segmentForms }: { segmentForms: SegmentForms },
  condition: Condition,
): boolean | undefined {
  const forms: SegmentForm[] = ["metafields"];
  for (const literal of literalsOf(condition)) {
    const form = dateForm(literal);
    if (form !== undefined) forms.push(form);
  }
  const treatments = forms.map((form) => segmentForms[form]);
  if (treatments.includes("nobody")) return false;
  return treatments.includes("everybody") ? true : undefined;
}

export function literalsOf(condition: Condition): Literal[] {
  switch (condition.kind) {
    case "null":
      return [];
    case "between":
      return [condition.from, condition.to];
    default:
      return [condition.value];
  }
}
