import { useTranslation } from "react-i18next";
import { PlainPage } from "#app/components/shared/PlainPage.tsx";

/**
 * Where the Shopify library sends a page that does not say which shop it is for: an old bookmark, or
 * the app's address typed by hand. A shop's domain is never asked for: Shopify knows it.
 */
export default function OpenFromShopify() {
  const { t } = useTranslation();
  return (
    <PlainPage title="Encore">
      <p>{t("app.openFromShopify")}</p>
      <p>
        {/* The admin does not let itself be framed. */}
        <a href="https://admin.shopify.com/" target="_top">
          {t("app.openAdmin")}
        </a>
      </p>
    </PlainPage>
  );
}
