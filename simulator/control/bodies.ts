import { z } from "zod";

import { segmentFormNames, segmentFormTreatments } from "#simulator/segments/forms.ts";
import { rotatedTokenAnswers } from "#simulator/state.ts";

/** Bodies the control plane takes. Amounts are in major units, as `12.5` or `"12.50"`. */
const amount = z.coerce.number().nonnegative();
const shop = z.string().min(1);

export const bodies = {
  placeOrder: z.object({
    shop,
    customerId: z.string().nullable().default(null),
    amount,
    test: z.boolean().optional(),
    pending: z.boolean().default(false),
  }),
  refund: z.object({ shop, amount: amount.optional() }),
  edit: z.object({ shop, amount }),
  garble: z.object({ shop, garbled: z.boolean().default(true) }),
  newCustomer: z.object({
    shop,
    firstName: z.string().min(1),
    lastName: z.string().min(1),
    email: z.email().nullable().default(null),
  }),
  copy: z.object({ as: z.string().regex(/^[a-z0-9][a-z0-9-]*$/) }),
  inShop: z.object({ shop }),
  privacy: z.object({ shop, orderIds: z.array(z.string().regex(/^\d+$/)).optional() }),
  merge: z.object({ shop, into: z.string() }),
  clock: z.object({ advanceDays: z.number().default(0), advanceSeconds: z.number().default(0) }),
  shop: z.object({
    shop,
    name: z.string().min(1).optional(),
    currency: z.string().length(3).optional(),
    timeZone: z.string().min(1).optional(),
  }),
  segments: z.object({
    shop,
    forms: z.partialRecord(z.enum(segmentFormNames), z.enum(segmentFormTreatments)).default({}),
    lagMilliseconds: z.int().nonnegative().optional(),
  }),
  rotated: z.object({ answer: z.enum(rotatedTokenAnswers) }),
  scopes: z.object({ scopes: z.array(z.string()) }),
  webhook: z.object({ shop, topic: z.string(), body: z.record(z.string(), z.unknown()) }),
};
