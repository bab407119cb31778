import { type Check, differs, MARKER, unless } from "../check.ts";
import type { Sending, Sent } from "../send.ts";
import { ask, form, open, type Stage } from "../stage.ts";

const data = (path: string, route: string) => `${path}_data=${encodeURIComponent(route)}`;
const home = data("/app?index&", "routes/app._index");
const settings = data("/app/settings?", "routes/app.settings");
const customer = (id: string) => data(`/app/customers/${id}?`, "routes/app.customers.$id");
const report = (id: string) => data(`/app/privacy/${id}?`, "routes/app.privacy.$id");
const target = (tier: string) =>
  data(`/app/targets/clv/${tier}?`, "routes/app.targets.$axis.$tier");

const NONSENSE = ["%00", "a%00b", "%0d%0a", "%E0%A4%A", "%ff", "'%20or%201=1--", "%3Cscript%3E"];
const IDS = [...NONSENSE, "1".repeat(6_000), "-1", "1e9", "0x1f", "9".repeat(21)];

async function odd(stage: Stage): Promise<string[]> {
  const found = await Promise.all(
    IDS.flatMap((id) => [customer(id), report(id), target(id), `/app/${id}`]).map(async (path) => {
      const sent = await ask(stage.own, path);
      const acted = await ask(stage.own, path, form({ intent: "score-again", name: "x" }));
      const what = path.slice(0, 60);
      const refused = unless([400, 404, 405], `a form to ${what}`, acted);
      return [...unless([400, 404], what, sent), ...refused];
    }),
  );
  return found.flat();
}

async function forms(stage: Stage): Promise<string[]> {
  const json = { method: "POST", body: "{}", headers: { "content-type": "application/json" } };
  const type = "multipart/form-data; boundary=x";
  const broken = { method: "POST", body: "--x\r\nx", headers: { "content-type": type } };
  const field = (value: string) => form({ intent: value, name: value, exclusionTag: value });
  const wrong: Record<string, [Sending, number[]]> = {
    JSON: [json, [400]],
    "a broken multipart": [broken, [400]],
    nothing: [{ method: "POST" }, [400]],
    NUL: [field(`a\0${MARKER}`), [400]],
    "6,000 letters": [field("x".repeat(6_000)), [400]],
    "a megabyte": [field("x".repeat(1_000_000)), [413]],
  };
  const found = await Promise.all(
    [home, settings, customer("1"), report("1"), target("high")].flatMap((path) =>
      Object.entries(wrong).map(async ([what, [sending, statuses]]) =>
        unless(statuses, `${what} to ${path}`, await ask(stage.own, path, sending)),
      ),
    ),
  );
  return found.flat();
}

async function injection(stage: Stage): Promise<string[]> {
  const tables =
    "select count(*)::int as n from information_schema.tables where table_schema = 'public'";
  const before = await stage.rows(tables);
  const found: string[] = [];
  for (const text of ["'; drop table orders; --", "$1", "\\", "%", "' or ''='", "{{7*7}}"]) {
    const sent = await ask(stage.own, settings, form({ exclusionTag: text }));
    found.push(...unless([200], `a tag ${text}`, sent));
    const [row] = await stage.rows("select exclusion_tag as tag from shops where shop = $1", [
      stage.own.domain,
    ]);
    found.push(...differs("the tag that is kept", row?.tag, text));
  }
  await ask(stage.own, settings, form({ exclusionTag: "" }));
  return [...found, ...differs("tables", await stage.rows(tables), before)];
}

const SCRIPT = `"><script>alert(7)</script><img src=x onerror=alert(7)>`;

function shows(what: string, { text, headers }: Sent): string[] {
  const html = headers["content-type"]?.includes("html") === true;
  return html && /<script>alert\(7\)|<img src=x/.test(text) ? [`${what} is shown as markup`] : [];
}

async function scripts(stage: Stage): Promise<string[]> {
  const [escaped, all] = [encodeURIComponent(SCRIPT), form({ intent: SCRIPT, name: SCRIPT })];
  const found: string[] = [];
  for (const name of ["locale", "shop", "host", "from", "index", "shopify-reload", "exitIframe"]) {
    for (const path of [
      "/app",
      "/app/accuracy",
      "/app/calendar",
      "/app/customers/1",
      "/app/help",
      "/app/runs",
      "/auth/session-token",
      "/nothing",
    ]) {
      found.push(...shows(`${name} at ${path}`, await open(stage.own, path, { [name]: SCRIPT })));
    }
  }
  for (const path of ["/app?index", "/app/settings", "/app/customers/1", "/app/targets/clv/high"]) {
    // As a page request, whose response is rendered; the page's own script requests data.
    const sent = await ask(stage.own, path, {
      ...all,
      headers: { ...all.headers, accept: "text/html" },
    });
    found.push(...shows(`a form at ${path}`, sent));
  }
  for (const path of [`/${escaped}`, `/app/${escaped}`, `/app/customers/${escaped}`]) {
    found.push(...shows(path, await open(stage.own, path)));
  }
  const tag = form({ exclusionTag: SCRIPT.replaceAll(",", "") });
  await ask(stage.own, settings, tag);
  found.push(...shows("the exclusion tag", await open(stage.own, "/app/settings")));
  await ask(stage.own, settings, form({ exclusionTag: "" }));
  return found;
}

/** Tiers outside their limits, and lists of names that are none. */
async function choices(stage: Stage): Promise<string[]> {
  const whatIf = data("/app/what-if?", "routes/app.what-if");
  const effect = data("/app/order-effect?", "routes/app.order-effect");
  const tiers = (clvHigh: string) =>
    `${whatIf}&buyHigh=2&buyLow=0.5&clvHigh=${clvHigh}&clvModerate=40`;
  const asked = {
    "no tiers": whatIf,
    "a share of NaN": tiers("NaN"),
    "a share of 10,000": tiers("10000"),
    "a share below nothing": tiers("-1"),
    "NUL in a tag": `${effect}&tags=a%00b&channels=`,
    "a tag of 6,000 letters": `${effect}&tags=${"x".repeat(6_000)}&channels=`,
    "a hundred tags": `${effect}&tags=${Array.from({ length: 100 }, (_, n) => n).join(",")}&channels=`,
  };
  const found = await Promise.all(
    Object.entries(asked).map(async ([what, path]) =>
      unless([400], what, await ask(stage.own, path)),
    ),
  );
  return found.flat();
}

export const pages: Check[] = [
  { holds: "invalid ids are answered 400 or 404, in pages and forms", run: odd },
  { holds: "invalid forms are answered 400 or 413", run: forms },
  { holds: "settings outside their limits are answered 400", run: choices },
  { holds: "SQL in a field is treated as text", run: injection },
  { holds: "markup in a URL or a field is escaped", run: scripts },
];
