import { z } from "zod";

/** Bodies the control plane takes. Amounts are in major units, as `12.5` or `"12.50"`. */
const amount = z.coerce.number().nonnegative();
const count = z.object({ count: z.int().nonnegative() });
const shop = z.string().min(1);

export const bodies = {
  placeOrder: z.object({
    shop,
    customerId: z.string().nullable().default(null),
    amount,
    test: z.boolean().default(false),
    pending: z.boolean().default(false),
  }),
  refund: z.object({ shop, amount: amount.optional() }),
  edit: z.object({ shop, amount }),
  inShop: z.object({ shop }),
  merge: z.object({ shop, into: z.string() }),
  clock: z.object({ advanceDays: z.number().default(0), advanceSeconds: z.number().default(0) }),
  shop: z.object({
    shop,
    name: z.string().min(1).optional(),
    currency: z.string().length(3).optional(),
    timeZone: z.string().min(1).optional(),
  }),
  scopes: z.object({ scopes: z.array(z.string()) }),
  webhook: z.object({ shop, topic: z.string(), body: z.record(z.string(), z.unknown()) }),
  faults: z
    .object({
      throttle: count,
      serverError: count.extend({ status: z.int().min(400).max(599).default(502) }),
      hang: count.extend({ milliseconds: z.int().nonnegative().nullable().default(null) }),
      failBulk: count.extend({
        errorCode: z
          .enum(["ACCESS_DENIED", "INTERNAL_SERVER_ERROR", "TIMEOUT"])
          .default("INTERNAL_SERVER_ERROR"),
      }),
      webhooks: z
        .object({
          drop: count,
          duplicate: count,
          delay: count.extend({ milliseconds: z.int().nonnegative() }),
          reorder: count,
        })
        .partial(),
    })
    .partial()
    .strict(),
};
