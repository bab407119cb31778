import { useTranslation } from "react-i18next";

import { PlainPage } from "#app/components/shared/PlainPage.tsx";

/**
 * Shopify's library redirects here when a page request names no shop: an old bookmark, or the app's
 * address typed by hand. The page does not ask for a shop's domain, but links to the admin.
 */
export default function OpenFromShopify() {
  const { t } = useTranslation();
  return (
    <PlainPage title="Encore">
      <p>{t("app.openFromShopify")}</p>
      <p>
        {/* The admin cannot be framed. */}
        <a href="https://admin.shopify.com/" target="_top">
          {t("app.openAdmin")}
        </a>
      </p>
    </PlainPage>
  );
}
