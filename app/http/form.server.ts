/** Fields by name: texts without control characters, of at most 1,000 characters. */
export type Form = ReadonlyMap<string, string>;

const LONGEST = 1_000;
const FORMS = ["application/x-www-form-urlencoded", "multipart/form-data"];
/** PostgreSQL cannot store NUL, and single-line inputs cannot contain the others. */
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f]/;

/**
 * Reads a posted form. Of repeated fields, the first counts.
 *
 * @throws Response 400 with what was found, when it is no form or a field is invalid
 */
export async function readForm(request: Request): Promise<Form> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (!FORMS.includes(type)) throw badRequest(type, `one of ${FORMS.join(", ")}`);
  const read = await request.formData().catch(() => null);
  if (read === null) throw new Response("found a broken form: expected all of it", { status: 400 });
  const form = new Map<string, string>();
  for (const [name, value] of read) {
    if (typeof value !== "string") throw badRequest(name, "texts, no file");
    if (value.length > LONGEST || CONTROL.test(value)) {
      throw badRequest(value, `${String(LONGEST)} characters of text at most in each field`);
    }
    if (!form.has(name)) form.set(name, value);
  }
  return form;
}

/** Whether a part of an address may be a name or an id: short, without control characters. */
export function isShortText(value: string): boolean {
  return value.length <= LONGEST && !CONTROL.test(value);
}

/** 400, with the start of what was found and what was expected. */
export function badRequest(found: string | undefined, expected: string): Response {
  return new Response(`found ${quoted(found)}: expected ${expected}`, { status: 400 });
}

export function notFound(): Response {
  return new Response(null, { status: 404 });
}

/** Shortened, on one line and without markup characters. */
function quoted(found: string | undefined): string {
  if (found === undefined) return "nothing";
  const start = found.slice(0, 40);
  const text = JSON.stringify(start).replaceAll(/[<>&\u007f-\uffff]/g, "?");
  return found.length > start.length ? `${text} … (${String(found.length)} characters)` : text;
}
