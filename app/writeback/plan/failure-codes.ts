import type { UserError } from "#app/shopify/api/user-errors.ts";

/** Why Shopify refused a write to a customer; i18n keys under `errors`. */
export const failureCodes = ["customer-missing", "customer-tag-limit", "write-refused"] as const;
export type FailureCode = (typeof failureCodes)[number];

/** The customer was deleted or merged: no later write can succeed. */
export const FINAL: FailureCode = "customer-missing";

/** Reads the message, since Shopify has error codes for few of these cases. */
export function failureCode(errors: readonly UserError[]): FailureCode {
  if (errors.some(({ message }) => /(customer|owner) does not exist/i.test(message))) return FINAL;
  if (errors.some(({ message }) => /tags cannot be more than/i.test(message))) {
    return "customer-tag-limit";
  }
  return "write-refused";
}
