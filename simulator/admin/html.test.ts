import { describe, expect, it } from "vitest";

import { html } from "./html.ts";

describe("html", () => {
  it("escapes values in text and attributes", () => {
    const name = `<script>alert("1")</script> & 'co'`;
    expect(html`<b title="${name}">${name}</b>`.toString()).toBe(
      '<b title="&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;co&#39;">' +
        "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;co&#39;</b>",
    );
  });

  it("does not escape a template twice and joins lists", () => {
    const items = ["a<", "b"].map((item) => html`<li>${item}</li>`);
    expect(
      html`<ul>
        ${items}
      </ul>`.toString(),
    ).toContain("<li>a&lt;</li><li>b</li>");
  });

  it("writes nothing for null, undefined and false, but writes zero", () => {
    expect(html`<i>${null}${undefined}${false}${0}</i>`.toString()).toBe("<i>0</i>");
  });
});
