import { html } from "../html.ts";
import { launchUrl } from "../launch.ts";
import type { View, Visit } from "../visit.ts";

/** The app in its iframe. `path` is what follows `/apps/{handle}`. */
export function appPage(visit: Visit, path: string): View {
  const { t, store, shop, locale, url, realNow, paths } = visit;
  const { app } = store;
  const launch = launchUrl({ app, shop, locale, now: realNow }, { path, query: url.searchParams });
  return {
    title: app.title,
    section: "app",
    body: html`<h1 class="sr-only">${t("app.title", { app: app.title })}</h1>
      <div class="app-bar" id="app-bar" hidden>
        <span class="app-title" id="app-title"></span><span id="app-actions"></span>
      </div>
      <div
        class="loading"
        id="app-loading"
        role="progressbar"
        aria-label="${t("app.loading")}"
        hidden
      ></div>
      <iframe
        id="app-frame"
        name="app"
        title="${t("app.frame", { app: app.title })}"
        allow="clipboard-write"
        data-src="${launch.href}"
        data-app-home="${paths.app}"
        data-admin-home="${paths.home}"
        data-id-token="${paths.idToken}"
        data-no-page="${t("app.noPage", { what: "{what}" })}"
      ></iframe>
      <p class="app-silent" id="app-silent" hidden>
        ${t("app.silent", { app: app.title, url: new URL(app.url).origin })}
      </p>
      <dialog id="leave" aria-labelledby="leave-title">
        <form method="dialog">
          <h2 id="leave-title">${t("savebar.leaveTitle")}</h2>
          <p>${t("savebar.leaveText")}</p>
          <p class="buttons">
            <button class="button" value="stay">${t("savebar.stay")}</button>
            <button class="button critical" value="leave">${t("savebar.leave")}</button>
          </p>
        </form>
      </dialog>`,
  };
}
