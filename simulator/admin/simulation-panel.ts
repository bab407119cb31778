import { minorDigits } from "#simulator/money.ts";

import { customerName, customerReference } from "./customer-facts.ts";
import { type Html, html } from "./html.ts";
import { icons } from "./icons.ts";
import type { Visit } from "./visit.ts";

/** Default amount of an order placed by hand, in major units. */
const usualAmount = 25;

/** The simulation's controls, on every page. */
export function simulationPanel(visit: Visit, customerId?: string): Html {
  const { t, shop, store, formats } = visit;
  const customer = customerId === undefined ? undefined : shop.customers.get(customerId);
  return html`<section class="simulation" aria-labelledby="simulation-title">
    <h2 id="simulation-title">${icons.simulation}${t("simulation.title")}</h2>
    <p class="hint">${t("simulation.hint", { app: store.app.title })}</p>
    <p class="shop-time">
      <span>${t("simulation.now")}</span>
      <time data-shop-time>${formats.dateTime(store.clock.now())}</time>
    </p>
    <form method="post" action="${visit.paths.placeOrder}" data-simulation>
      ${returnField(visit)}
      <label for="simulation-customer">${t("simulation.customer")}</label>
      <input
        id="simulation-customer"
        name="customer"
        required
        autocomplete="off"
        list="simulation-customers"
        placeholder="${t("simulation.customerHint")}"
        data-names="${visit.paths.customerNames}"
        value="${customer && customerReference(customer)}"
      />
      <datalist id="simulation-customers"></datalist>
      ${amountField(visit)}
      <button class="button primary">${t("simulation.place")}</button>
      <button class="button" formaction="${visit.paths.refundLast}" formnovalidate>
        ${t("simulation.refund")}
      </button>
    </form>
    <form method="post" action="${visit.paths.passTime}" data-simulation>
      ${returnField(visit)}
      <button class="button" name="days" value="7">${t("simulation.week")}</button>
    </form>
  </section>`;
}

/** The order and refund controls on a customer's page, for that customer. */
export function customerControls(
  visit: Visit,
  customer: { id: string; firstName: string; lastName: string },
): Html {
  const { t } = visit;
  return html`<form
    method="post"
    action="${visit.paths.placeOrder}"
    class="inline-controls"
    data-simulation
  >
    ${returnField(visit)}
    <strong>${t("simulation.forCustomer")}</strong>
    <input type="hidden" name="customer" value="${customerReference(customer)}" />
    ${amountField(visit, "customer-amount")}
    <button
      class="button primary"
      aria-label="${`${t("simulation.place")}: ${customerName(customer)}`}"
    >
      ${t("simulation.place")}
    </button>
    <button class="button" formaction="${visit.paths.refundLast}" formnovalidate>
      ${t("simulation.refund")}
    </button>
    <p class="muted">${watch(visit)}</p>
  </form>`;
}

/** What to watch after an order or a refund. */
export function watch({ t, store }: Pick<Visit, "t" | "store">): string {
  return t("simulation.watch", { app: store.app.title });
}

function amountField({ shop, t, formats }: Visit, id = "simulation-amount"): Html {
  const usual = formats.amount(usualAmount * 10 ** minorDigits(shop.currency));
  const label = t("simulation.amount", { currency: shop.currency });
  return html`<label for="${id}">${label}</label>
    <input
      id="${id}"
      name="amount"
      inputmode="decimal"
      required
      autocomplete="off"
      value="${usual}"
    />`;
}

function returnField({ url }: Visit): Html {
  return html`<input type="hidden" name="return" value="${url.pathname + url.search}" />`;
}
