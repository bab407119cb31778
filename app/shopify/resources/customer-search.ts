/**
 * Words as Shopify's search takes them: its own signs are escaped, so that they are searched for, and
 * operators in capitals are words like any other.
 */
export function searchTerms(text: string): string {
  return text
    .trim()
    .split(/\s+/)
    .map((word) => word.replaceAll(/[\\:()"'*]/g, "\\$&"))
    .map((word) => (/^(?:AND|OR|NOT)$/.test(word) ? word.toLowerCase() : word.replace(/^-+/, "")))
    .filter((word) => word !== "")
    .join(" ");
}
