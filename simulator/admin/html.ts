/** Text that is safe to write into a page. Only the `html` tag makes it. */
export class Html {
  readonly #text: string;

  constructor(parts: readonly string[]) {
    this.#text = parts.join("");
  }

  toString(): string {
    return this.#text;
  }
}

export type HtmlValue = Html | string | number | null | undefined | false | readonly HtmlValue[];

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

function write(value: HtmlValue): string {
  if (value === null || value === undefined || value === false) return "";
  if (value instanceof Html) return value.toString();
  if (typeof value === "string" || typeof value === "number") return escapeHtml(String(value));
  return value.map(write).join("");
}

/**
 * A template whose holes are escaped, so that a customer called `<script>` stays a name. Holes belong
 * between tags or inside double-quoted attributes. Lists are joined; null, undefined and false vanish.
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(strings.map((part, index) => part + write(values[index])));
}
