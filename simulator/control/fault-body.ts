import { z } from "zod";

const fault = z
  .object({ count: z.int().nonnegative(), rate: z.number().min(0).max(1) })
  .partial()
  .strict();
const status = z.int().min(400).max(599).optional();
const milliseconds = z.int().nonnegative().optional();

/** What `POST /__simulator/faults` takes; see faults.ts for what each does. */
export const faultBody = z
  .object({
    seed: z.int().nonnegative(),
    throttle: fault,
    tooManyRequests: fault.extend({ retryAfterSeconds: z.number().nonnegative().optional() }),
    serverError: fault.extend({ status }),
    lostAnswer: fault.extend({ status }),
    hang: fault,
    lateAnswer: fault.extend({ milliseconds }),
    expireToken: fault,
    revokePair: fault,
    killRefreshToken: fault,
    failBulk: fault.extend({
      errorCode: z.enum(["ACCESS_DENIED", "INTERNAL_SERVER_ERROR", "TIMEOUT"]).optional(),
    }),
    cancelBulk: fault,
    expireBulk: fault,
    failUpload: fault,
    cutDownload: fault,
    dropWebhook: fault,
    duplicateWebhook: fault,
    delayWebhook: fault.extend({ milliseconds }),
    reorderWebhook: fault,
  })
  .partial()
  .strict();
