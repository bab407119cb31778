import type { ReactNode } from "react";
import { useMemo } from "react";
import { I18nextProvider, useTranslation } from "react-i18next";

import { createFormatting, type Formatting } from "#app/i18n/formatting.ts";
import { createI18n } from "#app/i18n/instance.ts";

/** Provides the texts of a locale. */
export function Texts({ locale, children }: { locale: string; children: ReactNode }) {
  const i18n = useMemo(() => createI18n(locale), [locale]);
  return <I18nextProvider i18n={i18n}>{children}</I18nextProvider>;
}

/** Formatting in the merchant's locale, with the shop's currency and time zone. */
export function useFormatting({ currency, timeZone }: ShopFormat): Formatting {
  const locale = useTranslation().i18n.language;
  return useMemo(
    () => createFormatting({ locale, currency, timeZone }),
    [locale, currency, timeZone],
  );
}

type ShopFormat = { currency: string; timeZone: string };
