/**
 * Keeps the parts of a page that are marked `data-live` up to date: they are polled every few seconds while
 * the page is visible, and a part is replaced only when it has changed.
 */
export function startLiveParts() {
  const seconds = Number(document.body.dataset["liveSeconds"]);
  if (!(seconds > 0)) return;
  let running = false;
  const refresh = async () => {
    if (running || document.hidden) return;
    running = true;
    try {
      const response = await fetch(location.href, { headers: { accept: "application/json" } });
      if (response.ok) apply(await response.json());
    } catch {
      // The simulator was stopped or is restarting: the next poll will show.
    } finally {
      running = false;
    }
  };
  setInterval(() => void refresh(), seconds * 1000);
  document.addEventListener("visibilitychange", () => void refresh());
  document.addEventListener("simulation:done", () => void refresh());
}

/** @type {Map<string, string>} */
const shown = new Map();

/** @param {{ shopTime: string, parts: Record<string, string> }} update */
function apply({ shopTime, parts }) {
  setShopTime(shopTime);
  for (const [name, text] of Object.entries(parts)) {
    const part = document.querySelector(`[data-live="${name}"]`);
    if (!(part instanceof HTMLElement) || shown.get(name) === text) continue;
    const first = !shown.has(name);
    shown.set(name, text);
    const before = itemsOf(part);
    if (first && part.innerHTML === normal(text)) continue;
    part.innerHTML = text;
    if (part.dataset["log"] === "true") logChanges(before, part);
  }
}

/** @param {string} time as the server wrote it */
export function setShopTime(time) {
  const clock = document.querySelector("[data-shop-time]");
  if (clock && clock.textContent !== time) clock.textContent = time;
}

/** @param {string} text HTML as the parser reads it back */
function normal(text) {
  const probe = document.createElement("template");
  probe.innerHTML = text;
  return probe.innerHTML;
}

/** @typedef {{ item: string, name: string | null, value: string }} Item a tag, or a named value */

/**
 * @param {HTMLElement} part
 * @returns {Item[]}
 */
function itemsOf(part) {
  return [...part.querySelectorAll("[data-item]")].flatMap((element) => {
    const item = element.getAttribute("data-item");
    if (!item) return [];
    const name = element.getAttribute("data-name");
    return [{ item, name, value: element.getAttribute("data-value") ?? item }];
  });
}

/**
 * Marks new items and adds all additions, removals and changes to the page's change log.
 * @param {Item[]} before
 * @param {HTMLElement} part
 */
function logChanges(before, part) {
  const after = itemsOf(part);
  const added = after.filter(({ item }) => !before.some((old) => old.item === item));
  const removed = before.filter(({ item }) => !after.some((now) => now.item === item));
  for (const element of part.querySelectorAll("[data-item]")) {
    const isNew = added.some(({ item }) => item === element.getAttribute("data-item"));
    element.classList.toggle("is-new", isNew);
  }
  const log = document.getElementById("change-log");
  if (!log) return;
  const words = log.dataset;
  for (const now of added) {
    const old = removed.find(({ name }) => name !== null && name === now.name);
    if (old) {
      removed.splice(removed.indexOf(old), 1);
      writeLine(log, words["changed"], { name: now.name ?? "", from: old.value, to: now.value });
    } else {
      writeLine(log, words["added"], { item: now.item });
    }
  }
  for (const old of removed) writeLine(log, words["removed"], { item: old.item });
  const empty = document.getElementById("change-log-empty");
  if (empty && log.childElementCount > 0) empty.hidden = true;
}

/**
 * @param {HTMLElement} log
 * @param {string | undefined} pattern
 * @param {Record<string, string>} values
 */
function writeLine(log, pattern, values) {
  const time = new Date().toLocaleTimeString(document.documentElement.lang);
  const filled = { time, ...values };
  const line = document.createElement("li");
  line.textContent = Object.entries(filled).reduce(
    (text, [name, value]) => text.replace(`{${name}}`, () => value),
    pattern ?? "",
  );
  log.append(line);
}
