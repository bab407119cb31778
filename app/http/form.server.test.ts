import { describe, expect, it } from "vitest";

import { badRequest, isShortText, readForm } from "./form.server.ts";

function posted(body: BodyInit, type?: string): Request {
  const headers = type === undefined ? undefined : { "content-type": type };
  return new Request("https://encore.example.com/app", {
    method: "POST",
    body,
    ...(headers && { headers }),
  });
}

async function refusal(request: Request): Promise<string> {
  const thrown: unknown = await readForm(request).catch((error: unknown) => error);
  if (!(thrown instanceof Response)) throw new Error("expected a thrown response");
  expect(thrown.status).toBe(400);
  return thrown.text();
}

describe("a form", () => {
  it("is read in both encodings", async () => {
    const fields = new FormData();
    fields.set("intent", "agree");
    fields.append("intent", "later");
    const urlencoded = posted(new URLSearchParams({ intent: "agree", name: "Café" }));
    expect([...(await readForm(urlencoded))]).toEqual([
      ["intent", "agree"],
      ["name", "Café"],
    ]);
    expect([...(await readForm(posted(fields)))]).toEqual([["intent", "agree"]]);
  });

  it("is refused when it is not a form, or a broken one", async () => {
    expect(await refusal(posted('{"intent":"agree"}', "application/json"))).toBe(
      'found "application/json": expected one of application/x-www-form-urlencoded, multipart/form-data',
    );
    const broken = ["--x\r\nContent-Disposition: form-data", "no boundary at all", ""];
    for (const body of broken) {
      expect(await refusal(posted(body, "multipart/form-data; boundary=x"))).toMatch(/broken form/);
    }
    expect(await refusal(posted("x", "multipart/form-data"))).toMatch(/broken form/);
    const empty = new Request("https://encore.example.com/app", { method: "POST" });
    expect(await refusal(empty)).toMatch(/^found ""/);
  });

  it("may contain only short texts: no NUL, no file", async () => {
    const holding = (value: string) => posted(new URLSearchParams({ name: value }));
    expect(await refusal(holding("a\0b"))).toBe(
      'found "a\\u0000b": expected 1000 characters of text at most in each field',
    );
    expect(await refusal(holding("x".repeat(6_000)))).toMatch(/… \(6000 characters\): expected/);
    const file = new FormData();
    file.set("name", new Blob(["x"]));
    expect(await refusal(posted(file))).toMatch(/no file/);
  });
});

it("quotes what was found without markup", async () => {
  const text = await badRequest("<img src=x onerror=alert(1)>\n&\u2028", "a name").text();
  expect(text).toBe('found "?img src=x onerror=alert(1)?\\n??": expected a name');
  expect(await badRequest(undefined, "a name").text()).toBe("found nothing: expected a name");
});

it("accepts short printable ids", () => {
  expect(isShortText("0b2c7a54-7d6e-4a5f-9f0e-1c1e1e1e1e1e")).toBe(true);
  expect(isShortText("a\0")).toBe(false);
  expect(isShortText("1".repeat(6_000))).toBe(false);
});
