/**
 * Shopify keeps the text of a bulk operation, but takes no id of ours for it. The name of the
 * operation in that text is ours to choose, so that it carries the id of what we intended: after a
 * crash between asking and noting the answer, the operation is found again instead of doubled.
 */
export function markIntent(document: string, intentId: string): string {
  return document.replace(/\b(query|mutation)\s+\w+/, `$1 ${intentName(intentId)}`);
}

export function isSameIntent(document: string, intentId: string): boolean {
  return new RegExp(`\\b(query|mutation)\\s+${intentName(intentId)}\\b`).test(document);
}

function intentName(intentId: string): string {
  return `Encore_${intentId.replaceAll(/\W/g, "_")}`;
}
