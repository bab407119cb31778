/** A form's fields by their names: texts without control characters, of 1,000 characters at most. */
export type Form = ReadonlyMap<string, string>;

const LONGEST = 1_000;
const FORMS = ["application/x-www-form-urlencoded", "multipart/form-data"];
/** PostgreSQL takes no NUL, and nothing that is typed into one line holds the others. */
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f]/;

/**
 * Reads what a page's form sends. Of a field that is there twice, the first counts.
 *
 * @throws Response 400 with what was found, when it is no form or a field cannot be one of ours
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

/** What came as a part of an address is a name of ours or an id: short, and all of it printed. */
export function isShortText(value: string): boolean {
  return value.length <= LONGEST && !CONTROL.test(value);
}

/** The answer to what nobody can have meant, with the beginning of what was found. */
export function badRequest(found: string | undefined, expected: string): Response {
  return new Response(`found ${quoted(found)}: expected ${expected}`, { status: 400 });
}

/** Short, on one line, and nothing that a page could take for its own. */
function quoted(found: string | undefined): string {
  if (found === undefined) return "nothing";
  const start = found.slice(0, 40);
  const text = JSON.stringify(start).replaceAll(/[<>&\u007f-\uffff]/g, "?");
  return found.length > start.length ? `${text} … (${String(found.length)} characters)` : text;
}
