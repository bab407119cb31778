/**
 * Keeps the parts of a page that are marked `data-live` as the shop is now: the page is asked for its
 * parts every few seconds while it is visible, and a part is replaced only when it has changed.
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
      // The simulator was stopped or is starting again: the next round will tell.
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

/** @param {HTMLElement} part */
function itemsOf(part) {
  const items = [...part.querySelectorAll("[data-item]")];
  return items.map((item) => item.getAttribute("data-item") ?? "").filter((item) => item !== "");
}

/**
 * Marks what is new and writes what came and went into the page's list of changes.
 * @param {string[]} before
 * @param {HTMLElement} part
 */
function logChanges(before, part) {
  const after = itemsOf(part);
  for (const element of part.querySelectorAll("[data-item]")) {
    const item = element.getAttribute("data-item");
    if (item && !before.includes(item)) element.classList.add("is-new");
  }
  const log = document.getElementById("change-log");
  if (!log) return;
  const time = new Date().toLocaleTimeString(document.documentElement.lang);
  /** @param {string | undefined} pattern @param {string} item */
  const write = (pattern, item) => {
    const line = document.createElement("li");
    line.textContent = (pattern ?? "{item}")
      .replace("{time}", () => time)
      .replace("{item}", () => item);
    log.append(line);
  };
  for (const item of after) if (!before.includes(item)) write(log.dataset["added"], item);
  for (const item of before) if (!after.includes(item)) write(log.dataset["removed"], item);
  const empty = document.getElementById("change-log-empty");
  if (empty && log.childElementCount > 0) empty.hidden = true;
}
