import { html as template } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";

/** Text that is safe to write into a page. Only the `html` tag makes it. */
export type Html = HtmlEscapedString;

export type HtmlValue = Html | string | number | null | undefined | false | readonly HtmlValue[];

/**
 * A template whose holes are escaped, so that a customer called `<script>` stays a name. Holes belong
 * between tags or inside double-quoted attributes. Lists are joined; null, undefined and false vanish.
 * Hono's is asynchronous only when a value is a promise, which `HtmlValue` excludes.
 */
export const html = template as (
  strings: TemplateStringsArray,
  ...values: readonly HtmlValue[]
) => Html;
