import { type Html, html } from "./html.ts";

/** Drawn for this frame; decoration only, so hidden from assistive technology. */
function icon(path: Html): Html {
  return html`<svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
    ${path}
  </svg>`;
}

export const icons = {
  home: icon(html`<path d="M3 9.5 10 3.5l7 6M5 8.5v8h3.5v-4.5h3v4.5H15v-8" />`),
  orders: icon(html`<path d="M5 3h10v14l-2.5-1.6L10 17l-2.5-1.6L5 17zM7.8 7h4.4M7.8 10.2h4.4" />`),
  customers: icon(
    html`<circle cx="10" cy="6.8" r="3.2" /><path
        d="M3.8 17c.6-3.6 3-5.2 6.2-5.2s5.6 1.6 6.2 5.2"
      />`,
  ),
  apps: icon(html`<path d="M3.5 3.5h5v5h-5zM11.5 3.5h5v5h-5zM3.5 11.5h5v5h-5zM14 11v6M11 14h6" />`),
  menu: icon(html`<path d="M3.5 5.5h13M3.5 10h13M3.5 14.5h13" />`),
  search: icon(html`<circle cx="9" cy="9" r="5" /><path d="m12.8 12.8 4 4" />`),
  simulation: icon(
    html`<path
      d="M8 3h4M8.8 3v5L4.6 15.4c-.5.9.1 1.6 1 1.6h8.8c.9 0 1.5-.7 1-1.6L11.2 8V3M6.6 12.5h6.8"
    />`,
  ),
  mark: html`<svg class="mark" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
    <rect x="2" y="2" width="20" height="20" rx="6" />
    <path d="M7 15.5 10.5 11l3 2.5L17 8" />
  </svg>`,
};
