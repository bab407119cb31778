import { isShopDomain } from "#app/lib/ids.ts";

const WEBHOOK_ID = /^[\x21-\x7e]{1,255}$/;

const INSTANT = /^(\d{4})-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;
const FIRST_YEAR = 2000;
const LAST_YEAR = 2199;

/** Whether a text is an ISO time with its offset, in a year in which there are shops. */
export function isInstant(text: string): boolean {
  const year = Number(INSTANT.exec(text)?.[1]);
  if (!(year >= FIRST_YEAR && year <= LAST_YEAR)) return false;
  return !Number.isNaN(Date.parse(text));
}

type Headers = { domain: string; webhookId: string; triggeredAt: string | null };

/** What of a webhook's headers cannot be kept, in a short sentence; null when all can. */
export function whatIsWrong({ domain, webhookId, triggeredAt }: Headers): string | null {
  if (!isShopDomain(domain)) return "the shop is not of the form name.myshopify.com";
  if (!WEBHOOK_ID.test(webhookId)) return "the webhook's id is not 1 to 255 printable characters";
  if (triggeredAt !== null && !isInstant(triggeredAt))
    return "the time of the event is no ISO time";
  return null;
}
