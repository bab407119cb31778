import { setShopTime } from "./live.js";
import { showToast } from "./toasts.js";

/** Sends the simulation's forms without leaving the page, so that the app is not reloaded. */
export function startSimulation() {
  for (const form of document.querySelectorAll("form[data-simulation]")) {
    form.addEventListener("submit", (event) => {
      if (!(form instanceof HTMLFormElement) || !(event instanceof SubmitEvent)) return;
      event.preventDefault();
      void send(form, event.submitter);
    });
  }
  const customer = document.getElementById("simulation-customer");
  if (customer instanceof HTMLInputElement) offerNames(customer);
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} submitter
 */
async function send(form, submitter) {
  const target = submitter?.getAttribute("formaction") ?? form.action;
  const fields = new FormData(form, submitter);
  const body = new URLSearchParams();
  for (const [name, value] of fields) if (typeof value === "string") body.append(name, value);
  const buttons = [...form.querySelectorAll("button")];
  for (const button of buttons) button.disabled = true;
  try {
    const headers = { accept: "application/json" };
    const response = await fetch(target, { method: "POST", body, headers });
    const { message, link, shopTime } = await response.json();
    const isHere = link?.href === location.pathname;
    showToast({ message, link: isHere ? undefined : link, isError: !response.ok, duration: 8000 });
    if (shopTime) setShopTime(shopTime);
    document.dispatchEvent(new Event("simulation:done"));
  } catch (error) {
    showToast({ message: String(error), isError: true });
  } finally {
    for (const button of buttons) button.disabled = false;
    submitter?.focus();
  }
}

/**
 * Fills the customer field's list with suggestions for what is typed.
 * @param {HTMLInputElement} input
 */
function offerNames(input) {
  const list = input.list;
  const address = input.dataset["names"];
  if (!list || !address) return;
  let asked = 0;
  const offer = async () => {
    const round = ++asked;
    const response = await fetch(`${address}?q=${encodeURIComponent(input.value)}`);
    const { names } = await response.json();
    if (round !== asked || !Array.isArray(names)) return;
    list.replaceChildren(...names.map((name) => new Option(name, name)));
  };
  input.addEventListener("input", () => void offer());
  input.addEventListener("focus", () => void offer(), { once: true });
}
